/**
 * What operators can say, at the console and with `pollcast ctl`: the guest's commands, and the
 * launcher's own. The log has what they have changed.
 */
import type { Log } from "../guest/log.js";
import type { Answer, ControlChannel } from "./channel.js";

/** Who gives a command. */
export interface Asker {
  /** As the log calls it. */
  name: "console" | "ctl";
  /** The log is on the screen where the command and its answer are: it need not repeat them. */
  seesLog: boolean;
}

/** A command that the launcher answers itself. */
export interface OwnCommand {
  /** For the help: `reload` and what it does; empty where the guest's help has it. */
  usage: string;
  help: string;
  run: (rest: string, asker: Asker) => Promise<Answer>;
}

/** Commands that change nothing. */
const LOOKS: readonly string[] = [
  ...["clients", "rooms", "closed", "stats", "limits", "bans", "mutes", "help"],
];

/** What is shown where a list is empty. */
const NOTHING: Record<string, string> = {
  clients: "no client is connected\n",
};
/** What to ask for the words that may follow a command. */
const FOLLOWED_BY: Record<string, string> = {
  ...{ kick: "clients", mute: "clients", ban: "clients" },
  ...{ unmute: "mutes", unban: "bans", set: "limits" },
};
/** Whoever presses Tab does not wait for long. */
const COMPLETION_WAIT_MS = 1_000;

export class Operator {
  readonly #own = new Map<string, OwnCommand>();

  constructor(
    private readonly channel: ControlChannel,
    private readonly log: Log,
  ) {}

  add(name: string, command: OwnCommand): void {
    this.#own.set(name, command);
  }

  /** @throws Unanswered */
  async run(line: string, asker: Asker): Promise<Answer> {
    const [, name = "", rest = ""] = /^\s*(\S*)\s*(.*?)\s*$/s.exec(line) ?? [];
    const command = `${name} ${rest}`.trim();
    const own = this.#own.get(name);
    const answer = own === undefined ? await this.channel.ask(command) : await own.run(rest, asker);
    const isDone = answer.refused !== true && answer.unknown !== true;
    if (isDone && !asker.seesLog && !LOOKS.includes(name)) {
      const more = { by: asker.name, command };
      this.log.say("operator", `${asker.name}: ${command}`, "info", more);
    }
    if (name === "help") return { ...answer, text: answer.text + this.#help() };
    return answer.text === "" ? { ...answer, text: NOTHING[name] ?? "" } : answer;
  }

  /** Words that may stand where the last one is. */
  async complete(line: string): Promise<string[]> {
    const words = line.trimStart().split(/\s+/);
    const last = words.at(-1) ?? "";
    const all = await this.#choices(words);
    return all.filter((word) => word.startsWith(last)).map((word) => `${word} `);
  }

  async #choices([command = "", ...others]: readonly string[]): Promise<string[]> {
    if (others.length === 0) return [...(await this.#firstWords("help")), ...this.#own.keys()];
    if (others.length > 1) return [];
    const asked = FOLLOWED_BY[command];
    return asked === undefined ? [] : this.#firstWords(asked);
  }

  /** Of each line of an answer. */
  async #firstWords(command: string): Promise<string[]> {
    const { text } = await this.channel.ask(command, COMPLETION_WAIT_MS);
    const words = text.split("\n").map((line) => /^\S+/.exec(line)?.[0] ?? "");
    return [...new Set(words.filter((word) => word !== "" && word !== "anything"))];
  }

  #help(): string {
    return [...this.#own.values()]
      .filter(({ help }) => help !== "")
      .map(({ usage, help }) => `${usage.padEnd(18)} ${help}\n`)
      .join("");
  }
}
