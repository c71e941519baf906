/** The events that concern rooms: their operators and modes, and lists. */
import { RoomMask } from "../rooms/mask_list";
import { ModeChange } from "../rooms/mode_change";
import { User } from "../users/user";
import { ChatEvent, EventRenderer } from "./events";

/** An operator has sent a user out of a room. */
export class UserKicked extends ChatEvent {
  constructor(
    public user: User,
    public by: User,
    public room: string,
    public why: string,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderUserKicked(this.user, this.by, this.room, this.why);
  }
}

/** A user was invited to a room. */
export class UserInvited extends ChatEvent {
  constructor(
    public user: User,
    public by: User,
    public room: string,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderUserInvited(this.user, this.by, this.room);
  }
}

/** Modes of a room have changed. */
export class ModesChanged extends ChatEvent {
  constructor(
    /** The user that changed them; null for the administrators of the server. */
    public by: User | null,
    public room: string,
    public changes: Array<ModeChange>,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderModesChanged(this.by, this.room, this.changes);
  }
}

/** The modes of a room, with its operators and users with a voice. */
export class ModesListed extends ChatEvent {
  constructor(
    public room: string,
    /** The letters of the set modes after a plus: `+mt`. */
    public modes: string,
    /** The values of the modes that have one, in the order of their letters. */
    public values: Array<string>,
    public operators: Array<string>,
    public voices: Array<string>,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderModesListed(
      this.room,
      this.modes,
      this.values,
      this.operators,
      this.voices,
    );
  }
}

/** The bans, exceptions or invitations of a room. */
export class MasksListed extends ChatEvent {
  constructor(
    public room: string,
    /** The letter of the list: `b`, `e` or `I`. */
    public letter: string,
    public masks: Array<RoomMask>,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderMasksListed(this.room, this.letter, this.masks);
  }
}

/** Several users have entered or left a room. */
export class UsersChanged extends ChatEvent {
  constructor(
    public room: string,
    /** The number of users that have entered. */
    public joined: i32,
    /** The number of users that have left. */
    public left: i32,
    /** The number of users in the room now. */
    public users: i32,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderUsersChanged(this.room, this.joined, this.left, this.users);
  }
}

/** One room in a list of rooms. */
export class RoomListed extends ChatEvent {
  constructor(
    public room: string,
    public users: i32,
    public topic: string,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderRoomListed(this.room, this.users, this.topic);
  }
}

/** The end of the messages from a room's history. */
export class HistoryEnd extends ChatEvent {
  constructor(
    public room: string,
    public lines: i32,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderHistoryEnd(this.room, this.lines);
  }
}
