/**
 * The events that a client can be told of, each with its values. A protocol renders them: an event
 * calls the method of the renderer that is meant for it. Messages are not among them (message.ts),
 * since a message must cost no allocation.
 */

/** Renders events; a protocol is one. Each method returns whole lines with their newlines. */
export abstract class EventRenderer {
  abstract renderNotice(event: Notice): string;
  abstract renderRefusal(event: Refusal): string;
  abstract renderWelcome(event: Welcome): string;
  abstract renderClosed(event: Closed): string;
  abstract renderUserJoined(event: UserJoined): string;
  abstract renderUserLeft(event: UserLeft): string;
  abstract renderUserRenamed(event: UserRenamed): string;
  abstract renderTopicSet(event: TopicSet): string;
  abstract renderRoomTopic(event: RoomTopic): string;
  abstract renderRoomListed(event: RoomListed): string;
  abstract renderMembersListed(event: MembersListed): string;
  abstract renderHistoryEnd(event: HistoryEnd): string;
  abstract renderUserDescribed(event: UserDescribed): string;
  abstract renderUserAway(event: UserAway): string;
  abstract renderPrivateMessage(event: PrivateMessage): string;
  abstract renderPong(event: Pong): string;
  abstract renderServerMessage(event: ServerMessage): string;
}

export abstract class ChatEvent {
  /** @returns this event as the renderer writes it */
  abstract renderBy(renderer: EventRenderer): string;
}

/** The server answers or warns this client. */
export class Notice extends ChatEvent {
  constructor(public text: string) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderNotice(this);
  }
}

/** Something that the client wanted was not done. */
export class Refusal extends ChatEvent {
  constructor(
    /** The reason for programs, `bad-name`. */
    public code: string,
    public text: string,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderRefusal(this);
  }
}

/** The client has come into a room, or has changed its protocol there. */
export class Welcome extends ChatEvent {
  constructor(
    public user: string,
    public room: string,
    public topic: string,
    /** Users in the room. */
    public users: i32,
    /** The id of the newest message, and the epoch of all ids. */
    public lastId: u64,
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

/** A user has come into a room. */
export class UserJoined extends ChatEvent {
  constructor(
    public user: string,
    public room: string,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderUserJoined(this);
  }
}

/** A user has left a room. */
export class UserLeft extends ChatEvent {
  constructor(
    public user: string,
    public room: string,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderUserLeft(this);
  }
}

/** A user of a room has a new name. */
export class UserRenamed extends ChatEvent {
  constructor(
    public before: string,
    public after: string,
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
    public user: string,
    public topic: string,
    public room: string,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderTopicSet(this);
  }
}

/** What the topic of a room is; empty if there is none. */
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

/** One room of a list. */
export class RoomListed extends ChatEvent {
  constructor(
    public room: string,
    public users: i32,
    public topic: string,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderRoomListed(this);
  }
}

/** Which users are in a room. */
export class MembersListed extends ChatEvent {
  constructor(
    public room: string,
    /** Users in the room, of which as many are listed as there are names. */
    public users: i32,
    public names: Array<string>,
    /** Whether the user of the name at the same index is away. */
    public isAway: Array<bool>,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderMembersListed(this);
  }
}

/** The messages before this were a part of a room's history. */
export class HistoryEnd extends ChatEvent {
  constructor(
    public room: string,
    public lines: i32,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderHistoryEnd(this);
  }
}

/** What is known of a user. */
export class UserDescribed extends ChatEvent {
  constructor(
    public user: string,
    public room: string,
    /** How long the user has been here, in seconds. */
    public seconds: u64,
    /** Why the user is away; empty if it is not. */
    public away: string,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderUserDescribed(this);
  }
}

/** A user is away, or back if the text is empty. */
export class UserAway extends ChatEvent {
  constructor(
    public user: string,
    public text: string,
    /** Whether the client itself is meant. */
    public isSelf: bool,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderUserAway(this);
  }
}

/** A message from one user to another alone. */
export class PrivateMessage extends ChatEvent {
  constructor(
    public from: string,
    public to: string,
    public text: string,
    /** Whether the client has sent it, and not got it. */
    public isSent: bool,
  ) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderPrivateMessage(this);
  }
}

/** The answer to a ping, with its text. */
export class Pong extends ChatEvent {
  constructor(public text: string) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderPong(this);
  }
}

/** An operator tells all users something. */
export class ServerMessage extends ChatEvent {
  constructor(public text: string) {
    super();
  }

  renderBy(renderer: EventRenderer): string {
    return renderer.renderServerMessage(this);
  }
}
