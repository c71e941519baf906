/** The console as it should be: what is typed on stdin, and what stdout must show for it. */
import type { ChatModel } from "./chat.js";
import { escaped, ExpectedOutput } from "./expected_output.js";
import { type Line, LineSplitter } from "./line_splitter.js";
import { OPERATORS } from "./operators.js";
import { sanitized } from "./sanitize.js";
import { NAMES_LISTED } from "./settings.js";
import { afterFirstWord, countText, excerpt, firstWord, notice } from "./words.js";

const COMMAND_BYTES = 4096;
const TOPIC_SHOWN = 60;
const PROMPT = ">>";
const RULE = "-{30}\\n";
/** Of what a model cannot know there is a line for each. */
const STATISTICS = /(?:[a-z]+(?: [a-z]+)? {2,}.*\n)+/y;
const CLOSED = {
  event: "console-closed",
  message: "console: closed; the server goes on, stop it with a signal",
};
const HELP = `clients            who is connected
rooms              which rooms there are, with people and topics
closed             who was closed last, and why
stats              what the server has counted since its start
kick NAME [WHY]    closes somebody
say TEXT           tells everybody
limits             all options with their values, and which can be set
set NAME VALUE     changes one of them
ban WHO [TIME] [WHY]   keeps out a name, an address or a network: ban 10.0.0.0/8 2h spam
unban WHO          lets them in again
bans               who is banned
mute WHO [TIME] [WHY]  lets nobody hear them
unmute WHO         lets them be heard again
mutes              who is mute
drain [SECONDS]    accepts nobody, sends people away one by one, and stops
quit               stops the server
anything else      counts, and what the selector watches
`;

export class ConsoleModel {
  /** What must stand on stdout. */
  readonly shown = new ExpectedOutput("console");
  readonly #commands = new LineSplitter(COMMAND_BYTES);

  constructor(
    private readonly chat: ChatModel<unknown>,
    private readonly stopsAtEnd: boolean,
  ) {
    this.shown.say(PROMPT);
  }

  typed(bytes: Buffer): void {
    this.chat.later(() => {
      const shown = [...this.#commands.split(bytes)].flatMap((line) => this.#answer(line));
      this.shown.say(...shown);
    });
  }

  /** stdin has ended. */
  ended(): void {
    this.chat.later(() => {
      this.#end();
    });
  }

  #end(): void {
    const last = this.#commands.last();
    if (last !== undefined) this.shown.say(...this.#answer(last));
    if (this.stopsAtEnd) this.chat.stop();
    else this.chat.log.say(CLOSED);
  }

  #answer(line: Line): (string | RegExp)[] {
    // A command is made safe like everything else; of one that is too long the end is missing.
    const typed = sanitized(line.bytes).toString().trim();
    if (typed === "quit") {
      this.chat.stop();
      return [];
    }
    const rest = afterFirstWord(typed);
    const answers: Record<string, () => string | RegExp> = {
      help: () => HELP,
      clients: () => this.#clients(),
      rooms: () => this.#rooms(),
      closed: () => this.#closed(),
      stats: () => STATISTICS,
      kick: () => this.#kick(rest),
      say: () => this.#say(rest),
    };
    const operate = OPERATORS[firstWord(typed)];
    if (operate !== undefined) return [operate(this.chat, rest), PROMPT];
    const answer = answers[firstWord(typed)] ?? (() => this.#counts());
    const text = answer();
    return [text, PROMPT];
  }

  #clients(): RegExp | string {
    const people = [...this.chat.hall.people.values()];
    const lines = people.slice(0, NAMES_LISTED).map(({ name, room, remote, since }) => {
      const from = remote === "" ? "" : ` from ${remote}`;
      const seconds = this.chat.hall.secondsSince(since);
      const known = `${name} in ${String(room?.name)}${from}, ${seconds} s, owed `;
      return `${escaped(known)}\\d+ bytes?\\n`;
    });
    const more = people.length - NAMES_LISTED;
    if (more > 0) lines.push(`and ${more} more\\n`);
    return lines.length === 0 ? "" : new RegExp(lines.join(""), "y");
  }

  #rooms(): string {
    const rooms = [...this.chat.hall.rooms.byKey.values()];
    const lines = rooms.slice(0, NAMES_LISTED).map(({ name, size, topic }) => {
      return `${name} (${size})${topic === "" ? "" : `: ${excerpt(topic, TOPIC_SHOWN)}`}\n`;
    });
    const more = rooms.length - NAMES_LISTED;
    return lines.join("") + (more > 0 ? `and ${more} more\n` : "");
  }

  #closed(): string {
    const { hall } = this.chat;
    const lines = hall.farewells.map(
      ({ who, why, at }) => `${who}: ${why}, ${hall.secondsSince(at)} s ago\n`,
    );
    return lines.length === 0 ? "nobody has been closed yet\n" : lines.join("");
  }

  #kick(rest: string): string {
    const { hall } = this.chat;
    const name = firstWord(rest);
    const why = afterFirstWord(rest);
    if (name === "") return "kick is used like this: kick NAME [WHY]\n";
    const person = hall.find(name);
    if (person === undefined) return `nobody is called ${name}\n`;
    if (why !== "") hall.tell(person, notice(why));
    hall.close(person, "kicked");
    return `${person.name} is kicked\n`;
  }

  #say(text: string): string {
    const { hall } = this.chat;
    if (text === "") return "say is used like this: say TEXT\n";
    const news = { plain: `server: ${text}`, object: { type: "server", text } };
    for (const person of hall.people.values()) hall.tell(person, news);
    return `told ${countText(hall.people.size, "person", "people")}\n`;
  }

  #counts(): RegExp {
    const { hall, members } = this.chat;
    const people = `${countText(hall.people.size, "client")}, ${countText(members.size, "connection")}\\n`;
    const deliveries = countText(hall.deliveries, "delivery", "deliveries");
    const said = `${countText(hall.lines, "line")}, ${deliveries}, \\d+ ticks?\\n`;
    const keys = `(?:(?!${RULE}).*\\n)*`;
    return new RegExp(`${RULE}${people}${said}${keys}${RULE}`, "y");
  }
}
