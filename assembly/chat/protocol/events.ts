/**
 * The events that a client can be sent, each with its values. A protocol renders them: each event
 * calls its method of the renderer (a visitor). Messages are in delivery/message.ts, since they
 * must not allocate.
 */
import { MessageKind } from "../delivery/message";
import { User } from "../users/user";
import { RoomEventRenderer } from "./room_event_renderer";

/**
 * Renders events as lines of one protocol: class Protocol extends it. Each method returns whole
 * lines with their newlines.
 */
export abstract class EventRenderer extends RoomEventRenderer {
  abstract renderNotice(event: Notice): string;
  abstract renderRefusal(event: Refusal): string;
  abstract renderWelcome(event: Welcome): string;
  abstract renderClosed(event: Closed): string;
  abstract renderUserJoined(event: UserJoined): string;
  abstract renderUserLeft(event: UserLeft): string;
  abstract renderUserQuit(event: UserQuit): string;
  abstract renderUserRenamed(event: UserRenamed): string;
  abstract renderTopicSet(event: TopicSet): string;
  abstract renderRoomTopic(event: RoomTopic): string;
  abstract renderMembersListed(event: MembersListed): string;
  abstract renderUserDescribed(event: UserDescribed): string;
  abstract renderUserAway(event: UserAway): string;
  abstract renderPrivateMessage(event: PrivateMessage): string;
  abstract renderPong(event: Pong): string;
  abstract renderServerMessage(event: ServerMessage): string;
}

export abstract class ChatEvent {
  /** The id by which IRC clients know the event again in a history; empty if it is in none. */
  historyId: string = "";

  /** Returns this event as the renderer writes it. */
  abstract renderBy(renderer: EventRenderer): string;
}

/** The base class of the events that have only a text. */
abstract class TextEvent extends ChatEvent {
  constructor(public text: string) {
    super();
  }
}

/** An answer or a warning to this client. */
export class Notice extends TextEvent {
  renderBy(renderer: EventRenderer): string {
    return renderer.renderNotice(this);
  }
}

/** The refusal of a client's command. */
export class Refusal extends ChatEvent {
  constructor(
    /** The reason for programs, such as `bad-name`. */
    public code: string,
    public text: string,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderRefusal(this);
  }
}

/** The client has entered a room, or has changed its protocol. */
export class Welcome extends ChatEvent {
  constructor(
    public user: string,
    public room: string,
    public topic: string,
    /** The number of users in the room. */
    public users: i32,
    /** The id of the newest message; 0: none. */
    public lastId: u64,
    /** The epoch of the ids: a server without its old journal begins another one. */
    public epoch: u64,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderWelcome(this);
  }
}

/** The server closes the connection. */
export class Closed extends ChatEvent {
  constructor(
    public reason: string,
    public text: string,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderClosed(this);
  }
}

/** A user has entered a room. */
export class UserJoined extends ChatEvent {
  constructor(
    public user: User,
    public room: string,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderUserJoined(this);
  }
}

/** A user has left a room. Clients with one room also get it if the user has left the server. */
export class UserLeft extends ChatEvent {
  constructor(
    public user: User,
    public room: string,
    /** The user's words; empty if there are none. */
    public why: string = "",
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderUserLeft(this);
  }
}

/** A user has left the server, for clients that may be in several rooms. */
export class UserQuit extends ChatEvent {
  constructor(
    public user: User,
    public why: string,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderUserQuit(this);
  }
}

/** A user has a new name. */
export class UserRenamed extends ChatEvent {
  constructor(
    public user: User,
    public before: string,
    /** The room of the client that is told; empty if the client may be in several. */
    public room: string,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderUserRenamed(this);
  }
}

/** A user has set the topic of a room. */
export class TopicSet extends ChatEvent {
  constructor(
    public user: User,
    public topic: string,
    public room: string,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderTopicSet(this);
  }
}

/** The topic of a room; empty if it has none. */
export class RoomTopic extends ChatEvent {
  constructor(
    public room: string,
    public topic: string,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderRoomTopic(this);
  }
}

/** Users in a room. */
export class MembersListed extends ChatEvent {
  constructor(
    public room: string,
    /** The number of users in the room. `names` may list fewer. */
    public users: i32,
    public names: Array<string>,
    /** For each name, true if the user is away. */
    public isAway: Array<bool>,
    /** The operators of the room among `names`. */
    public operators: Array<string> = [],
    /** The users with a voice among `names`. */
    public voices: Array<string> = [],
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderMembersListed(this);
  }
}

/** The answer to `/whois`. The first room is the current one. */
export class UserDescribed extends ChatEvent {
  constructor(
    public user: string,
    public rooms: Array<string>,
    /** The seconds since the user connected. */
    public seconds: u64,
    /** The away text; empty if the user is not away. */
    public away: string,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderUserDescribed(this);
  }
}

/** A user is away, or is back if the text is empty. */
export class UserAway extends ChatEvent {
  constructor(
    public user: string,
    public text: string,
    /** True if the user is the client itself. */
    public isSelf: bool,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderUserAway(this);
  }
}

/** A private message. Its tags are for IRC. */
export class PrivateMessage extends ChatEvent {
  constructor(
    public from: User,
    public to: User,
    public text: string,
    /** True if the client has sent it, false if it gets it. */
    public isSent: bool,
    public kind: MessageKind = MessageKind.MESSAGE,
    public tags: string = "",
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderPrivateMessage(this);
  }
}

/** The answer to `/ping`, with its text. */
export class Pong extends TextEvent {
  renderBy(renderer: EventRenderer): string {
    return renderer.renderPong(this);
  }
}

/** A message of the operator to all users. */
export class ServerMessage extends TextEvent {
  renderBy(renderer: EventRenderer): string {
    return renderer.renderServerMessage(this);
  }
}
