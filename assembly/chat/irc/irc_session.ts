/**
 * The session of an IRC client: its names, its capabilities, its user modes. It collects the lines
 * of the answer to its line; see answer.ts.
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
import { Session, SessionHandler } from "../session/session";
import { Answer, AnswerPart, AnswerWriter } from "./answer";

const CRLF = "\r\n";
const LINE_BYTES_MOST: u32 = TAGS_BYTES_MOST + BODY_BYTES_MOST - NEWLINE_BYTES;

/** The handler of the lines of IRC clients. */
export interface IrcLineHandler {
  /** Handles a line of `length` bytes at `at`, which are valid until this returns. */
  onIrcLine(session: IrcSession, at: usize, length: u32): void;
  /** Handles the end of a session. Called at least once. */
  onIrcLeft(session: IrcSession): void;
}

export class IrcSession extends Session implements AnswerWriter {
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
  /** The answer to the current line; null outside of lines. */
  private answer: Answer | null = null;
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
    this.sendPart(new AnswerPart(text));
  }

  /** Sends lines. They are a part of the answer if a line is being handled. */
  sendPart(part: AnswerPart): void {
    const answer = this.answer;
    if (answer !== null) answer.add(part);
    else super.sendText(part.render());
  }

  writeAnswer(text: string): void {
    super.sendText(text);
  }

  sendMessage(message: Message, isPast: bool): void {
    if (this.answer !== null) this.sendText(this.textOf(message, isPast));
    else super.sendMessage(message, isPast);
  }

  /** Sends an event after the answer to the current line, without the label of the line. */
  sendAfterAnswer(event: ChatEvent): void {
    const answer = this.answer;
    if (answer !== null) answer.addAfter(this.render(event));
    else this.send(event);
  }

  private textOf(message: Message, isPast: bool): string {
    const bytes = new ArrayBuffer(this.protocol.mostBytes(message));
    const at = changetype<usize>(bytes);
    return String.UTF8.decodeUnsafe(at, this.protocol.writeMessage(at, message, isPast));
  }

  /** Begins the answer to a line. @param label its label, or empty */
  beginAnswer(label: string): void {
    const all = this.connections;
    const name = this.context.name;
    this.answer = new Answer(all.loop, this.connection, this, name, all.limits.softBytes);
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
    const answer = this.answer;
    const label = this.label;
    this.answer = null;
    this.label = "";
    if (answer !== null) answer.send(label, batch);
    if (label != "") this.setUngrouped(false);
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
    const answer = this.answer;
    this.answer = null;
    if (answer !== null) super.sendText(answer.renderAll());
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
