/**
 * A client as the chat knows it: a name, a room, a style, and a connection. It turns lines into
 * what the server does with them; it knows nothing of sockets.
 */
import { CloseReason, closeReasonText } from "../../net/connection/close_reason";
import { Connection } from "../../net/connection/connection";
import { ConnectionSet } from "../../net/connection/connection_set";
import { LineHandler } from "../../net/connection/line_handler";
import { remoteAddress } from "../../sockets/addresses";
import { countText } from "../../text/count_text";
import { JsonObject } from "../../text/json";
import { afterSlash, beginsWithSlash, isBlank } from "../../text/slash";
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";
import { Fd } from "../../wasi/socket";
import { BroadcastGroup } from "../delivery/broadcast_group";
import { BACKPRESSURE_SECONDS } from "../limits";
import { nameKey } from "../users/name_key";
import { Penalty } from "../users/penalties";
import { Room } from "../rooms/room";
import { Message, MessageKind } from "../delivery/message";
import { safeText } from "../protocol/safe_text";
import { Style } from "../protocol/style";

const BACKPRESSURE: u64 = <u64>(BACKPRESSURE_SECONDS * <f64>NANOSECONDS_PER_SECOND);
/** The word with which a client leaves, as in the tutorial. */
const QUIT = "quit";
/** Shared by all who have none: most never ignore anybody, and each set would take 200 bytes. */
const NOBODY = new Set<string>();
const NO_BYTES = new ArrayBuffer(0);

/** What a session tells its server. */
export interface SessionHandler {
  /** The client's address is known, or known not to come: the client can be let in. */
  onArrival(session: Session): void;
  /** The client says a line: `length` bytes at `at`, good until this returns. */
  onText(session: Session, at: usize, length: u32): void;
  /** The client gives a command; the line has been made safe, and begins with a slash. */
  onCommand(session: Session, line: string): void;
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

export class Session extends LineHandler {
  connection!: Connection;
  /** Where it is, as the host or a proxy says: `203.0.113.7:51234`; empty if nobody has said. */
  remote: string = "";
  /** Whether the address is settled: found, or known not to come. Before that, it is no client. */
  isKnown: bool = false;
  room: Room | null = null;
  /** Whether it has said a line since it came. Until then no room is told of it. */
  hasSpoken: bool = false;
  /** Whether its room is to hear when it leaves: it has been told that it is there. */
  isAnnounced: bool = false;
  /** What others see, UTF-16 and UTF-8, and by what it is compared. */
  name: string = "";
  nameBytes: ArrayBuffer = NO_BYTES;
  key: string = "";
  /** Why nobody is at the keyboard; empty if somebody is. */
  away: string = "";
  /** Why nobody hears this one, if so. */
  mute: Penalty | null = null;
  /** The room that it has left by going, until that is announced. */
  leaving: Room | null = null;
  /** What else its last words say. */
  parting: string = "";
  /** Keys of those whom this one does not want to hear. */
  ignored: Set<string> = NOBODY;
  /** The session that last spoke to this one in private: its id (0: none), and its name then. */
  correspondent: u64 = 0;
  correspondentName: string = "";
  /** Who speaks to this one in private waits a little until then: it reads too slowly. */
  throttledUntil: u64 = 0;
  /** When it came, in nanoseconds of the loop's clock. */
  since: u64;

  /** The audience that it hears with, if it hears with others. */
  _group: BroadcastGroup | null = null;
  /** Its index there. */
  _place: i32 = -1;

  constructor(
    private handler: SessionHandler,
    private connections: ConnectionSet,
    /** No other session of this run has it. */
    public id: u64,
    fd: Fd,
    name: string,
    public style: Style,
    /** Whether a proxy says first whom it speaks for; until then it is in no room. */
    proxied: bool = false,
  ) {
    super();
    this.since = connections.loop.now;
    this.setName(name);
    if (!proxied) this.comesFrom(remoteAddress(fd));
    this.connection = connections.add(fd, this, proxied);
  }

  onSource(address: string): void {
    this.comesFrom(address);
    this.handler.onArrival(this);
  }

  /** The host or a proxy has said what the client's address is; empty if it is not known. */
  private comesFrom(address: string): void {
    this.remote = address;
    this.isKnown = true;
  }

  /** To be called by `UserDirectory` alone, who must know. */
  setName(name: string): void {
    this.name = name;
    this.nameBytes = String.UTF8.encode(name);
    this.key = nameKey(name);
  }

  onLine(at: usize, length: u32): void {
    if (length == 0) return;
    const isTutorial = this.style == Style.TUTORIAL;
    if (!isTutorial && isBlank(at, length)) return;
    const slash = isTutorial ? 0 : afterSlash(at, length);
    const rest = length - slash;
    if (slash == 0) {
      if (isQuit(at, length)) this.connection.close(CloseReason.QUIT);
      else this.handler.onText(this, at, length);
    } else if (beginsWithSlash(at + slash, rest)) {
      this.handler.onText(this, at + slash, rest);
    } else {
      this.handler.onCommand(this, "/" + safeText(at + slash, rest));
    }
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
    const room = this.room;
    this.handler.onLimit("pressure");
    this.throttledUntil = this.connections.loop.now + BACKPRESSURE;
    if (room !== null) room.throttledUntil = this.throttledUntil;
  }

  /** From now on this one does not want to hear somebody. */
  ignore(key: string): void {
    if (this.ignored === NOBODY) this.ignored = new Set();
    this.ignored.add(key);
  }

  /** Whether this session ignores the speaker of a message. A session never ignores itself. */
  ignores(message: Message): bool {
    if (this.ignored.size == 0) return false;
    const key = nameKey(String.UTF8.decodeUnsafe(message.from, message.fromBytes));
    return key != this.key && this.ignored.has(key);
  }

  /** The name of the room that it is in; empty before it has entered one. */
  get roomName(): string {
    const room = this.room;
    return room === null ? "" : room.name;
  }

  /** Answers this client. */
  tell(text: string): void {
    this.tellEvent(text, new JsonObject("notice").text("text", text));
  }

  /** Says why something that this client wanted was not done. */
  refuse(code: string, text: string): void {
    this.tellEvent(text, new JsonObject("error").text("code", code).text("text", text));
  }

  /** Tells this client alone what has happened, for people or for programs. */
  tellEvent(plain: string, object: JsonObject): void {
    this.send(this.style == Style.JSON ? object.line() : `* ${plain}\n`);
  }

  /** Owes this client a text, after all that it has heard. */
  send(text: string): void {
    this.catchUp();
    this.connections.sayTo(this.connection, text);
  }

  /** Owes this client what its room has said in this tick, so that what comes next follows it. */
  catchUp(): void {
    const group = this._group;
    if (group !== null) group.catchUp(this);
  }

  lastWords(reason: CloseReason): string | null {
    this.handler.onClosing(this);
    let words = lastWordsText(reason);
    if (words == "") return null;
    if (this.parting != "") words += ` ${this.parting}`;
    if (this.style != Style.JSON) return `* ${words}\n`;
    const code = closeReasonText(reason);
    return new JsonObject("closed").text("reason", code).text("text", words).line();
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

function lastWordsText(reason: CloseReason): string {
  switch (reason) {
    case CloseReason.QUIT:
      return "goodbye";
    case CloseReason.SLOW:
      return "closed: you read too slowly, and lines for you have been dropped";
    case CloseReason.FULL:
      return "closed: the server is full, try again later";
    case CloseReason.STOPPING:
      return "closed: the server is stopping";
    case CloseReason.FLOOD:
      return "closed: you have been sending too much for too long";
    case CloseReason.KICKED:
      return "closed: an operator has sent you away";
    case CloseReason.IDLE:
      return "closed: you have said nothing for too long";
    case CloseReason.SILENT:
      return "closed: you have not said anything in time";
    case CloseReason.UNFINISHED:
      return "closed: you did not finish your line in time";
    case CloseReason.CROWDED:
      return "closed: too many have come from your address";
    case CloseReason.MEMORY:
      return "closed: memory is short and you read slowly; lines for you have been dropped";
    case CloseReason.BANNED:
      return "closed: you are banned";
    case CloseReason.DRAINED:
      return "closed: the server is going down, come back later";
    case CloseReason.FOREIGN:
      return "closed: this is a chat server, and you speak";
    case CloseReason.FORGED_HEADER:
      return "closed: a PROXY header is not expected here";
    default:
      // A proxy that has not said whom it speaks for is nobody to speak to: the log has it.
      return "";
  }
}

function isQuit(at: usize, length: u32): bool {
  if (length != <u32>QUIT.length) return false;
  for (let i = 0; i < QUIT.length; i++) {
    if (load<u8>(at + i) != <u8>QUIT.charCodeAt(i)) return false;
  }
  return true;
}
