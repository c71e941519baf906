/** The console as it should be: what is typed on stdin, and what stdout must show for it. */
import type { ChatModel } from "./chat.js";
import { ExpectedOutput } from "./expected_output.js";
import { type Line, LineSplitter } from "./line_splitter.js";

const COMMAND_BYTES = 4096;
const PROMPT = ">>";
const RULE = "-{30}\\n";

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
    this.chat.turnsAway();
    const shown = [...this.#commands.split(bytes)].flatMap((line) => this.#answer(line));
    this.shown.say(...shown);
  }

  /** stdin has ended. */
  ended(): void {
    this.chat.turnsAway();
    const last = this.#commands.last();
    if (last !== undefined) this.shown.say(...this.#answer(last));
    if (this.stopsAtEnd) this.chat.stop();
    else this.chat.log.say("console: closed; the server goes on, stop it with a signal\n");
  }

  #answer(line: Line): (string | RegExp)[] {
    const { chat } = this;
    if (line.kind === "line" && line.bytes.toString().trim() === "quit") {
      chat.stop();
      return [];
    }
    const people = `${chat.roomSize} clients, ${chat.members.size} connections\\n`;
    const said = `${chat.lines} lines, ${chat.deliveries} deliveries, \\d+ ticks\\n`;
    const keys = `(?:(?!${RULE}).*\\n)*`;
    return [new RegExp(`${RULE}${people}${said}${keys}${RULE}`, "y"), PROMPT];
  }
}
