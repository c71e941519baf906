/**
 * The chat: users enter rooms, send and receive messages, and leave. Listeners and the stop of the
 * server are in server.ts.
 */
import { Loop } from "../loop/loop";
import { ConnectionSet } from "../net/connection/connection_set";
import { Counters } from "./admin/counters";
import { Log } from "./admin/log";
import { CalendarClock, newEpoch } from "./calendar_clock";
import { DeliveryRound } from "./delivery/delivery_round";
import { Message, MessageKind, NO_BYTES, PAST_ADDRESS } from "./delivery/message";
import { THROTTLE_SECONDS } from "./limits";
import { Capability } from "./protocol/irc/capabilities";
import { IrcEvent } from "./protocol/irc_event";
import { RoomTopic, UserLeft, Welcome } from "./protocol/events";
import { Protocol } from "./protocol/protocol";
import { Protocols } from "./protocol/protocols";
import { makeSafe, SAFE_BYTES } from "./protocol/safe_text";
import { History } from "./rooms/history";
import { Presence } from "./rooms/presence";
import { Audience, Membership, Room } from "./rooms/room";
import { RoomRegistry } from "./rooms/room_registry";
import { RoomLimiter } from "./session/room_limiter";
import { Session } from "./session/session";
import { ChatSettings } from "./settings";
import { ChatStorage } from "./storage/chat_storage";
import { Admission } from "./users/admission";
import { GuestNames } from "./users/guest_names";
import { UserDirectory } from "./users/user_directory";

export class Chat {
  clock: CalendarClock;
  counters: Counters;
  connections: ConnectionSet;
  round: DeliveryRound;
  protocols: Protocols;
  rooms: RoomRegistry;
  presence: Presence;
  users: UserDirectory;
  guestNames: GuestNames = new GuestNames();
  admission: Admission;
  roomLimiter: RoomLimiter;
  /** The storage on a disk; null if there is none. */
  storage: ChatStorage | null = null;
  /** The id of the newest message. */
  lastId: u64 = 0;
  /** The epoch of the ids: it distinguishes them from ids of other servers and other starts. */
  epoch: u64 = newEpoch();
  /** True while the server stops. While that is so, departures are not announced. */
  isStopping: bool = false;
  /** The buffer for the message that is being sent, or read from a history. */
  message: Message = new Message();
  /** The time of the start, in seconds since 1970. */
  startedAt: i64 = 0;

  constructor(
    public loop: Loop,
    public settings: ChatSettings,
    public log: Log,
  ) {
    const connections = new ConnectionSet(loop, settings.connection);
    const round = new DeliveryRound(connections);
    const users = new UserDirectory();
    const clock = new CalendarClock(loop);
    const counters = new Counters(loop.now);
    this.clock = clock;
    this.startedAt = clock.now;
    this.counters = counters;
    this.users = users;
    this.connections = connections;
    this.round = round;
    this.protocols = new Protocols(settings.timeZone);
    this.rooms = new RoomRegistry(round, settings);
    this.presence = new Presence(loop, settings, counters.limits);
    this.roomLimiter = new RoomLimiter(loop, settings, counters.limits);
    this.admission = new Admission(users, settings, counters, clock);
  }

  /** Returns the seconds since 1970. */
  get now(): i64 {
    return this.clock.now;
  }

  /** Continues with the ids of a storage, and records all messages there from now on. */
  attachStorage(storage: ChatStorage): void {
    this.storage = storage;
    this.lastId = storage.lastId;
    this.epoch = storage.epoch;
  }

  /** Adds an admitted user to the directory and to the lobby. */
  addUser(session: Session): void {
    this.users.add(session);
    if (this.settings.logsArrival(session.isProxied)) session.logArrival(this.log, this.users.size);
    this.enterRoom(session, this.rooms.lobby);
  }

  /**
   * Adds a user to a room, and sends it the newest messages. If the user has said something before,
   * the room is told now. Otherwise it is told at the user's first line.
   */
  enterRoom(session: Session, room: Room): Membership {
    const isListed = session.hasSpoken && this.presence.tellJoining(session.user, room);
    const membership = session.enterRoom(room);
    membership.isAnnounced = session.hasSpoken;
    membership.isListed = isListed;
    if (session.hasSpoken && !isListed) this.presence.deferJoining(membership);
    room.withdrawInvitation(session.id);
    if (room.size == 1) {
      room.createdAt = this.now;
      // The lobby belongs to the administrators of the server.
      membership.isOperator = room !== this.rooms.lobby;
    }
    if (session.protocol.tellsRoomEvents) this.sendRoomState(session, room);
    return membership;
  }

  /** Announces a user in its rooms at its first line. Does nothing for later lines. */
  // @ts-ignore: decorator
  @inline
  announceAtFirstLine(session: Session): void {
    if (!session.hasSpoken) this.announceInRooms(session);
  }

  private announceInRooms(session: Session): void {
    const memberships = session.memberships;
    session.hasSpoken = true;
    for (let i = 0; i < memberships.length; i++) {
      const one = memberships[i];
      if (this.presence.tellJoining(session.user, one.room, one)) one.isListed = true;
      else this.presence.deferJoining(one);
      one.isAnnounced = true;
    }
  }

  /** Removes a user from a room, and announces that there. @param why the user's words, or empty */
  leaveRoom(session: Session, membership: Membership, why: string = ""): void {
    this.takeOut(session, membership);
    if (!this.isStopping) this.presence.tellLeft(membership, why);
  }

  /**
   * Changes the protocol of a client. If it may have only one room from now on, the client keeps
   * the current one, or enters the lobby.
   */
  changeProtocol(session: Session, protocol: Protocol): void {
    if (!protocol.hasSeveralRooms) {
      while (session.memberships.length > 1) this.partRoom(session, session.memberships[0]);
    }
    session.changeProtocol(protocol);
    if (!protocol.hasSeveralRooms && session.current === null) {
      this.enterRoom(session, this.rooms.lobby);
    }
  }

  /** Removes a user from a room, and tells it so. */
  partRoom(session: Session, membership: Membership): void {
    const room = membership.room;
    this.leaveRoom(session, membership);
    session.send(new UserLeft(session.user, room.name));
  }

  /**
   * Removes a user from the directory and its rooms, without an announcement. A second call does
   * nothing.
   */
  removeUser(session: Session): void {
    if (this.users.has(session)) this.users.remove(session);
    const memberships = session.memberships;
    if (memberships.length == 0) return;
    session.departed = memberships.slice(0);
    while (memberships.length > 0) this.takeOut(session, memberships[0]);
  }

  /** Announces in the rooms of a user that it has left by {@link removeUser}. */
  announceRemoval(session: Session): void {
    const departed = session.departed;
    session.departed = [];
    if (!this.isStopping) this.presence.tellQuit(departed, session.departureText);
  }

  /** Removes a user from a room without an announcement. */
  takeOut(session: Session, membership: Membership): void {
    const room = membership.room;
    session.leaveRoom(membership);
    room.emptySince = this.loop.ticks;
    if (room.size > 0 || room === this.rooms.lobby) return;
    // A private room is removed with its history: without its modes, all users could read that.
    if (room.modes.isPrivate) this.rooms.removeAndReport(room);
    else room.reset();
  }

  /**
   * Reads the past message at an offset of a history into `message`.
   *
   * @param batch the name of its batch for IRC; it must stay until the message is written
   * @returns the next offset
   */
  readPast(room: Room, place: u32, batch: ArrayBuffer = NO_BYTES): u32 {
    const message = this.message;
    const next = room.history.readRecord(place, message);
    message.setRoom(room.nameBytes);
    const author = this.users.findById(message.author);
    message.setIrcFields(author === null ? PAST_ADDRESS : author.user.address, NO_BYTES, batch);
    return next;
  }

  /** Sets a user's away text, or ends that with an empty one, and tells clients that list it. */
  setAway(session: Session, text: string): void {
    const user = session.user;
    if (user.away == text) return;
    user.away = text;
    const deed = text == "" ? "AWAY" : `AWAY :${text}`;
    const event = new IrcEvent(user, deed, Capability.AWAY_NOTIFY);
    this.presence.tellOnce(event, session.memberships, null);
    const observer = this.users.observer;
    if (observer !== null) observer.onUserChanged(session, event);
    this.roomLimiter.countInAllRooms(session);
  }

  /**
   * Sanitizes a line and sends it to a room. The speaker gets it if it is a member.
   *
   * @param echoes false if the speaker must not get it
   * @param tags the tags of the speaker's client, for IRC
   */
  say(
    speaker: Session,
    room: Room,
    kind: MessageKind,
    at: usize,
    length: u32,
    echoes: bool = true,
    tags: ArrayBuffer = NO_BYTES,
  ): void {
    this.announceAtFirstLine(speaker);
    const membership = speaker.membershipIn(room);
    if (membership !== null) this.presence.ensureListed(membership);
    const message = this.message;
    message.kind = kind;
    message.id = ++this.lastId;
    message.milliseconds = this.clock.milliseconds;
    message.setRoom(room.nameBytes);
    message.setSpeaker(speaker.user.nameBytes);
    message.author = speaker.id;
    message.text = SAFE_BYTES;
    message.textBytes = makeSafe(at, length);
    message.setIrcFields(speaker.user.address, tags, NO_BYTES);
    const storage = this.storage;
    if (storage !== null) storage.recordMessage(message);
    room.deliverMessage(message, speaker.user, echoes ? null : membership);
    this.roomLimiter.countEvent(speaker, room);
    if (room.throttledUntil > this.loop.now) speaker.connection.throttle(THROTTLE_SECONDS);
    if (History.bytesInUse > this.settings.historyBytes) this.rooms.relieveMemory();
    this.counters.addMessage(room.size);
  }

  /** Calls {@link say} with a string. */
  sayText(speaker: Session, room: Room, kind: MessageKind, text: string): void {
    const bytes = String.UTF8.encode(text);
    this.say(speaker, room, kind, changetype<usize>(bytes), <u32>bytes.byteLength);
  }

  /**
   * Sends a user the messages of a room's history from an offset on, except those of users that it
   * ignores.
   *
   * @returns the number of messages sent
   */
  replayHistory(session: Session, room: Room, place: u32): i32 {
    const message = this.message;
    let sent = 0;
    while (room.history.hasRecordAt(place)) {
      place = this.readPast(room, place);
      if (session.user.ignores(message)) continue;
      session.sendMessage(message, true);
      sent++;
    }
    return sent;
  }

  /** Sends a client its user name and its room. */
  sendWelcome(session: Session, room: Room): void {
    const name = session.user.name;
    const event = new Welcome(name, room.name, room.topic, room.size, this.lastId, this.epoch);
    session.send(event);
  }

  private sendRoomState(session: Session, room: Room): void {
    this.sendWelcome(session, room);
    if (!session.protocol.isForPeople) return;
    if (room.topic != "") session.send(new RoomTopic(room.name, room.topic));
    this.replayHistory(session, room, room.history.offsetOfNewest(this.settings.replay));
  }
}
