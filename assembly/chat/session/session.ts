/**
 * A session: a connection, a protocol, a user, and the user's rooms. It parses lines into commands,
 * and writes events and messages. Its handler runs the commands.
 */
import { CloseReason, closeReasonText } from "../../net/connection/close_reason";
import { Connection } from "../../net/connection/connection";
import { Allowance } from "../../net/rate/allowance";
import { ConnectionSet } from "../../net/connection/connection_set";
import { LineHandler } from "../../net/connection/line_handler";
import { remoteAddress } from "../../sockets/addresses";
import { countText } from "../../text/count_text";
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";
import { Fd } from "../../wasi/socket";
import { Log } from "../admin/log";
import { Message } from "../delivery/message";
import { Recipient } from "../delivery/recipient";
import { BACKPRESSURE_SECONDS } from "../limits";
import { Command } from "../protocol/command";
import { ChatEvent, Closed, Notice, Refusal } from "../protocol/events";
import { Protocol } from "../protocol/protocol";
import { Membership, Room } from "../rooms/room";
import { User } from "../users/user";
import { lastWordsText } from "./last_words";

const BACKPRESSURE: u64 = <u64>(BACKPRESSURE_SECONDS * <f64>NANOSECONDS_PER_SECOND);
/** Shared by all sessions that have left no room. */
const NO_MEMBERSHIPS: Array<Membership> = [];
/** The command of the line that is being handled. */
const command = new Command();

/** The handler of a session's events: the server. */
export interface SessionHandler {
  /** Admits the client. Called once its address is known, or will not become known. */
  onArrival(session: Session): void;
  /** Runs a command. The command object is valid until this returns. */
  onCommand(session: Session, command: Command): void;
  /** Reports that the client speaks another protocol, such as `HTTP`. Its session closes next. */
  onForeignProtocol(session: Session, protocol: string): void;
  /** Counts a limit that has delayed the client. @param limit its name among the counters */
  onLimit(limit: string): void;
  /**
   * Handles the beginning of a close: from here on the client gets nothing. Called once or twice.
   */
  onClosing(session: Session): void;
  /** Announces the departure. Called after {@link onClosing}, once or twice. */
  onLeft(session: Session): void;
  /** Handles the end of the connection. Called once, as the last method. */
  onClosed(session: Session, reason: CloseReason): void;
}

export class Session extends LineHandler implements Recipient {
  connection!: Connection;
  user: User;
  /** The client's address from the host or a proxy: `203.0.113.7:51234`; empty if it is unknown. */
  remote: string = "";
  /** True once its arrival was logged; before that, its departure is not logged, either. */
  isLogged: bool = false;
  /** True if it has sent a line. Before that, no room has been told of it. */
  hasSpoken: bool = false;
  /** The rooms of the user; none before it is admitted. */
  memberships: Array<Membership> = [];
  /** The membership for lines that name no room: the newest one; null if there is none. */
  current: Membership | null = null;
  /** The memberships that a removed user had, until their end is announced. */
  departed: Array<Membership> = NO_MEMBERSHIPS;
  /** A text that is appended to the last words. */
  parting: string = "";
  /** The time until which senders of private messages are throttled, on the loop's clock. */
  throttledUntil: u64 = 0;
  /** The number of the newest flood of a room that the client was told of; 0: none. */
  toldFlood: u32 = 0;
  /** The number of the last text that it got by {@link sendOnce}. */
  private numberSent: u64 = 0;
  /** The allowance for the rooms that the client creates. */
  private newRooms: Allowance = new Allowance();
  /** The time of the arrival, in nanoseconds of the loop's clock. */
  since: u64;

  constructor(
    protected handler: SessionHandler,
    protected connections: ConnectionSet,
    /** The id, unique in this run of the server. */
    public id: u64,
    fd: Fd,
    name: string,
    public protocol: Protocol,
    /** True if a proxy sends the client's address first. Until then the session is in no room. */
    public isProxied: bool = false,
  ) {
    super();
    this.since = connections.loop.now;
    this.user = new User(name, id);
    if (!isProxied) this.remote = remoteAddress(fd);
    this.connection = connections.add(fd, this, isProxied);
  }

  onSource(address: string): void {
    this.remote = address;
    this.handler.onArrival(this);
  }

  /**
   * Logs the arrival, once. A client behind a proxy is logged when it says something, since a
   * proxy's health check comes every few seconds and says nothing. The tutorial's style logs all.
   */
  logArrival(log: Log, here: i32): void {
    if (this.isLogged) return;
    this.isLogged = true;
    log.noteJoined(this.user.name, this.remote, here);
  }

  /** Returns the membership in a room, or null. */
  // @ts-ignore: decorator
  @inline
  membershipIn(room: Room): Membership | null {
    const current = this.current;
    return current !== null && current.room === room ? current : this.findMembership(room);
  }

  private findMembership(room: Room): Membership | null {
    const memberships = this.memberships;
    for (let i = 0; i < memberships.length; i++) {
      if (memberships[i].room === room) return memberships[i];
    }
    return null;
  }

  /** Returns the names of the rooms of the user, the one that it entered last first. */
  roomNames(): Array<string> {
    return this.memberships.map<string>((one) => one.room.name).reverse();
  }

  /** Adds the user to a room. From now on it gets the room's messages. @returns the membership */
  enterRoom(room: Room): Membership {
    assert(this.membershipIn(room) === null, "a session enters a room twice");
    const membership = new Membership(room, this.user, this.connection, this);
    room.addMember(membership, this.protocol);
    this.memberships.push(membership);
    this.current = membership;
    this.connection.outbox.setGathering(this.memberships.length > 1);
    return membership;
  }

  /**
   * Counts a room that the client creates.
   *
   * @param most the most rooms of a client in an hour; 0: any number
   * @returns false if it, or its address, has created too many
   */
  countNewRoom(most: f64): bool {
    if (!this.newRooms.useOnce(most, this.connections.loop.now)) return false;
    return this.connection.input.countNewRoom();
  }

  /** Removes the user from a room. It still gets the bytes that were written there before. */
  leaveRoom(membership: Membership): void {
    const index = this.memberships.indexOf(membership);
    assert(index >= 0, "a session leaves a room that it is not in");
    membership.room.removeMember(membership);
    this.memberships.splice(index, 1);
    const last = this.memberships.length - 1;
    this.current = last < 0 ? null : this.memberships[last];
    this.connection.outbox.setGathering(last > 0);
  }

  /** Changes the client's protocol. */
  changeProtocol(protocol: Protocol): void {
    this.protocol = protocol;
    this.rejoinGroups();
  }

  /** Rejoins all rooms, after a change of the protocol or of the ignored users. */
  rejoinGroups(): void {
    for (let i = 0; i < this.memberships.length; i++) {
      const membership = this.memberships[i];
      membership.room.removeMember(membership);
      membership.room.addMember(membership, this.protocol);
    }
  }

  onLine(at: usize, length: u32): void {
    if (length == 0) return;
    command.beginLine();
    if (this.protocol.parse(at, length, command)) this.handler.onCommand(this, command);
  }

  onForeignProtocol(protocol: string): void {
    this.parting = protocol;
    this.handler.onForeignProtocol(this, protocol);
  }

  onTelnet(at: usize, length: u32): void {
    this.queueWritten();
    this.connections.sendBytes(this.connection, at, length);
  }

  onAreYouThere(): void {
    this.tell("yes, the server is here");
  }

  onLongLine(): void {
    this.handler.onLimit("long line");
    const limit = this.connections.limits.lineBytes;
    this.refuse("long-line", `a line may have ${limit} bytes: yours was longer and was not sent`);
  }

  onFlood(shared: bool): void {
    this.handler.onLimit(shared ? "address rate" : "rate");
    const limits = this.connections.limits;
    const rate = <i64>(shared ? limits.addressRate : limits.rate);
    const who = shared ? "all from your address send" : "you are sending";
    const cost = "long lines and answers count as several";
    const lines = countText(rate, "line");
    this.tell(`${who} more than ${lines} a second (${cost}): the rest waits for its turn`);
  }

  onIdle(secondsLeft: f64): void {
    const seconds = <i64>secondsLeft;
    this.tell(`you have said nothing for long: in ${seconds} s you are closed, unless you do`);
  }

  onBackpressure(): void {
    this.handler.onLimit("pressure");
    this.throttledUntil = this.connections.loop.now + BACKPRESSURE;
    for (let i = 0; i < this.memberships.length; i++) {
      this.memberships[i].room.throttledUntil = this.throttledUntil;
    }
  }

  /** Sends a notice to this client. */
  tell(text: string): void {
    this.send(new Notice(text));
  }

  /** Tells the client why its command was refused. */
  refuse(code: string, text: string): void {
    this.send(new Refusal(code, text));
  }

  send(event: ChatEvent): void {
    this.sendText(this.render(event));
  }

  render(event: ChatEvent): string {
    return this.protocol.render(event);
  }

  sendOnce(text: string, number: u64): void {
    if (this.numberSent == number) return;
    this.numberSent = number;
    this.sendText(text);
  }

  /** Queues a text, after everything that the client has been sent. Ignores an empty one. */
  protected sendText(text: string): void {
    if (text == "") return;
    this.queueWritten();
    this.connections.sendText(this.connection, text);
  }

  sendMessage(message: Message, isPast: bool): void {
    this.queueWritten();
    const at = this.connections.reserveBytes(this.protocol.mostBytes(message));
    const bytes = this.protocol.writeMessage(at, message, isPast);
    this.connections.sendReserved(this.connection, bytes);
  }

  /**
   * Queues what the rooms have written in this tick for the client, so that later bytes follow it.
   */
  private queueWritten(): void {
    for (let i = 0; i < this.memberships.length; i++) this.memberships[i].queueWritten();
  }

  /** The reason of its departure, for the other clients. */
  get departureText(): string {
    return closeReasonText(this.connection.reason);
  }

  lastWords(reason: CloseReason): string | null {
    this.handler.onClosing(this);
    const words = lastWordsText(reason);
    if (words == "") return null;
    const text = this.parting == "" ? words : `${words} ${this.parting}`;
    return this.render(new Closed(closeReasonText(reason), text));
  }

  onLeft(): void {
    this.handler.onLeft(this);
  }

  onClosed(reason: CloseReason): void {
    // A broken connection had no last words, so these events are due now.
    this.handler.onClosing(this);
    this.handler.onLeft(this);
    this.handler.onClosed(this, reason);
  }
}
