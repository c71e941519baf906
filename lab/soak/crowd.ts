/**
 * The crowd: honest clients that stay connected, talk at a modest rate, and check everything that
 * they receive.
 */
import net from "node:net";
import { createHistogram, type RecordableHistogram } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../world/random.js";
import { type Faults, FAULTS, Hearing } from "./hearing.js";
import { Ledger } from "./ledger.js";

/** The rate of all clients together. No client sends more than one line a second on average. */
const LINES_A_SECOND = 50;
const LOOK_INTERVAL_MS = 20;
const MICROSECONDS_PER_MS = 1000;

interface Member {
  socket: net.Socket;
  hearing: Hearing;
  timer?: NodeJS.Timeout;
}

export class Crowd {
  /** The unexpected ends of connections, as text. */
  readonly unexpected: string[] = [];
  readonly #ledger: Ledger;
  readonly #members: Member[] = [];
  #latency = createHistogram();
  #leaving = false;

  constructor(
    private readonly port: number,
    readonly size: number,
    private readonly random: Random,
  ) {
    this.#ledger = new Ledger(size);
  }

  async gather(): Promise<void> {
    for (let member = 0; member < this.size; member++) await this.#join(member);
  }

  /** Lets all clients send lines at random times, until `hush`. */
  talk(): void {
    const meanMs = 1000 * Math.max(1, this.size / LINES_A_SECOND);
    this.#members.forEach((member, sender) => {
      const next = (): void => {
        member.timer = setTimeout(
          () => {
            this.say(sender);
            next();
          },
          this.random.below(2 * meanMs),
        );
      };
      next();
    });
  }

  say(sender: number): void {
    const socket = this.#members[sender]?.socket;
    if (socket?.writable === true) socket.write(`${this.#ledger.say(sender)}\n`);
  }

  hush(): void {
    for (const { timer } of this.#members) clearTimeout(timer);
  }

  /**
   * Waits until all clients have received everything, or nothing has arrived for `idleMs`
   * milliseconds.
   */
  async settle(idleMs: number): Promise<void> {
    let [heard, since] = [this.deliveries, performance.now()];
    while (this.#members.some(({ hearing }) => !hearing.complete)) {
      if (this.unexpected.length > 0 || performance.now() - since > idleMs) break;
      await sleep(LOOK_INTERVAL_MS);
      if (this.deliveries > heard) [heard, since] = [this.deliveries, performance.now()];
    }
    for (const { hearing } of this.#members) hearing.conclude();
  }

  leave(): void {
    this.hush();
    this.#leaving = true;
    for (const { socket } of this.#members) socket.destroy();
  }

  get lines(): number {
    return this.#members.reduce((sum, _, sender) => sum + this.#ledger.count(sender), 0);
  }

  /** Lines of the crowd that arrived, over all clients. */
  get deliveries(): number {
    return this.#members.reduce((sum, { hearing }) => sum + hearing.deliveries, 0);
  }

  get faults(): Faults {
    const all: Faults = { lost: 0, doubled: 0, disordered: 0, damaged: 0 };
    for (const { hearing } of this.#members) {
      const faults = hearing.faults;
      for (const name of FAULTS) all[name] += faults[name];
    }
    return all;
  }

  /** True if all clients received the same bytes, including lines of visitors. */
  get agrees(): boolean {
    return new Set(this.#members.map(({ hearing }) => hearing.transcript)).size <= 1;
  }

  /** Returns the latencies since the last call, in microseconds from sending to receiving. */
  takeLatency(): RecordableHistogram {
    const taken = this.#latency;
    this.#latency = createHistogram();
    return taken;
  }

  async #join(at: number): Promise<void> {
    const socket = net.connect({ port: this.port, host: "127.0.0.1", noDelay: true });
    const hearing = new Hearing(this.#ledger, (ageMs) => {
      this.#latency.record(Math.max(1, Math.round(ageMs * MICROSECONDS_PER_MS)));
    });
    this.#members.push({ socket, hearing });
    let how = "closed by the server";
    socket.on("data", (bytes) => hearing.hear(bytes));
    socket.on("error", (error) => (how = error.message));
    socket.on("close", () => {
      if (!this.#leaving) this.unexpected.push(`client ${at} of the crowd: ${how}`);
    });
    await new Promise<void>((resolve) => {
      socket.once("connect", resolve);
      socket.once("close", resolve);
    });
  }
}
