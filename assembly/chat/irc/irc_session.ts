/**
 * The session of an IRC client: its names, its capabilities, its user modes, and the answer to its
 * line. It collects the lines of an answer, so that a line with a label gets exactly one response
 * (https://ircv3.net/specs/extensions/labeled-response).
 */
import { cancelTimer, Timer } from "../../loop/loop";
import { CloseReason } from "../../net/connection/close_reason";
import { ConnectionLimits } from "../../net/connection/connection_limits";
import { ConnectionSet } from "../../net/connection/connection_set";
import { Fd } from "../../wasi/socket";
import { Message } from "../delivery/message";
import { ChatEvent } from "../protocol/events";
import { Capability } from "../protocol/irc/capabilities";
import { BODY_BYTES_MOST, NEWLINE_BYTES, TAGS_BYTES_MOST } from "../protocol/irc/irc_line";
import { IrcContext, IrcProtocol } from "../protocol/irc/irc_protocol";
import { withTag } from "../protocol/irc/tags";
import { Session, SessionHandler } from "../session/session";

const CRLF = "\r\n";
const LINE_BYTES_MOST: u32 = TAGS_BYTES_MOST + BODY_BYTES_MOST - NEWLINE_BYTES;

/** The handler of the lines of IRC clients. */
export interface IrcLineHandler {
  /** Handles a line of `length` bytes at `at`, which are valid until this returns. */
  onIrcLine(session: IrcSession, at: usize, length: u32): void;
  /** Handles the end of a session. Called at least once. */
  onIrcLeft(session: IrcSession): void;
}

export class IrcSession extends Session {
  /** The nick that the client has chosen; empty before that. */
  nick: string = "";
  /** True once the client has sent USER. Its welcome waits for that. */
  hasUser: bool = false;
  /** True while the client negotiates capabilities. Its welcome waits for the end of that. */
  isNegotiating: bool = false;
  isRegistered: bool = false;
  /** True until the client is registered or has left. LUSERS counts it as unknown. */
  isUnknown: bool = true;
  password: string = "";
  capabilities: u32 = 0;
  /** True if the client uses version 302 of CAP, or a later one. */
  isModern: bool = false;
  /** The number of opening commands that are still free of charge; see IrcCommand. */
  openingLines: u32 = 0;
  isOpening: bool = false;
  /** The number of targets of the current line, without the first one. */
  private targets: u32 = 0;
  /** The user modes. */
  isInvisible: bool = false;
  isOperator: bool = false;
  getsWallops: bool = false;
  /** The number of times that it has given a wrong name or password of operators. */
  operatorFaults: i32 = 0;
  quitWords: string = "";
  /** The time of the client's last line, in nanoseconds of the loop's clock. */
  heardAt: u64 = 0;
  /** The time of the client's last message, in nanoseconds of the loop's clock. */
  spokeAt: u64 = 0;
  /** The timer for its registration, then for its silence. */
  timer: Timer | null = null;
  /** True after a PING that the client has not answered. */
  isPinged: bool = false;
  /** For each room, by its key: the time up to which the client has read it. */
  markers: Map<string, string> = new Map();
  /** The names that it watches, by their keys, see watchers.ts. */
  watched: Map<string, string> = new Map();
  /** The lines of the answer to the current line, with CR LF; see {@link beginAnswer}. */
  private answer: Array<string> = [];
  /** The texts that are sent after the answer, without its label. */
  private afterAnswer: Array<string> = [];
  private isAnswering: bool = false;
  private label: string = "";

  constructor(
    handler: SessionHandler,
    private lines: IrcLineHandler,
    private context: IrcContext,
    connections: ConnectionSet,
    id: u64,
    fd: Fd,
    name: string,
    form: IrcProtocol,
    proxied: bool,
  ) {
    super(handler, connections, id, fd, name, form, proxied);
    this.heardAt = connections.loop.now;
    this.spokeAt = connections.loop.now;
  }

  /** The user modes: `+iw`. */
  get modes(): string {
    let modes = "+";
    if (this.user.isBot) modes += "B";
    if (this.isInvisible) modes += "i";
    if (this.isOperator) modes += "o";
    if (this.getsWallops) modes += "w";
    return modes;
  }

  get serverName(): string {
    return this.context.name;
  }

  /** The name by which the server calls the client. */
  get shownNick(): string {
    return this.isRegistered ? this.user.name : this.nick == "" ? "*" : this.nick;
  }

  hasCapability(capability: Capability): bool {
    return (this.capabilities & capability) != 0;
  }

  lineBytesMost(_limits: ConnectionLimits): u32 {
    return LINE_BYTES_MOST;
  }

  acceptsProtocol(protocol: string): bool {
    return protocol == "IRC";
  }

  get isTyped(): bool {
    return false;
  }

  onLine(at: usize, length: u32): void {
    const before = this.connection.answeredBytes;
    this.isOpening = false;
    this.targets = 0;
    this.lines.onIrcLine(this, at, length);
    if (!this.isOpening || this.openingLines == 0) return;
    const bytes = this.connection.answeredBytes - before + length;
    this.useAllowance(<u32>(bytes / this.connections.limits.lineCost));
  }

  /** Counts a line with several targets as that many lines for the rate limiter. */
  countTargets(targets: i32): void {
    this.targets = <u32>max(targets - 1, 0);
    if (this.targets > 0) this.connection.input.chargeTokens(this.targets);
  }

  /** Tells the rate limiter not to count the current line. @param extra lines for its bytes */
  private useAllowance(extra: u32): void {
    const free = min(1 + this.targets + extra, this.openingLines);
    this.openingLines -= free;
    this.connection.input.refundTokens(free);
  }

  onLongLine(): void {
    this.handler.onLimit("long line");
    this.sendNumeric("417", "", "Input line was too long");
  }

  /** Sends a line of the server to this client, without CR LF. */
  sendLine(text: string): void {
    this.sendText(text + CRLF);
  }

  /** Sends a numeric. Its parameters stand between the client's name and the text. */
  sendNumeric(code: string, parameters: string, text: string): void {
    this.sendPlainNumeric(code, parameters == "" ? `:${text}` : `${parameters} :${text}`);
  }

  /** Sends a numeric that has no text at the end. */
  sendPlainNumeric(code: string, parameters: string): void {
    this.sendLine(`:${this.context.name} ${code} ${this.shownNick} ${parameters}`);
  }

  /** Closes the connection, since the client has given wrong passwords. */
  closeForPassword(): void {
    this.quitWords = "Bad password";
    this.connection.close(CloseReason.PASSWORD);
  }

  /** Sends a standard reply. @param words the command, the code and its parameters */
  sendFail(words: string, text: string): void {
    this.sendLine(`:${this.context.name} FAIL ${words} :${text}`);
  }

  render(event: ChatEvent): string {
    const context = this.context;
    context.reader = this.shownNick;
    context.readerHost = this.user.host;
    return this.protocol.render(event);
  }

  protected sendText(text: string): void {
    if (this.isAnswering) this.answer.push(text);
    else super.sendText(text);
  }

  sendMessage(message: Message, isPast: bool): void {
    if (this.isAnswering) this.answer.push(this.textOf(message, isPast));
    else super.sendMessage(message, isPast);
  }

  /** Sends an event after the answer to the current line, without the label of the line. */
  sendAfterAnswer(event: ChatEvent): void {
    const text = this.render(event);
    if (!this.isAnswering) super.sendText(text);
    else this.afterAnswer.push(text);
  }

  private textOf(message: Message, isPast: bool): string {
    const bytes = new ArrayBuffer(this.protocol.mostBytes(message));
    const at = changetype<usize>(bytes);
    return String.UTF8.decodeUnsafe(at, this.protocol.writeMessage(at, message, isPast));
  }

  /** Begins the answer to a line. @param label its label, or empty */
  beginAnswer(label: string): void {
    this.isAnswering = true;
    this.label = label;
    if (label != "") this.setUngrouped(true);
  }

  /**
   * Takes the client out of its broadcast groups, or puts it back. Outside of them it gets each
   * event separately, so that the event becomes a part of the answer.
   */
  private setUngrouped(isUngrouped: bool): void {
    for (let i = 0; i < this.memberships.length; i++) this.memberships[i].isUngrouped = isUngrouped;
    this.rejoinGroups();
  }

  /** True if the answer to the current line gets a label. */
  get isLabelled(): bool {
    return this.label != "";
  }

  /** Ends the answer, and sends it. @param batch a name for a batch, unique for this client */
  endAnswer(batch: string): void {
    this.isAnswering = false;
    const label = this.label;
    this.label = "";
    if (label == "") this.flushAnswer();
    else this.sendLabelled(label, batch);
    if (label != "") this.setUngrouped(false);
    if (this.afterAnswer.length == 0) return;
    const text = this.afterAnswer.join("");
    this.afterAnswer = [];
    super.sendText(text);
  }

  private flushAnswer(): void {
    if (this.answer.length == 0) return;
    const text = this.answer.join("");
    this.answer = [];
    super.sendText(text);
  }

  private sendLabelled(label: string, batch: string): void {
    const lines = this.answer.join("").split(CRLF);
    this.answer = [];
    const name = this.context.name;
    // The last one is empty.
    if (lines.length == 1) {
      super.sendText(`@label=${label} :${name} ACK${CRLF}`);
      return;
    }
    const isBatch = lines[0].includes(" BATCH +");
    if (lines.length == 2 || isBatch) {
      lines[0] = withTag(`label=${label}`, lines[0]);
      super.sendText(lines.join(CRLF));
      return;
    }
    let text = `@label=${label} :${name} BATCH +${batch} labeled-response${CRLF}`;
    for (let i = 0; i < lines.length - 1; i++) text += withTag(`batch=${batch}`, lines[i]) + CRLF;
    super.sendText(`${text}:${name} BATCH -${batch}${CRLF}`);
  }

  /** Asks the client whether it is there. */
  sendPing(): void {
    this.sendLine(`PING :${this.context.name}`);
  }

  get departureText(): string {
    return this.quitWords == "" ? super.departureText : this.quitWords;
  }

  onLeft(): void {
    super.onLeft();
    this.lines.onIrcLeft(this);
  }

  lastWords(reason: CloseReason): string | null {
    this.isAnswering = false;
    this.flushAnswer();
    const words = super.lastWords(reason);
    if (words === null || this.quitWords == "") return words;
    return `ERROR :Closing Link: ${this.user.host} (${this.quitWords})${CRLF}`;
  }

  onClosed(reason: CloseReason): void {
    this.timer = cancelTimer(this.timer);
    super.onClosed(reason);
    this.lines.onIrcLeft(this);
  }
}
