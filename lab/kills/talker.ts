/**
 * A client of the kill test: sends numbered lines, remembers which of them it has received, and
 * asks for the missed messages after a kill.
 */
import net from "node:net";

/** Lines in flight: sent and not received back. */
const UNDER_WAY = 8;
/**
 * The most lines that a talker sends between two kills. The lines of all talkers must fit into the
 * journal: otherwise the server may remove old messages for newer ones, which would look like a
 * loss.
 */
const LINES_MOST = 800;

export interface Heard {
  id: number;
  text: string;
}

interface Message {
  type: string;
  id?: number;
  text?: string;
  code?: string;
}

export class Talker {
  /** The talker's own messages that it has received: they are acknowledged. */
  readonly acknowledged: Heard[] = [];
  /** All messages of the room, in the order of arrival. */
  readonly heard: Heard[] = [];
  /** Messages that arrived twice, or out of order. */
  readonly doubled: Heard[] = [];
  #said = 0;
  #saidBefore = 0;
  #lastId = 0;
  /** The id of the last message before the kill. */
  #lastLifeId = 0;
  /** True once the messages that the client missed have been received. */
  #resumed = false;
  #socket: net.Socket | undefined;
  #rest = "";

  /** @param onAllSaid called when it has sent all it may before the next kill */
  constructor(
    readonly name: string,
    readonly room: string,
    private readonly onAllSaid: () => void,
  ) {}

  /** Connects, resumes and begins to send. Settles when all missed messages were received. */
  async begin(port: number): Promise<void> {
    const socket = net.connect({ port, host: "127.0.0.1", noDelay: true });
    this.#socket = socket;
    this.#rest = "";
    this.#saidBefore = this.#said;
    this.#lastLifeId = this.#lastId;
    this.#resumed = false;
    socket.on("error", () => undefined);
    await new Promise<void>((resolve, reject) => {
      socket.once("close", () => reject(new Error("closed before it had begun")));
      socket.setEncoding("utf8").on("data", (text: string) => this.#read(text, resolve));
      socket.write(`/nick ${this.name}\n/join ${this.room}\n/history since ${this.#lastId}\n`);
    });
    for (let index = 0; index < UNDER_WAY; index++) this.#say();
  }

  /** Settles when the connection is closed. */
  async ended(): Promise<void> {
    const socket = this.#socket;
    if (socket === undefined || socket.closed) return;
    await new Promise<void>((resolve) => socket.once("close", () => resolve()));
  }

  destroy(): void {
    this.#socket?.destroy();
  }

  #say(): void {
    if (this.#said - this.#saidBefore >= LINES_MOST) {
      this.onAllSaid();
      return;
    }
    this.#socket?.write(`${this.name} says ${++this.#said}\n`);
  }

  #read(text: string, onHistory: () => void): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#hear(JSON.parse(line) as Message, onHistory);
  }

  #hear({ type, id, code, text = "" }: Message, onHistory: () => void): void {
    if (type === "history") {
      this.#resumed = true;
      onHistory();
    }
    // The history is too short, so the missed messages are unknown.
    if (code === "history-gap") this.heard.length = 0;
    if (type !== "message" || id === undefined) return;
    const line = { id, text };
    // A message sent between our join and our /history arrives twice: once live, once as history.
    const known = this.#resumed ? this.#lastId : this.#lastLifeId;
    if (id <= known) this.doubled.push(line);
    this.#lastId = Math.max(this.#lastId, id);
    this.heard.push(line);
    if (!text.startsWith(`${this.name} says `)) return;
    this.acknowledged.push(line);
    this.#say();
  }
}
