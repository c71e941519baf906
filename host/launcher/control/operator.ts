/**
 * Runs the commands of operators, from the console and from `pollcast ctl`: those of the guest, and
 * the launcher's own. It logs each command that changes something.
 */
import type { Log } from "../guest/log.js";
import type { Answer, ControlChannel } from "./channel.js";

/** The source of a command. */
export interface Asker {
  /** The name in the log. */
  name: "console" | "ctl";
  /**
   * True if the log is on the screen where the command was typed. The log then need not repeat it.
   */
  seesLog: boolean;
}

/** A command that the launcher implements. */
export interface OwnCommand {
  /** The usage in the help: `reload`. Empty if the guest's help has the command. */
  usage: string;
  /** The explanation in the help. Empty if the guest's help has the command. */
  help: string;
  run: (rest: string, asker: Asker) => Promise<Answer>;
}

/** The commands that only show something. They are not logged. */
const READ_ONLY_COMMANDS: readonly string[] = [
  ...["clients", "rooms", "closed", "stats", "limits", "bans", "mutes", "help"],
];

/** The texts for empty answers. */
const EMPTY_ANSWERS: Record<string, string> = {
  clients: "no client is connected\n",
};
/** The command whose answer lists the words that can follow a command, for completion. */
const COMPLETED_FROM: Record<string, string> = {
  ...{ kick: "clients", mute: "clients", ban: "clients", op: "clients" },
  ...{ unmute: "mutes", unban: "bans", set: "limits" },
};
/** The timeout for completion, in milliseconds. */
const COMPLETION_WAIT_MS = 1_000;

/** Runs commands, and completes them. */
export class Operator {
  readonly #own = new Map<string, OwnCommand>();

  constructor(
    private readonly channel: ControlChannel,
    private readonly log: Log,
  ) {}

  /**
   * Adds a command of the launcher. It takes precedence over the guest's command of the same name.
   */
  add(name: string, command: OwnCommand): void {
    this.#own.set(name, command);
  }

  /** Runs a command line. @throws Unanswered */
  async run(line: string, asker: Asker): Promise<Answer> {
    const [, name = "", rest = ""] = /^\s*(\S*)\s*(.*?)\s*$/s.exec(line) ?? [];
    const command = `${name} ${rest}`.trim();
    const own = this.#own.get(name);
    const answer = own === undefined ? await this.channel.ask(command) : await own.run(rest, asker);
    const isDone = answer.refused !== true && answer.unknown !== true;
    if (isDone && !asker.seesLog && !READ_ONLY_COMMANDS.includes(name)) {
      const more = { by: asker.name, command };
      this.log.say("operator", `${asker.name}: ${command}`, "info", more);
    }
    if (name === "help") return { ...answer, text: answer.text + this.#help() };
    return answer.text === "" ? { ...answer, text: EMPTY_ANSWERS[name] ?? "" } : answer;
  }

  /** Completes the last word. Returns the words that can replace it, each followed by a space. */
  async complete(line: string): Promise<string[]> {
    const words = line.trimStart().split(/\s+/);
    const last = words.at(-1) ?? "";
    const all = await this.#choices(words);
    return all.filter((word) => word.startsWith(last)).map((word) => `${word} `);
  }

  async #choices([command = "", ...others]: readonly string[]): Promise<string[]> {
    if (others.length === 0) return [...(await this.#firstWords("help")), ...this.#own.keys()];
    if (others.length > 1) return [];
    const asked = COMPLETED_FROM[command];
    return asked === undefined ? [] : this.#firstWords(asked);
  }

  /** Returns the first words of the lines that the guest answers. */
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
