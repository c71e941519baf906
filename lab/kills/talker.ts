/**
 * A client of the kills: it says numbered lines as fast as they come back, remembers which have,
 * and after a kill asks for what it has missed.
 */
import net from "node:net";

/** Lines said and not heard back yet. */
const UNDER_WAY = 8;
/**
 * Lines said between two kills at most. All talkers' must fit into the journal, however fast the
 * machine is and however late the kill: what is acknowledged is kept until newer lines need its
 * place, and then its going is no loss.
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
  /** Own lines that came back: acknowledged. */
  readonly acknowledged: Heard[] = [];
  /** Every line of the room, own or not, in the order in which it came. */
  readonly heard: Heard[] = [];
  /** Lines that came a second time, or out of order. */
  readonly doubled: Heard[] = [];
  #said = 0;
  #saidBefore = 0;
  #lastId = 0;
  /** What was heard before the kill; and whether all that was missed has been heard since. */
  #lastLifeId = 0;
  #resumed = false;
  #socket: net.Socket | undefined;
  #rest = "";

  /** @param onAllSaid it has said as much as it may before the next kill */
  constructor(
    readonly name: string,
    readonly room: string,
    private readonly onAllSaid: () => void,
  ) {}

  /** Connects, resumes, and begins to talk; settles when all that was missed has been heard. */
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

  /** Settles when nothing more can come. */
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
    // The room remembers less than has been said: what was missed cannot be known.
    if (code === "history-gap") this.heard.length = 0;
    if (type !== "message" || id === undefined) return;
    const line = { id, text };
    // What others say between our coming in and our asking is told twice: once as it is said.
    const known = this.#resumed ? this.#lastId : this.#lastLifeId;
    if (id <= known) this.doubled.push(line);
    this.#lastId = Math.max(this.#lastId, id);
    this.heard.push(line);
    if (!text.startsWith(`${this.name} says `)) return;
    this.acknowledged.push(line);
    this.#say();
  }
}
