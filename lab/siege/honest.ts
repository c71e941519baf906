/**
 * The honest clients: they talk at a modest rate, each from its own address, and measure the
 * latency of each other's messages. One of them pastes many lines.
 */
import net from "node:net";
import { createHistogram, type RecordableHistogram } from "node:perf_hooks";
import { headerFrom, PASTE_LINES } from "./plan.js";

const MS_PER_SECOND = 1000;
const MICROSECONDS_PER_MS = 1000;
/** The form of an honest message on arrival: it holds the time at which it was sent. */
const SPOKEN = / honest (\d+) (\d+\.\d)$/;
const PASTED = / pasted (\d+)$/;
/** Matches a line that announces joins or leaves, of one user or of several. */
const ANNOUNCED = /^\* .*(joined|left)$/;
const CLOSED = /^\* closed: (.*)$/;

/** The measurements of all honest clients in a period. */
export interface Period {
  seconds: number;
  said: number;
  heard: number;
  /** Announcements of joins and leaves that the first client received. */
  announced: number;
  /** Latencies in milliseconds. */
  p50: number;
  p99: number;
  most: number;
}

export class Honest {
  /** The last words to honest clients that were closed. There should be none. */
  readonly lost: string[] = [];
  readonly #sockets: net.Socket[] = [];
  readonly #pasteHeard: number[] = [];
  #latency: RecordableHistogram = createHistogram();
  #said = 0;
  #heard = 0;
  #announced = 0;
  #since = performance.now();
  #saidInAll = 0;
  #heardInAll = 0;
  #hasPasted = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly port: number,
    readonly size: number,
  ) {}

  async connectAll(): Promise<void> {
    for (let member = 0; member < this.size; member++) {
      const socket = net.connect({ port: this.port, host: "127.0.0.1", noDelay: true });
      await new Promise<void>((resolve, reject) => {
        socket.once("connect", resolve).once("error", reject);
      });
      socket.write(headerFrom(`203.0.113.${member + 1}`));
      this.#listen(socket, member);
      this.#sockets.push(socket);
    }
  }

  /**
   * Sends lines at an average rate (lines a second in all), from one client after the other. Their
   * times are random, so that no timer of the server keeps step with them.
   */
  talk(linesPerSecond: number): void {
    const pause = () => (-Math.log(1 - Math.random()) * MS_PER_SECOND) / linesPerSecond;
    let [due, turn] = [performance.now() + pause(), 0];
    this.#timer = setInterval(() => {
      for (; due < performance.now(); due += pause()) this.#say(turn++ % this.size);
    }, 1);
  }

  stopTalking(): void {
    clearInterval(this.#timer);
  }

  /**
   * Sends many lines at once from the first client. It says nothing afterwards: its next lines
   * would wait behind the paste, for the rate of the room.
   */
  paste(): void {
    this.#hasPasted = true;
    const lines = Array.from({ length: PASTE_LINES }, (_, line) => `pasted ${line}\n`);
    this.#sockets[0]?.write(lines.join(""));
  }

  /** The number of clients that received the whole paste. */
  get pasteHeard(): number {
    return this.#pasteHeard.filter((lines) => lines === PASTE_LINES).length;
  }

  /**
   * Messages of honest clients that other honest clients have not received, although they are still
   * connected.
   */
  get missing(): number {
    return this.#saidInAll * (this.size - this.lost.length) - this.#heardInAll;
  }

  /** Returns the measurements since the last call. */
  takePeriod(): Period {
    const latency = this.#latency;
    const ms = (value: number) => (latency.count === 0 ? 0 : value / MICROSECONDS_PER_MS);
    const found = {
      seconds: (performance.now() - this.#since) / 1000,
      said: this.#said,
      heard: this.#heard,
      announced: this.#announced,
      p50: ms(latency.percentile(50)),
      p99: ms(latency.percentile(99)),
      most: ms(latency.max),
    };
    this.#latency = createHistogram();
    this.#said = this.#heard = this.#announced = 0;
    this.#since = performance.now();
    return found;
  }

  leave(): void {
    this.stopTalking();
    for (const socket of this.#sockets) socket.destroy();
  }

  #say(member: number): void {
    const socket = this.#sockets[member];
    if (socket?.writable !== true || (member === 0 && this.#hasPasted)) return;
    socket.write(`honest ${member} ${performance.now().toFixed(1)}\n`);
    this.#said++;
    this.#saidInAll++;
  }

  #listen(socket: net.Socket, member: number): void {
    let rest = "";
    this.#pasteHeard[member] = 0;
    socket.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#hear(member, line);
    });
    socket.on("error", () => undefined);
  }

  #hear(member: number, line: string): void {
    const spoken = SPOKEN.exec(line);
    if (spoken !== null) {
      const ms = performance.now() - Number(spoken[2]);
      this.#latency.record(Math.max(1, Math.round(ms * MICROSECONDS_PER_MS)));
      this.#heard++;
      this.#heardInAll++;
      return;
    }
    if (member === 0 && ANNOUNCED.test(line)) this.#announced++;
    if (PASTED.test(line)) this.#pasteHeard[member] = (this.#pasteHeard[member] ?? 0) + 1;
    const words = CLOSED.exec(line)?.[1];
    if (words !== undefined) this.lost.push(words);
  }
}
