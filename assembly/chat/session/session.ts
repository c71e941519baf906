/**
 * A client as the chat knows it: a connection, a protocol, a user, and the rooms that the user is
 * in. It parses lines into commands, and writes events. It knows nothing of sockets, nor of what a
 * command does: that is its handler's.
 */
import { CloseReason, closeReasonText } from "../../net/connection/close_reason";
import { Connection } from "../../net/connection/connection";
import { ConnectionSet } from "../../net/connection/connection_set";
import { LineHandler } from "../../net/connection/line_handler";
import { remoteAddress } from "../../sockets/addresses";
import { countText } from "../../text/count_text";
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";
import { Fd } from "../../wasi/socket";
import { Message } from "../delivery/message";
import { Recipient } from "../delivery/recipient";
import { BACKPRESSURE_SECONDS, MEMBERSHIPS_MOST } from "../limits";
import { Command } from "../protocol/command";
import { ChatEvent, Closed, Notice, Refusal } from "../protocol/events";
import { Protocol } from "../protocol/protocol";
import { Membership, Room } from "../rooms/room";
import { User } from "../users/user";
import { lastWordsText } from "./last_words";

const BACKPRESSURE: u64 = <u64>(BACKPRESSURE_SECONDS * <f64>NANOSECONDS_PER_SECOND);
/** Shared by all sessions that have left no room. */
const NO_MEMBERSHIPS: Array<Membership> = [];
/** The line that is being handled. */
const command = new Command();

/** What a session tells its server. */
export interface SessionHandler {
  /** The client's address is known, or known not to come: the client can be let in. */
  onArrival(session: Session): void;
  /** The client has sent a line. The command is good until this returns. */
  onCommand(session: Session, command: Command): void;
  /** The client speaks another protocol, `HTTP`, and is closed next. */
  onForeignProtocol(session: Session, protocol: string): void;
  /** A limit holds a client up. @param limit its name among the counters */
  onLimit(limit: string): void;
  /** The connection is being closed: nothing is to be sent to it. Called once or twice. */
  onClosing(session: Session): void;
  /** Others may be told that the client has gone. Called after {@link onClosing}, once or twice. */
  onLeft(session: Session): void;
  /** The connection is closed. Called once, last. */
  onClosed(session: Session, reason: CloseReason): void;
}

export class Session extends LineHandler implements Recipient {
  connection!: Connection;
  user: User;
  /** The address, as the host or a proxy says: `203.0.113.7:51234`; empty if it is not known. */
  remote: string = "";
  /** Whether the address is known, or known not to come. Before that, it is no client. */
  isKnown: bool = false;
  /** Whether it has said a line since it came. Until then no room is told of it. */
  hasSpoken: bool = false;
  /** The rooms that the user is in; none before it is let in. */
  memberships: Array<Membership> = [];
  /** The membership that a line without the name of a room means; null if there is none. */
  current: Membership | null = null;
  /** The rooms that the user has left by going, until that is announced. */
  departed: Array<Membership> = NO_MEMBERSHIPS;
  /** What else its last words say. */
  parting: string = "";
  /** Until when users that speak to this one in private wait: it reads too slowly. */
  throttledUntil: u64 = 0;
  /** When it came, in nanoseconds of the loop's clock. */
  since: u64;

  constructor(
    private handler: SessionHandler,
    private connections: ConnectionSet,
    /** No other session of this run has it. */
    public id: u64,
    fd: Fd,
    name: string,
    public protocol: Protocol,
    /** Whether a proxy says first what the client's address is; until then it is in no room. */
    proxied: bool = false,
  ) {
    super();
    this.since = connections.loop.now;
    this.user = new User(name);
    if (!proxied) this.setRemote(remoteAddress(fd));
    this.connection = connections.add(fd, this, proxied);
  }

  onSource(address: string): void {
    this.setRemote(address);
    this.handler.onArrival(this);
  }

  /** The host or a proxy has said what the client's address is; empty if it is not known. */
  private setRemote(address: string): void {
    this.remote = address;
    this.isKnown = true;
  }

  /** The room that a line without the name of a room means. A user that was let in has one. */
  get room(): Room {
    return this.current!.room;
  }

  /** The name of that room; empty if there is none. */
  get roomName(): string {
    const current = this.current;
    return current === null ? "" : current.room.name;
  }

  /** Enters a room: from now on the client is sent what is said there. */
  enterRoom(room: Room): Membership {
    assert(this.memberships.length < MEMBERSHIPS_MOST, "a session is in too many rooms");
    const membership = new Membership(room, this.user, this.connection, this);
    room.addMember(membership, this.protocol);
    this.memberships.push(membership);
    this.current = membership;
    return membership;
  }

  /** Leaves a room. The client is still owed what was said there. */
  leaveRoom(membership: Membership): void {
    const index = this.memberships.indexOf(membership);
    assert(index >= 0, "a session leaves a room that it is not in");
    membership.room.removeMember(membership);
    this.memberships.splice(index, 1);
    const last = this.memberships.length - 1;
    this.current = last < 0 ? null : this.memberships[last];
  }

  /** Changes how the client is written to. */
  changeProtocol(protocol: Protocol): void {
    this.protocol = protocol;
    this.regroup();
  }

  /** Hears each room anew, after a change of the protocol or of the ignored users. */
  regroup(): void {
    for (let i = 0; i < this.memberships.length; i++) {
      const membership = this.memberships[i];
      membership.room.removeMember(membership);
      membership.room.addMember(membership, this.protocol);
    }
  }

  onLine(at: usize, length: u32): void {
    if (length == 0) return;
    if (this.protocol.parse(at, length, command)) this.handler.onCommand(this, command);
  }

  onForeignProtocol(protocol: string): void {
    this.parting = protocol;
    this.handler.onForeignProtocol(this, protocol);
  }

  onTelnet(at: usize, length: u32): void {
    this.catchUp();
    this.connections.sendTo(this.connection, at, length);
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

  /** Answers this client. */
  tell(text: string): void {
    this.send(new Notice(text));
  }

  /** Says why something that this client wanted was not done. */
  refuse(code: string, text: string): void {
    this.send(new Refusal(code, text));
  }

  send(event: ChatEvent): void {
    this.catchUp();
    this.connections.sayTo(this.connection, this.protocol.render(event));
  }

  sendMessage(message: Message, isPast: bool): void {
    this.catchUp();
    const at = this.connections.writer(this.protocol.mostBytes(message));
    const bytes = this.protocol.writeMessage(at, message, isPast);
    this.connections.wrote(this.connection, bytes);
  }

  /** Owes this client what its rooms have said in this tick, so that what comes next follows it. */
  private catchUp(): void {
    for (let i = 0; i < this.memberships.length; i++) this.memberships[i].catchUp();
  }

  lastWords(reason: CloseReason): string | null {
    this.handler.onClosing(this);
    const words = lastWordsText(reason);
    if (words == "") return null;
    const text = this.parting == "" ? words : `${words} ${this.parting}`;
    return this.protocol.render(new Closed(closeReasonText(reason), text));
  }

  onLeft(): void {
    this.handler.onLeft(this);
  }

  onClosed(reason: CloseReason): void {
    // A broken connection had no last words.
    this.handler.onClosing(this);
    this.handler.onLeft(this);
    this.handler.onClosed(this, reason);
  }
}
