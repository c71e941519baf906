/**
 * Reads the configuration again while the chat is served. Options that can change live are sent to
 * the guest; others are reported as needing a restart. If the new configuration has an error,
 * nothing is changed.
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
  /** The path of the chat's module. It checks the chat's options. */
  module: string;
  channel: ControlChannel;
  log: Log;
}

/** Performs the reloads of one server, and knows the options in effect. */
export class Reloader {
  /** The options in effect: those of the start, with all live changes. */
  readonly #chosen: Map<string, Chosen>;
  #last: Promise<unknown> = Promise.resolve();
  /**
   * A reload that has not begun. It will read the newest file, so further requests share its
   * result.
   */
  #waiting: Promise<Answer> | undefined;
  /**
   * True if the pending reload must write its result to the log: a request came from a signal, or
   * from an operator who does not see the log.
   */
  #isForLog = false;

  constructor(private readonly options: ReloadOptions) {
    this.#chosen = new Map(options.configuration.chosen);
  }

  /** The chat's arguments with all live changes, for the next guest. */
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
   * Reloads the configuration. Never rejects: errors are in the answer.
   *
   * @param asker the operator who asks; undefined for a signal
   * @returns the changes, one in each line
   */
  async reload(asker?: Asker): Promise<Answer> {
    this.#isForLog ||= asker?.seesLog !== true;
    if (this.#waiting !== undefined) return this.#waiting;
    // Reloads run one after the other, since each compares with the result of the one before.
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
      // Even a bug in here must not end a server with clients.
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
      else lines.push(`${name} needs a restart to become ${shown(after)} (${shown(before)} now)`);
    }
    // The bounds of an option can depend on another that is set later. So each refused option is
    // tried a second time.
    const refused = await this.#apply(live, lines);
    const still = await this.#apply(
      refused.map(({ chosen }) => chosen),
      lines,
    );
    for (const { chosen, why } of still)
      lines.push(`${chosen.setting.name} is not changed: ${why}`);
    return lines;
  }

  /** Sets live options, and adds a line for each success. Returns the refused ones with reasons. */
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

  /** Sets an option in the guest. Returns an empty string, or the reason why it was refused. */
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

/** Returns a value for the log. */
function shown(chosen: Chosen | undefined): string {
  return chosen?.setting.isSecret === true ? "(hidden)" : textOf(chosen);
}
