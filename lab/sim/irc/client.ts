/**
 * An IRC client of the simulation. It keeps its nick, capabilities and channels from the lines of
 * the server, and checks each new line against them. It shares no code with the guest.
 */
import { OracleFailure } from "../failure.js";
import { Channel } from "./channel.js";
import { onChannels } from "./channel_lines.js";
import { parseLine, type IrcLine } from "./grammar.js";
import { Labels } from "./labels.js";
import { isRow, onNumeric } from "./numerics.js";
import { type Hearing, tokenIn } from "./hearing.js";

export const SERVER = "irc.pollcast";
/** The end of the source of a message whose user has left since. */
const PAST = "!past@history";
const LF = 0x0a;
/** Lines that come from the server itself; all others come from a user, except a few MODE. */
const OF_SERVER = [
  "ACK",
  "BATCH",
  "CAP",
  "ERROR",
  "FAIL",
  "NOTE",
  "WARN",
  "PING",
  "PONG",
  "MARKREAD",
];
const TAG_NEEDS: Readonly<Record<string, string>> = {
  ...{ time: "server-time", msgid: "message-tags", bot: "message-tags", batch: "batch" },
  label: "labeled-response",
};

export class IrcClient {
  /** The nick; empty until 001. */
  nick = "";
  /** The client's own `nick!user@host`, once a line has shown it. */
  mask = "";
  readonly capabilities = new Set<string>();
  readonly channels = new Map<string, Channel>();
  readonly labels = new Labels();
  /** True if it watches names with MONITOR: then it is told of users outside its channels. */
  monitors = false;
  /** The rows of incomplete answers, by the numeric that ends the answer. */
  readonly rows = new Map<string, string[][]>();
  /** True if a user has changed something in a channel since the first row of the last answer. */
  isChanged = false;
  /** True once the server has sent ERROR: no line may follow. */
  isClosing = false;
  /** The text of the last PONG. */
  lastPong = "";
  /** Answers a PING of the server. */
  answer: ((line: string) => void) | undefined;
  /** Open batches: their types by their names. */
  readonly #batches = new Map<string, string>();
  #rest: Buffer = Buffer.alloc(0);
  /**
   * The client's own messages since the last JOIN. Without echo-message, the server must not send
   * them back.
   */
  readonly #own = new Set<string>();
  #lines = 0;

  /**
   * @param isRandom true if it writes any bytes: then it checks the form of each line, and knows
   *   neither its own lines nor its channels
   */
  constructor(
    readonly name: string,
    readonly hearing: Hearing,
    private readonly isRandom = false,
  ) {}

  has(capability: string): boolean {
    return this.capabilities.has(capability);
  }

  /** Records whole lines that the client writes. */
  wrote(bytes: Uint8Array): void {
    if (this.isRandom) return;
    for (const line of Buffer.from(bytes).toString("utf8").split(/\r?\n/)) {
      this.labels.wrote(line);
      if (/^(?:@[^ ]* )?MONITOR/i.test(line)) this.monitors = true;
      const token = tokenIn(line);
      if (token !== undefined) this.#own.add(token);
    }
  }

  /** Reads bytes of the server. @throws {OracleFailure} if a line breaks an invariant */
  hear(bytes: Uint8Array): void {
    let rest = Buffer.concat([this.#rest, bytes]);
    for (let at = rest.indexOf(LF); at >= 0; at = rest.indexOf(LF)) {
      this.#lines++;
      try {
        this.#line(parseLine(rest.subarray(0, at)));
      } catch (error) {
        if (!(error instanceof OracleFailure)) throw error;
        const where = `${this.name} (${this.nick}), line ${this.#lines}`;
        const text = JSON.stringify(rest.subarray(0, at).toString("utf8"));
        throw new OracleFailure(error.oracle, `${where}: ${error.message}; it heard ${text}`);
      }
      rest = rest.subarray(at + 1);
    }
    this.#rest = rest;
  }

  /** Checks at rest that no answer is unfinished. @throws {OracleFailure} */
  checkAtRest(): void {
    const fail = (what: string) => new OracleFailure("irc", `${this.name} (${this.nick}): ${what}`);
    if (this.#rest.length > 0) throw fail("a line has no end");
    if (this.#batches.size > 0) throw fail("a batch has no end");
    const [open] = [...this.rows].find(([, rows]) => rows.length > 0) ?? [];
    if (open !== undefined) throw fail(`an answer has no ${open}`);
    for (const { name, isListed, names } of this.channels.values()) {
      const mustBeListed = !this.has("draft/no-implicit-names");
      if (names.length > 0 || (mustBeListed && !isListed)) throw fail(`no 366 for ${name}`);
    }
    if (this.nick !== "") this.labels.checkAnswered();
  }

  #line(line: IrcLine): void {
    const { command, source } = line;
    if (this.isClosing) throw new OracleFailure("irc", "a line after ERROR");
    this.#checkTags(line);
    if (!this.isRandom) this.labels.hear(line);
    const isNumeric = /^\d/.test(command);
    if (isNumeric || (OF_SERVER.includes(command) && source !== "")) {
      if (source !== SERVER) throw new OracleFailure("irc", `${command} comes from ${source}`);
    } else if (!OF_SERVER.includes(command) && !source.includes("!") && source !== SERVER) {
      throw new OracleFailure("irc", `${command} has the source ${source}`);
    }
    if (!isNumeric) this.#command(line);
    else if (!this.isRandom) onNumeric(this, line);
  }

  #command(line: IrcLine): void {
    const { command, parameters, tags } = line;
    const [first = "", second = "", third = ""] = parameters;
    if (command === "CAP") this.#capabilities(second, third);
    else if (command === "BATCH") this.#batch(first, second);
    else if (command === "PING") this.answer?.(`PONG :${first}\r\n`);
    else if (command === "PONG") this.lastPong = second;
    else if (command === "ERROR") this.isClosing = true;
    else if (this.isRandom) return;
    else if (command === "PRIVMSG" || command === "NOTICE" || command === "TAGMSG") {
      this.#message(line, this.#isHistory(tags.get("batch")));
    } else if (!OF_SERVER.includes(command)) {
      onChannels(this, line);
      this.isChanged = true;
      if (command === "JOIN" && line.nick === this.nick) this.#own.clear();
    }
  }

  #checkTags({ tags, source, command }: IrcLine): void {
    for (const [tag] of tags) {
      const needed = tag.startsWith("+") ? "message-tags" : TAG_NEEDS[tag];
      if (needed === undefined) throw new OracleFailure("irc", `the tag ${tag} is unknown`);
      if (!this.has(needed)) throw new OracleFailure("irc", `the tag ${tag} without ${needed}`);
    }
    const batch = tags.get("batch");
    if (batch !== undefined && !this.#batches.has(batch)) {
      throw new OracleFailure("irc", `the batch ${batch} is not open`);
    }
    // The next line of the client is answered after the batch.
    if (batch === undefined && isRow(command) && this.#isLabelled) {
      throw new OracleFailure("label", `a row ${command} is not in the batch of the answer`);
    }
    if (!source.includes("!")) return;
    const isOwnMode = command === "MODE" && (this.isRandom || source === this.mask);
    if (this.has("server-time") && !tags.has("time") && !isOwnMode) {
      throw new OracleFailure("irc", `${command} has no time`);
    }
    const isMessage = command === "PRIVMSG" || command === "NOTICE";
    if (isMessage && this.has("message-tags") && !tags.has("msgid")) {
      throw new OracleFailure("irc", `${command} has no msgid`);
    }
  }

  #capabilities(subcommand: string, list: string): void {
    if (subcommand !== "ACK") return;
    for (const word of list.split(" ").filter((one) => one !== "")) {
      if (word.startsWith("-")) this.capabilities.delete(word.slice(1));
      else this.capabilities.add(word);
      if (!word.endsWith("away-notify")) continue;
      // The server reports away marks only while the capability is on, so the known marks may be
      // old.
      for (const { members } of this.channels.values()) {
        for (const member of members.values()) member.isAway = undefined;
      }
    }
  }

  #batch(name: string, type: string): void {
    const reference = name.slice(1);
    if (!this.has("batch")) throw new OracleFailure("irc", "BATCH without the capability");
    if (name.startsWith("+") === this.#batches.has(reference)) {
      throw new OracleFailure("irc", `BATCH ${name}, which is open or was never opened`);
    }
    if (name.startsWith("+")) this.#batches.set(reference, type);
    else this.#batches.delete(reference);
  }

  #isHistory(batch: string | undefined): boolean {
    return batch !== undefined && this.#batches.get(batch) === "chathistory";
  }

  /** True while the batch of a labelled answer is open. */
  get #isLabelled(): boolean {
    return [...this.#batches.values()].includes("labeled-response");
  }

  #message(line: IrcLine, isHistory: boolean): void {
    const { nick, source, parameters, tags, command } = line;
    const [target = "", text = ""] = parameters;
    const token = tokenIn(text);
    if (command === "TAGMSG" && !this.has("message-tags")) {
      throw new OracleFailure("irc", "TAGMSG without message-tags");
    }
    const isForAll = target.startsWith("#");
    const own = token !== undefined && this.#own.has(token) && !isHistory;
    if (own && !this.has("echo-message") && target !== this.nick) {
      throw new OracleFailure("irc", "an echo that was not asked for");
    }
    if (!isForAll || source === SERVER) return;
    const channel = this.channels.get(target);
    if (isHistory) return;
    if (channel === undefined) throw new OracleFailure("members", `not a member of ${target}`);
    // Without batches, a message of the past looks like a new one, and its user may have left.
    if (this.has("batch") || !this.has("server-time")) this.checkMask(nick, source);
    if (token !== undefined) this.hearing.heard(target.slice(1), token, tags.get("msgid"));
  }

  /** Checks the mask of a user, if the client knows the user. @throws {OracleFailure} */
  checkMask(nick: string, mask: string): void {
    if (mask.endsWith(PAST)) return;
    const differs = (known: string) => new OracleFailure("irc", `${nick} is known as ${known}`);
    if (nick === this.nick && this.mask !== "" && mask !== this.mask) throw differs(this.mask);
    for (const { members } of this.channels.values()) {
      const member = members.get(nick);
      if (member === undefined) continue;
      if (member.mask === "") member.mask = mask;
      else if (member.mask !== mask) throw differs(member.mask);
    }
  }
}
