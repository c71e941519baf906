/** The server's console: the tutorial's `>>`, where `quit` stops and anything else shows counts. */
import { Loop } from "../loop/loop";
import { ConsoleHandler } from "../net/console_input";
import { Output } from "../net/output";
import { ChatServer } from "./server";

const PROMPT = ">>";
const RULE = "------------------------------\n";
/** Keys listed of the selector's map; the rest are counted. */
const MAP_LINES: i32 = 20;

export class Console extends ConsoleHandler {
  constructor(
    private loop: Loop,
    private server: ChatServer,
    private out: Output,
    private log: Output,
    private stopAtEnd: bool,
  ) {
    super();
  }

  /** Shows the prompt for the first time. */
  start(): void {
    this.out.say(PROMPT);
  }

  onConsoleLine(line: string): void {
    if (line.trim() == "quit") {
      this.server.stop();
      return;
    }
    this.out.say(this.describe());
    this.out.say(PROMPT);
  }

  onConsoleEnd(): void {
    if (this.stopAtEnd) this.server.stop();
    else this.log.say("console: closed; the server goes on, stop it with a signal\n");
  }

  private describe(): string {
    const server = this.server;
    const selector = this.loop.selector;
    const keys = selector.getMap().values();
    let text = RULE;
    text += `${server.people.size} clients, ${server.connections.size} connections\n`;
    text += `${server.lines} lines, ${server.deliveries} deliveries, ${this.loop.ticks} ticks\n`;
    text += `selector: ${selector.name}, ${keys.length} keys\n`;
    for (let i = 0; i < min(keys.length, MAP_LINES); i++) text += `  ${keys[i].toString()}\n`;
    if (keys.length > MAP_LINES) text += `  and ${keys.length - MAP_LINES} more\n`;
    return text + RULE;
  }
}
