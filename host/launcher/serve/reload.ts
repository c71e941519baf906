/**
 * Reads the configuration again while the chat is served. What can be changed live is sent to the
 * guest, what cannot is named, and with a mistake in it nothing is changed.
 */
import { type Answer, type ControlChannel, Unanswered } from "../control/channel.js";
import type { Asker } from "../control/operator.js";
import { linesOf, messageOf, UserError } from "../base/errors.js";
import type { Log } from "../guest/log.js";
import { askModule } from "../options/ask_module.js";
import { type Chosen, chatArgumentsOf, type Configuration } from "../options/resolve.js";

export interface ReloadOptions {
  configuration: Configuration;
  /** @throws UserError */
  reread: () => Configuration;
  /** Path of the chat's module, which knows which of its options contradict each other. */
  module: string;
  channel: ControlChannel;
  log: Log;
}

export class Reloader {
  /** What holds: as it was at the start, but for what has been changed live. */
  readonly #chosen: Map<string, Chosen>;
  #last: Promise<unknown> = Promise.resolve();
  /** One that has not begun: it will read what is there by then, so no second one has to wait. */
  #waiting: Promise<Answer> | undefined;
  /** Whether somebody has asked who does not see the answer on the screen of the log. */
  #isForLog = false;

  constructor(private readonly options: ReloadOptions) {
    this.#chosen = new Map(options.configuration.chosen);
  }

  /** For the next guest, if this one dies. */
  get chatArguments(): readonly string[] {
    return chatArgumentsOf(this.#chosen);
  }

  get watchdogSeconds(): number {
    return this.#chosen.get("watchdog-seconds")?.value as number;
  }

  get drainSeconds(): number {
    return this.#chosen.get("drain-seconds")?.value as number;
  }

  /**
   * Never rejects.
   *
   * @param asker the operator who wants it; a signal if undefined
   * @returns what has changed, a line each, which is in the log as well
   */
  async reload(asker?: Asker): Promise<Answer> {
    this.#isForLog ||= asker?.seesLog !== true;
    if (this.#waiting !== undefined) return this.#waiting;
    // One after the other: each compares with what the one before has left.
    const done = this.#last.then(async () => {
      this.#waiting = undefined;
      const isForLog = this.#isForLog;
      this.#isForLog = false;
      return this.#reload(isForLog);
    });
    this.#waiting = done;
    this.#last = done;
    return done;
  }

  async #reload(isForLog: boolean): Promise<Answer> {
    const { log } = this.options;
    try {
      const lines = await this.#change(await this.#read());
      if (isForLog) for (const line of lines) log.say("reload", `reload: ${line}`);
      return { text: textOfLines(lines) };
    } catch (error) {
      // Even a mistake of our own is no reason to end what serves people.
      const why = error instanceof UserError ? linesOf(error) : [`failed: ${messageOf(error)}`];
      const lines = [...why, "nothing has been changed"];
      if (isForLog)
        for (const line of lines) log.say("reload-refused", `reload: ${line}`, "warning");
      return { text: textOfLines(lines), refused: true };
    }
  }

  async #read(): Promise<Configuration> {
    const next = this.options.reread();
    const answer = await askModule(this.options.module, next.chatArguments);
    if ("mistake" in answer) throw new UserError("E_USAGE", answer.mistake);
    return next;
  }

  async #change(next: Configuration): Promise<string[]> {
    const changed = [...new Set([...this.#chosen.keys(), ...next.chosen.keys()])]
      .map((name) => ({ name, before: this.#chosen.get(name), after: next.chosen.get(name) }))
      .filter(({ before, after }) => textOf(before) !== textOf(after));
    if (changed.length === 0) return ["nothing has changed"];
    const lines: string[] = [];
    const live: Chosen[] = [];
    for (const { name, before, after } of changed) {
      if (after?.setting.live === true) live.push(after);
      else lines.push(`${name} needs a restart to become ${textOf(after)} (${textOf(before)} now)`);
    }
    // What one option may be can depend on another that has its turn only later.
    const refused = await this.#apply(live, lines);
    const still = await this.#apply(
      refused.map(({ chosen }) => chosen),
      lines,
    );
    for (const { chosen, why } of still)
      lines.push(`${chosen.setting.name} is not changed: ${why}`);
    return lines;
  }

  /** @returns those that the guest does not take, and why */
  async #apply(
    live: readonly Chosen[],
    lines: string[],
  ): Promise<{ chosen: Chosen; why: string }[]> {
    const refused: { chosen: Chosen; why: string }[] = [];
    for (const chosen of live) {
      const why = await this.#set(chosen);
      if (why === "") {
        const { name } = chosen.setting;
        lines.push(`${name} is ${textOf(chosen)} now (was ${textOf(this.#chosen.get(name))})`);
        this.#chosen.set(name, chosen);
      } else refused.push({ chosen, why });
    }
    return refused;
  }

  /** @returns why not, or empty */
  async #set(chosen: Chosen): Promise<string> {
    const { name, forChat } = chosen.setting;
    if (!forChat) return "";
    const value = textOf(chosen);
    try {
      const { text, refused } = await this.options.channel.ask(`set ${name} ${value}`);
      return refused === true ? (text.split("\n")[0] ?? "") : "";
    } catch (error) {
      if (error instanceof Unanswered) return error.message;
      throw error;
    }
  }
}

function textOfLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

function textOf(chosen: Chosen | undefined): string {
  return chosen?.texts.join(",") ?? "not set";
}
