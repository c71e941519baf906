/**
 * The chat itself: users enter rooms, hear what was said there, speak, and leave. It knows nothing
 * of listeners, nor of when the server stops (server.ts).
 */
import { Loop } from "../loop/loop";
import { ConnectionSet } from "../net/connection/connection_set";
import { JsonObject } from "../text/json";
import { Counters } from "./admin/counters";
import { Log } from "./admin/log";
import { CalendarClock, newEpoch } from "./calendar_clock";
import { DeliveryRound } from "./delivery/delivery_round";
import { Message, MessageKind } from "./delivery/message";
import { THROTTLE_SECONDS } from "./limits";
import { makeSafe, SAFE_BYTES } from "./protocol/safe_text";
import { PROTOCOL_VERSION, Style } from "./protocol/style";
import { History } from "./rooms/history";
import { Room } from "./rooms/room";
import { RoomRegistry } from "./rooms/room_registry";
import { Session } from "./session/session";
import { ChatSettings } from "./settings";
import { ChatStorage } from "./storage/chat_storage";
import { Admission } from "./users/admission";
import { UserDirectory } from "./users/user_directory";

export class Chat {
  clock: CalendarClock;
  counters: Counters;
  connections: ConnectionSet;
  round: DeliveryRound;
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
    this.rooms = new RoomRegistry(connections, round, settings);
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
  add(session: Session): void {
    this.users.add(session);
    this.log.joined(session.name, session.remote, this.users.size);
    this.enter(session, this.rooms.lobby);
  }

  /**
   * Lets a user into a room. The user hears what was said there last. The room is told of the user,
   * now or once it has said something.
   */
  enter(session: Session, room: Room): void {
    if (session.hasSpoken) this.announceJoining(session, room);
    room.join(session);
    if (session.style != Style.TUTORIAL) this.welcome(session, room);
  }

  /** A user says something: if it is the first line, its room is told that the user is there. */
  onSpeaking(session: Session): void {
    const room = session.room;
    if (session.hasSpoken || room === null) return;
    session.hasSpoken = true;
    // It does not hear of itself.
    room.leave(session);
    this.announceJoining(session, room);
    room.join(session);
  }

  private announceJoining(session: Session, room: Room): void {
    session.isAnnounced = true;
    if (room.size >= this.settings.announce) return;
    room.announce(`${session.name} joined`, new JsonObject("join").text("from", session.name));
  }

  /** Takes a session out of its room, if it is in one, and announces that. */
  leave(session: Session): void {
    const room = session.room;
    if (room === null) return;
    this.takeOut(session, room);
    this.announceLeaving(session, room);
  }

  /** A session is listed no more and hears no more. Nothing is said. Called once or twice. */
  depart(session: Session): void {
    if (this.users.has(session)) this.users.remove(session);
    const room = session.room;
    if (room === null) return;
    this.takeOut(session, room);
    session.leaving = room;
  }

  /** Tells the room that a session has left by {@link depart}. */
  announceDeparture(session: Session): void {
    const room = session.leaving;
    session.leaving = null;
    if (room !== null) this.announceLeaving(session, room);
  }

  private takeOut(session: Session, room: Room): void {
    room.leave(session);
    room.emptySince = this.loop.ticks;
  }

  private announceLeaving(session: Session, room: Room): void {
    if (!session.isAnnounced) return;
    session.isAnnounced = false;
    if (this.isStopping || room.size > this.settings.announce) return;
    room.announce(`${session.name} left`, new JsonObject("leave").text("from", session.name));
  }

  /** Says a line to the room that its speaker is in, made safe. */
  say(speaker: Session, kind: MessageKind, at: usize, length: u32): void {
    this.onSpeaking(speaker);
    const room = speaker.room!;
    const message = this.message;
    message.kind = kind;
    message.id = ++this.lastId;
    message.milliseconds = this.clock.milliseconds;
    message.room = room.nameBytes;
    message.from = changetype<usize>(speaker.nameBytes);
    message.fromBytes = <u32>speaker.nameBytes.byteLength;
    message.text = SAFE_BYTES;
    message.textBytes = makeSafe(at, length);
    const storage = this.storage;
    if (storage !== null) storage.line(message);
    room.say(message, speaker);
    if (room.throttledUntil > this.loop.now) speaker.connection.rest(THROTTLE_SECONDS);
    if (History.bytesInUse > this.settings.historyBytes) this.rooms.relieve();
    this.counters.messages++;
    this.counters.deliveries += room.size;
  }

  /** Does the same with a text that has been made safe. */
  sayText(speaker: Session, kind: MessageKind, text: string): void {
    const bytes = String.UTF8.encode(text);
    this.say(speaker, kind, changetype<usize>(bytes), <u32>bytes.byteLength);
  }

  /** Gives a user what was said in a room from a place in its history on. @returns the lines */
  replay(session: Session, room: Room, place: u32): i32 {
    const message = this.message;
    let lines = 0;
    while (room.history.has(place)) {
      place = room.history.read(place, message);
      if (session.ignores(message)) continue;
      message.room = room.nameBytes;
      room.sayTo(session, message, true);
      lines++;
    }
    return lines;
  }

  /** Tells a client which user it is, and in which room. */
  introduce(session: Session, room: Room): void {
    if (session.style != Style.JSON) {
      const who = `you are ${session.name} in ${room.name} (${room.size} here)`;
      session.send(`* ${who}; /help says what you can type\n`);
      return;
    }
    const object = new JsonObject("welcome")
      .number("version", PROTOCOL_VERSION)
      .text("you", session.name)
      .text("room", room.name)
      .text("topic", room.topic)
      .number("people", room.size)
      .number("last", this.lastId)
      .number("epoch", this.epoch);
    session.send(object.line());
  }

  private welcome(session: Session, room: Room): void {
    this.introduce(session, room);
    if (session.style == Style.JSON) return;
    if (room.topic != "") session.tell(`topic: ${room.topic}`);
    this.replay(session, room, room.history.newest(this.settings.replay));
  }
}
