/**
 * The operator's console: the tutorial's `>>` prompt, where `quit` stops the server. operator.ts
 * has the commands that change something. Any other line shows the counts of the tutorial's server.
 * With `--control` a launcher sends the commands, and gets JSON objects (control.ts).
 */
import { Loop } from "../../loop/loop";
import { CloseReason, closeReasonText } from "../../net/connection/close_reason";
import { ConsoleHandler } from "../../net/stdio/console_input";
import { Output } from "../../net/stdio/output";
import { countText } from "../../text/count_text";
import { excerpt } from "../../text/excerpt";
import { afterFirstWord, firstWord } from "../../text/words";
import { Answer, refusal } from "./answer";
import { answerTo, NO_ID, Request } from "./control";
import { journalText } from "./journal_state";
import { NAMES_LISTED } from "../limits";
import { Log } from "./log";
import { ServerMessage } from "../protocol/events";
import { safeWords } from "../protocol/safe_text";
import { OPERATOR_HELP, runOperatorCommand } from "./operator";
import { ChatServer } from "../server";
import { statisticsJson, statisticsText } from "./statistics";
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";

const PROMPT = ">>";
const RULE = "------------------------------\n";
/** The most keys of the selector that an answer lists. It gives only the number of the others. */
const MAP_LINES: i32 = 20;
/** The most characters of a topic in a list, so that the answer fits the output's buffer. */
const TOPIC_SHOWN: i32 = 60;

const HELP = `clients            lists the connected clients
rooms              lists the rooms with their users and topics
closed             lists the clients that were closed last, and the reasons
stats              shows what the server has counted since its start
kick NAME [WHY]    closes a client
say TEXT           sends a message to all users
${OPERATOR_HELP}quit               stops the server
anything else      shows counts, and what the selector watches
`;

export class Console extends ConsoleHandler {
  constructor(
    private loop: Loop,
    private server: ChatServer,
    private out: Output,
    private log: Log,
    private stopAtEnd: bool,
    /** True if a launcher sends requests, as in control.ts, instead of a person. */
    private forLauncher: bool = false,
  ) {
    super();
  }

  /** Shows the first prompt. */
  showPrompt(): void {
    if (!this.forLauncher) this.out.queueText(PROMPT);
  }

  onConsoleLine(line: string): void {
    const typed = safeWords(line).trim();
    if (this.forLauncher) {
      this.onRequest(new Request(typed));
      return;
    }
    if (typed == "quit") {
      this.server.stop();
      return;
    }
    const answer = this.answerCommand(firstWord(typed), afterFirstWord(typed));
    this.out.queueText(answer === null ? this.describeServer() : answer.text);
    this.out.queueText(PROMPT);
  }

  onConsoleEnd(): void {
    if (this.stopAtEnd) this.server.stop();
    else
      this.log.info("console-closed", "console: closed; the server goes on, stop it with a signal");
  }

  private onRequest(request: Request): void {
    const command = request.command;
    let answer: Answer | null = refusal("a request is a number and a command: 7 clients\n");
    if (command == "quit") answer = new Answer("stopping\n");
    else if (request.id != NO_ID) answer = this.answerCommand(command, request.rest);
    const object = answerTo(request.id, answer === null ? this.describeServer() : answer.text);
    if (answer === null) object.json("unknown", "true");
    else if (answer.isRefusal) object.json("refused", "true");
    if (command == "stats") object.json("stats", statisticsJson(this.server.chat));
    this.out.queueText(object.line());
    if (command == "quit") this.server.stop();
  }

  /** Runs a command. @returns its answer, or null if there is no such command */
  private answerCommand(command: string, rest: string): Answer | null {
    if (command == "help") return new Answer(HELP);
    if (command == "clients") return new Answer(this.listClients());
    if (command == "rooms") return new Answer(this.listRooms());
    if (command == "closed") return new Answer(this.server.recentCloses.text(this.loop.now));
    if (command == "stats") return new Answer(statisticsText(this.server.chat));
    if (command == "kick") return this.kickUser(rest);
    if (command == "say") return this.tellAllUsers(rest);
    return runOperatorCommand(this.server, command, rest);
  }

  private listClients(): string {
    const users = this.server.chat.users.all();
    let text = "";
    for (let i = 0; i < min(users.length, NAMES_LISTED); i++) {
      const one = users[i];
      const seconds = (this.loop.now - one.since) / NANOSECONDS_PER_SECOND;
      const rooms = one.memberships.length == 0 ? "no room" : one.roomNames().join(", ");
      const where = one.remote == "" ? rooms : `${rooms} from ${one.remote}`;
      const owed = countText(one.connection.outbox.queuedBytes, "byte");
      text += `${one.user.name} in ${where}, ${seconds} s, owed ${owed}\n`;
    }
    const more = users.length - NAMES_LISTED;
    return more > 0 ? `${text}and ${more} more\n` : text;
  }

  private listRooms(): string {
    const rooms = this.server.chat.rooms.all();
    let text = "";
    for (let i = 0; i < min(rooms.length, NAMES_LISTED); i++) {
      const topic = rooms[i].topic == "" ? "" : `: ${excerpt(rooms[i].topic, TOPIC_SHOWN)}`;
      text += `${rooms[i].name} (${rooms[i].size})${topic}\n`;
    }
    const more = rooms.length - NAMES_LISTED;
    return more > 0 ? `${text}and ${more} more\n` : text;
  }

  private kickUser(rest: string): Answer {
    const name = firstWord(rest);
    const why = afterFirstWord(rest);
    if (name == "") return refusal("kick is used like this: kick NAME [WHY]\n");
    const person = this.server.chat.users.find(name);
    if (person === null) return refusal(`nobody is called ${name}\n`);
    if (why != "") person.tell(why);
    person.connection.close(CloseReason.KICKED);
    return new Answer(`${person.user.name} is ${closeReasonText(CloseReason.KICKED)}\n`);
  }

  private tellAllUsers(text: string): Answer {
    if (text == "") return refusal("say is used like this: say TEXT\n");
    const users = this.server.chat.users.all();
    for (let i = 0; i < users.length; i++) {
      users[i].send(new ServerMessage(text));
    }
    return new Answer(`told ${countText(users.length, "person", "people")}\n`);
  }

  private describeServer(): string {
    const chat = this.server.chat;
    const selector = this.loop.selector;
    const keys = selector.getMap().values();
    const connections = countText(chat.connections.size, "connection");
    let text = RULE;
    text += `${countText(chat.users.size, "client")}, ${connections}\n`;
    text += `${chat.counters.saidText()}, ${countText(this.loop.ticks, "tick")}\n`;
    const storage = chat.storage;
    if (storage !== null) text += `journal: ${journalText(storage.journal)}\n`;
    text += `selector: ${selector.name}, ${countText(keys.length, "key")}\n`;
    for (let i = 0; i < min(keys.length, MAP_LINES); i++) text += `  ${keys[i].toString()}\n`;
    if (keys.length > MAP_LINES) text += `  and ${keys.length - MAP_LINES} more\n`;
    return text + RULE;
  }
}
