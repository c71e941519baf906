/**
 * The chat itself: users enter rooms, hear what was said there, speak, and leave. It knows nothing
 * of listeners, nor of when the server stops (server.ts).
 */
import { Loop } from "../loop/loop";
import { ConnectionSet } from "../net/connection/connection_set";
import { Counters } from "./admin/counters";
import { Log } from "./admin/log";
import { CalendarClock, newEpoch } from "./calendar_clock";
import { DeliveryRound } from "./delivery/delivery_round";
import { Message, MessageKind } from "./delivery/message";
import { THROTTLE_SECONDS } from "./limits";
import { RoomTopic, UserJoined, UserLeft, Welcome } from "./protocol/events";
import { Protocols } from "./protocol/protocols";
import { makeSafe, SAFE_BYTES } from "./protocol/safe_text";
import { History } from "./rooms/history";
import { Membership, Room } from "./rooms/room";
import { RoomRegistry } from "./rooms/room_registry";
import { Session } from "./session/session";
import { ChatSettings } from "./settings";
import { ChatStorage } from "./storage/chat_storage";
import { Admission } from "./users/admission";
import { User } from "./users/user";
import { UserDirectory } from "./users/user_directory";

export class Chat {
  clock: CalendarClock;
  counters: Counters;
  connections: ConnectionSet;
  round: DeliveryRound;
  protocols: Protocols;
  rooms: RoomRegistry;
  users: UserDirectory;
  admission: Admission;
  /** What keeps the chat on a disk; null if nothing does. */
  storage: ChatStorage | null = null;
  /** The id of the newest message. */
  lastId: u64 = 0;
  /** What tells ids from those of other servers and starts: an id is given once in an epoch. */
  epoch: u64 = newEpoch();
  /** Whether the server stops: then nobody is told who leaves. */
  isStopping: bool = false;
  /** The message that is being said, or read from a history. */
  private message: Message = new Message();

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
    this.counters = counters;
    this.users = users;
    this.connections = connections;
    this.round = round;
    this.protocols = new Protocols(settings.timeZone);
    this.rooms = new RoomRegistry(round, settings);
    this.admission = new Admission(users, settings, counters, clock);
  }

  /** Seconds since 1970. */
  get now(): i64 {
    return this.clock.now;
  }

  /** Goes on with what a storage has read, and keeps there what is said from now on. */
  keepIn(storage: ChatStorage): void {
    this.storage = storage;
    this.lastId = storage.lastId;
    this.epoch = storage.epoch;
  }

  /** Lists a user that has been admitted, and lets it into the lobby. */
  addUser(session: Session): void {
    this.users.add(session);
    this.log.joined(session.user.name, session.remote, this.users.size);
    this.enterRoom(session, this.rooms.lobby);
  }

  /**
   * Lets a user into a room. The user hears what was said there last. The room is told of the user,
   * now or once it has said something.
   */
  enterRoom(session: Session, room: Room): void {
    if (session.hasSpoken) this.announceJoining(session.user, room);
    session.enterRoom(room).isAnnounced = session.hasSpoken;
    if (session.protocol.tellsRoomEvents) this.greet(session, room);
  }

  /** A user says something: if it is the first line, its rooms are told that the user is there. */
  onSpeaking(session: Session): void {
    const memberships = session.memberships;
    if (session.hasSpoken || memberships.length == 0) return;
    session.hasSpoken = true;
    for (let i = 0; i < memberships.length; i++) {
      const room = memberships[i].room;
      // It does not hear of itself.
      room.removeMember(memberships[i]);
      this.announceJoining(session.user, room);
      room.addMember(memberships[i], session.protocol);
      memberships[i].isAnnounced = true;
    }
  }

  private announceJoining(user: User, room: Room): void {
    if (room.size < this.settings.announce) room.announce(new UserJoined(user.name, room.name));
  }

  /** Takes a user out of a room, and announces that. */
  leaveRoom(session: Session, membership: Membership): void {
    this.takeOut(session, membership);
    this.announceLeaving(membership);
  }

  /** A user is listed no more and hears no more. Nothing is said. Called once or twice. */
  removeUser(session: Session): void {
    if (this.users.has(session)) this.users.remove(session);
    const memberships = session.memberships;
    if (memberships.length == 0) return;
    session.departed = memberships.slice(0);
    while (memberships.length > 0) this.takeOut(session, memberships[0]);
  }

  /** Tells the rooms of a user that it has left by {@link removeUser}. */
  announceRemoval(session: Session): void {
    const departed = session.departed;
    session.departed = [];
    for (let i = 0; i < departed.length; i++) this.announceLeaving(departed[i]);
  }

  private takeOut(session: Session, membership: Membership): void {
    session.leaveRoom(membership);
    membership.room.emptySince = this.loop.ticks;
  }

  private announceLeaving(membership: Membership): void {
    const room = membership.room;
    if (!membership.isAnnounced || this.isStopping || room.size > this.settings.announce) return;
    room.announce(new UserLeft(membership.user.name, room.name));
  }

  /** Says a line, made safe, to a room that its speaker is in. */
  say(speaker: Session, room: Room, kind: MessageKind, at: usize, length: u32): void {
    this.onSpeaking(speaker);
    const message = this.message;
    const name = speaker.user.nameBytes;
    message.kind = kind;
    message.id = ++this.lastId;
    message.milliseconds = this.clock.milliseconds;
    message.room = room.nameBytes;
    message.from = changetype<usize>(name);
    message.fromBytes = <u32>name.byteLength;
    message.text = SAFE_BYTES;
    message.textBytes = makeSafe(at, length);
    const storage = this.storage;
    if (storage !== null) storage.line(message);
    room.deliverMessage(message, speaker.user);
    if (room.throttledUntil > this.loop.now) speaker.connection.rest(THROTTLE_SECONDS);
    if (History.bytesInUse > this.settings.historyBytes) this.rooms.relieve();
    this.counters.messages++;
    this.counters.deliveries += room.size;
  }

  /** Does the same with a text. */
  sayText(speaker: Session, room: Room, kind: MessageKind, text: string): void {
    const bytes = String.UTF8.encode(text);
    this.say(speaker, room, kind, changetype<usize>(bytes), <u32>bytes.byteLength);
  }

  /**
   * Sends a user what was said in a room, from a place in its history on, but for messages of users
   * that it ignores.
   *
   * @returns the messages sent
   */
  replayHistory(session: Session, room: Room, place: u32): i32 {
    const message = this.message;
    let sent = 0;
    while (room.history.has(place)) {
      place = room.history.read(place, message);
      if (session.user.ignores(message)) continue;
      message.room = room.nameBytes;
      session.sendMessage(message, true);
      sent++;
    }
    return sent;
  }

  /** Tells a client which user it is, and in which room. */
  sendWelcome(session: Session, room: Room): void {
    const name = session.user.name;
    const event = new Welcome(name, room.name, room.topic, room.size, this.lastId, this.epoch);
    session.send(event);
  }

  private greet(session: Session, room: Room): void {
    this.sendWelcome(session, room);
    if (!session.protocol.isForPeople) return;
    if (room.topic != "") session.send(new RoomTopic(room.name, room.topic));
    this.replayHistory(session, room, room.history.newest(this.settings.replay));
  }
}
