/** Those who come and go while the crowd stays: each kind at its rate, drawn from the seed. */
import net from "node:net";
import type { Random } from "../world/random.js";
import { type Kind, KINDS, Visit } from "./visits.js";

/** One of each kind comes within the first moments. */
const FIRST_MS = 1000;

export class Visitors {
  /** Visits begun, by kind. */
  readonly came = new Map<string, number>();
  /** Those who were not let in or could not do what they came for, and why. */
  readonly failures: string[] = [];
  readonly #sockets = new Set<net.Socket>();
  readonly #timers = new Map<Kind, NodeJS.Timeout>();

  constructor(
    private readonly port: number,
    private readonly random: Random,
  ) {}

  start(): void {
    for (const kind of KINDS) this.#expect(kind, this.random.below(FIRST_MS));
  }

  /** Nobody comes any more, and all who are there go. */
  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const socket of this.#sockets) socket.destroy();
  }

  /** How many are there. */
  get present(): number {
    return this.#sockets.size;
  }

  get total(): number {
    return [...this.came.values()].reduce((sum, count) => sum + count, 0);
  }

  #expect(kind: Kind, inMs: number): void {
    const arrive = (): void => {
      for (let left = kind.atOnce ?? 1; left > 0; left--) this.#welcome(kind);
      this.#expect(kind, this.random.below(2 * kind.everyMs));
    };
    this.#timers.set(kind, setTimeout(arrive, inMs));
  }

  #welcome({ name, behaviour }: Kind): void {
    this.came.set(name, (this.came.get(name) ?? 0) + 1);
    const random = this.random.fork();
    const socket = net.connect({ port: this.port, host: "127.0.0.1", noDelay: true });
    this.#sockets.add(socket);
    let connected = false;
    socket.on("error", (error) => {
      if (!connected) this.failures.push(`${name}: ${error.message}`);
    });
    socket.on("close", () => this.#sockets.delete(socket));
    socket.once("connect", () => {
      connected = true;
      behaviour(new Visit(socket, random))
        .catch((error: unknown) => {
          // A visit is over once its connection is; that is no mistake.
          if (!isAbort(error)) this.failures.push(`${name}: ${String(error)}`);
        })
        .finally(() => socket.destroy());
    });
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
