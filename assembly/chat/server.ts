/**
 * The chat: newcomers become sessions, a session's line goes to everybody in its room, its sender
 * included, and a stop lets everybody take what they are owed.
 *
 *     fd -> selector -> loop -> connection -> lines -> session -> room -> outbox -> fd
 */
import { Loop, StopLoop } from "../loop/loop";
import { SelectorError, selectorErrorText } from "../selectors/errors";
import { CloseReason, closeReasonText } from "../net/connection/close_reason";
import { ConnectionSet } from "../net/connection/connection_set";
import { AcceptHandler, Listener } from "../net/listener";
import { JsonObject } from "../text/json";
import { sanitize } from "../text/sanitize";
import { close, Fd } from "../wasi/socket";
import { CalendarClock, MILLISECONDS_PER_SECOND, newEpoch } from "./calendar_clock";
import { DeliveryRound, TickEnd } from "./delivery/broadcast_group";
import { ChatStorage } from "./storage/chat_storage";
import { Admission } from "./users/admission";
import { Drain } from "./admin/drain";
import { RecentCloses } from "./admin/recent_closes";
import { History } from "./rooms/history";
import { REFUSALS_AT_A_TIME, THROTTLE_SECONDS, STOP_SECONDS } from "./limits";
import { Log } from "./admin/log";
import { Penalties } from "./users/penalties";
import { UserDirectory } from "./users/user_directory";
import { Room } from "./rooms/room";
import { RoomRegistry } from "./rooms/room_registry";
import { Message, MessageKind } from "./delivery/message";
import { Session } from "./session/session";
import { ChatSettings } from "./settings";
import { ChatStatistics } from "./admin/statistics";
import { PROTOCOL_VERSION, Style } from "./protocol/style";

/** A line made safe, while it is dealt with. */
const safe = memory.data(49152);

export class ChatServer extends AcceptHandler {
  connections: ConnectionSet;
  users: UserDirectory = new UserDirectory();
  bans: Penalties = new Penalties();
  mutes: Penalties = new Penalties();
  admission!: Admission;
  statistics: ChatStatistics;
  recentCloses: RecentCloses = new RecentCloses();
  rooms: RoomRegistry;
  /** Lines from clients that went out, and the deliveries that they made. */
  lines: u64 = 0;
  deliveries: u64 = 0;

  round: DeliveryRound;
  clock: CalendarClock;
  /** What keeps the chat on a disk; null if nobody does. */
  storage: ChatStorage | null = null;
  /** The line that is being said. */
  private message: Message = new Message();
  private listeners: Array<Listener> = [];
  private arrivals: u64 = 0;
  /** Of the newest line. */
  lastId: u64 = 0;
  /** What tells the ids of this server from those of others: an id is given once in an epoch. */
  epoch: u64 = newEpoch();
  isStopping: bool = false;
  private isEnding: bool = false;

  constructor(
    public loop: Loop,
    public settings: ChatSettings,
    public log: Log,
  ) {
    super();
    this.statistics = new ChatStatistics(loop.now);
    this.clock = new CalendarClock(loop);
    const connections = new ConnectionSet(loop, settings.connection);
    const round = new DeliveryRound(connections);
    this.connections = connections;
    this.round = round;
    this.rooms = new RoomRegistry(connections, round, settings);
    this.admission = new Admission(this);
    loop.beforeWait(new TickEnd(round, this.users));
  }

  /**
   * Begins to accept on a listener that the host handed in.
   *
   * @param proxied whether a proxy in front of it says who connects
   * @returns what is wrong, or empty
   */
  listen(fd: Fd, proxied: bool = false): string {
    const listener = new Listener(this.loop, fd, this, proxied);
    const error = listener.open();
    if (error != SelectorError.NONE)
      return `cannot listen on fd ${fd}: ${selectorErrorText(error)}`;
    this.listeners.push(listener);
    return "";
  }

  onAccept(fd: Fd, proxied: bool): void {
    this.statistics.accepted++;
    if (this.connections.size >= this.settings.clients + REFUSALS_AT_A_TIME) {
      this.statistics.limits.add("people");
      close(fd);
      return;
    }
    const id = ++this.arrivals;
    const session = new Session(this, id, fd, `client-${id}`, proxied);
    if (!proxied) this.admit(session);
  }

  /** Lets somebody in, if there is a place: on arrival, or once a proxy has said who it is. */
  admit(session: Session): void {
    if (!this.admission.admits(session)) return;
    this.users.add(session);
    this.log.joined(session, this.users.size);
    this.enter(session, this.rooms.lobby);
  }

  onAcceptFailed(errno: i32, retrySeconds: f64): void {
    this.log.acceptFailed(errno, retrySeconds);
  }

  onClosed(session: Session, reason: CloseReason): void {
    this.statistics.closed.add(closeReasonText(reason));
    const isLeft = reason == CloseReason.LEFT || reason == CloseReason.BROKEN;
    // A probe of a proxy comes every few seconds and says nothing.
    if (session.isKnown || !isLeft) {
      this.recentCloses.add(session.name, session.remote, reason, this.loop.now);
      this.log.gone(session, reason, this.users.size, this.loop.now);
    }
    if (this.isStopping && this.connections.size == 0) this.loop.stop();
  }

  /** Shows somebody into a room, where it hears what was said last. */
  enter(session: Session, room: Room): void {
    if (room.size < this.settings.announce) {
      const object = new JsonObject("join").text("from", session.name);
      room.announce(`${session.name} joined`, object);
    }
    room.join(session);
    if (session.style != Style.TUTORIAL) this.welcome(session, room);
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
    if (this.isStopping || room.size > this.settings.announce) return;
    room.announce(`${session.name} left`, new JsonObject("leave").text("from", session.name));
  }

  /** Says a line to the room that its speaker is in, made safe. */
  say(speaker: Session, kind: MessageKind, at: usize, length: u32): void {
    const room = speaker.room!;
    const message = this.message;
    message.kind = kind;
    message.id = ++this.lastId;
    message.milliseconds = this.clock.milliseconds;
    message.room = room.nameBytes;
    message.from = changetype<usize>(speaker.nameBytes);
    message.fromBytes = <u32>speaker.nameBytes.byteLength;
    message.text = safe;
    message.textBytes = sanitize(safe, at, length);
    const storage = this.storage;
    if (storage !== null) storage.line(message);
    room.say(message, speaker);
    if (room.throttledUntil > this.loop.now) speaker.connection.rest(THROTTLE_SECONDS);
    if (History.bytesInUse > this.settings.historyBytes) this.rooms.relieve();
    this.lines++;
    this.deliveries += room.size;
  }

  /** The same of a text that has been made safe. */
  sayText(speaker: Session, kind: MessageKind, text: string): void {
    const bytes = String.UTF8.encode(text);
    this.say(speaker, kind, changetype<usize>(bytes), <u32>bytes.byteLength);
  }

  /** What an operator has typed, made safe. */
  safeWords(text: string): string {
    const bytes = String.UTF8.encode(text);
    return this.safeText(changetype<usize>(bytes), <u32>bytes.byteLength);
  }

  /** A line as text, made safe. */
  safeText(at: usize, length: u32): string {
    return String.UTF8.decodeUnsafe(safe, sanitize(safe, at, length));
  }

  /** Gives somebody what was said in a room from a place in its history on. @returns the lines */
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

  /** Accepts no more, and sends people away within so many seconds. @returns false if it stops */
  drain(seconds: i32): bool {
    if (this.isStopping) return false;
    const words = `the server is going down: within ${seconds} s you are closed`;
    const users = this.users.all();
    for (let i = 0; i < users.length; i++) users[i].tell(words);
    this.log.note("draining", `draining: ${users.length} people, ${seconds} s`);
    this.shutDoors();
    if (this.connections.size == 0) this.loop.stop();
    else this.loop.callSoon(new Drain(this, seconds));
    return true;
  }

  /** Accepts no more, says goodbye, and ends the loop once everybody is gone, or after a while. */
  stop(): void {
    if (this.isEnding) return;
    this.isEnding = true;
    this.shutDoors();
    for (let i = 0; i < this.connections.size; i++) {
      this.connections.get(i).close(CloseReason.STOPPING);
    }
    if (this.connections.size == 0) this.loop.stop();
    else this.loop.callLater(STOP_SECONDS, new StopLoop(this.loop));
  }

  private shutDoors(): void {
    this.isStopping = true;
    for (let i = 0; i < this.listeners.length; i++) this.listeners[i].close();
  }

  /** Seconds since 1970. */
  get now(): i64 {
    return this.clock.milliseconds / MILLISECONDS_PER_SECOND;
  }

  /** Tells a client who and where it is. Each newcomer is: so in its form alone. */
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
