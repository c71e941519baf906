/**
 * The model of the operators' console: the input on stdin, and the text that stdout must show for
 * it.
 */
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
/** The model cannot know the values of `stats`: it checks the form of each line. */
const STATISTICS = /(?:[a-z]+(?: [a-z]+)? {2,}.*\n)+/y;
const CLOSED = {
  event: "console-closed",
  message: "console: closed; the server goes on, stop it with a signal",
};
const HELP = `clients            lists the connected clients
rooms              lists the rooms with their users and topics
closed             lists the clients that were closed last, and the reasons
stats              shows what the server has counted since its start
kick NAME [WHY]    closes a client
say TEXT           sends a message to all users
limits             lists all options and values, and which can be set
set NAME VALUE     changes an option
ban WHO [TIME] [WHY]   keeps out a name, an address or a network: ban 10.0.0.0/8 2h spam
unban WHO          ends a ban
bans               lists the bans
mute WHO [TIME] [WHY]  hides what a user says from all others
unmute WHO         ends a mute
mutes              lists the mutes
op NAME [ROOM]     makes a user an operator of a room, or of the lobby
deop NAME [ROOM]   makes an operator of a room a plain user
drain [SECONDS]    accepts no client, closes the clients one by one, and stops
quit               stops the server
anything else      shows counts, and what the selector watches
`;

export class ConsoleModel {
  /** The expected text on stdout. */
  readonly shown = new ExpectedOutput("console");
  readonly #commands = new LineSplitter(COMMAND_BYTES);

  constructor(
    private readonly chat: ChatModel<unknown>,
    private readonly stopsAtEnd: boolean,
  ) {
    this.shown.say(PROMPT);
  }

  typed(bytes: Buffer): void {
    this.chat.defer(() => {
      const shown = [...this.#commands.split(bytes)].flatMap((line) => this.#answer(line));
      this.shown.say(...shown);
    });
  }

  /** Handles the end of stdin. */
  ended(): void {
    this.chat.defer(() => {
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
    // Commands are sanitized like messages; a command that is too long loses its end.
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
    const people = [...this.chat.server.people.values()];
    const lines = people.slice(0, NAMES_LISTED).map(({ name, memberships, remote, since }) => {
      const from = remote === "" ? "" : ` from ${remote}`;
      const seconds = this.chat.server.secondsSince(since);
      const rooms = memberships.map(({ room }) => room.name).reverse();
      const where = rooms.length === 0 ? "no room" : rooms.join(", ");
      const known = `${name} in ${where}${from}, ${seconds} s, owed `;
      return `${escaped(known)}\\d+ bytes?\\n`;
    });
    const more = people.length - NAMES_LISTED;
    if (more > 0) lines.push(`and ${more} more\\n`);
    return lines.length === 0 ? "" : new RegExp(lines.join(""), "y");
  }

  #rooms(): string {
    const rooms = [...this.chat.server.rooms.byKey.values()];
    const lines = rooms.slice(0, NAMES_LISTED).map(({ name, size, topic }) => {
      return `${name} (${size})${topic === "" ? "" : `: ${excerpt(topic, TOPIC_SHOWN)}`}\n`;
    });
    const more = rooms.length - NAMES_LISTED;
    return lines.join("") + (more > 0 ? `and ${more} more\n` : "");
  }

  #closed(): string {
    const { server } = this.chat;
    const lines = server.recentCloses.map(
      ({ who, why, at }) => `${who}: ${why}, ${server.secondsSince(at)} s ago\n`,
    );
    return lines.length === 0 ? "nobody has been closed yet\n" : lines.join("");
  }

  #kick(rest: string): string {
    const { server } = this.chat;
    const name = firstWord(rest);
    const why = afterFirstWord(rest);
    if (name === "") return "kick is used like this: kick NAME [WHY]\n";
    const session = server.find(name);
    if (session === undefined) return `nobody is called ${name}\n`;
    if (why !== "") server.tell(session, notice(why));
    server.close(session, "kicked");
    return `${session.name} is kicked\n`;
  }

  #say(text: string): string {
    const { server } = this.chat;
    if (text === "") return "say is used like this: say TEXT\n";
    const news = { plain: `server: ${text}`, object: { type: "server", text } };
    for (const session of server.people.values()) server.tell(session, news);
    return `told ${countText(server.people.size, "person", "people")}\n`;
  }

  #counts(): RegExp {
    const { server, sessions } = this.chat;
    const connections = countText(sessions.size, "connection");
    const people = `${countText(server.people.size, "client")}, ${connections}\\n`;
    const deliveries = countText(server.deliveries, "delivery", "deliveries");
    const said = `${countText(server.lines, "line")}, ${deliveries}, \\d+ ticks?\\n`;
    const keys = `(?:(?!${RULE}).*\\n)*`;
    return new RegExp(`${RULE}${people}${said}${keys}${RULE}`, "y");
  }
}
