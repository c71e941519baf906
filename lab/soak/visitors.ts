/**
 * The visitors: clients that come and go while the crowd stays. Each kind arrives at its own rate,
 * drawn from the seed.
 */
import net from "node:net";
import type { Random } from "../world/random.js";
import { type Kind, KINDS, Visit } from "./visits.js";

/** The first visitor of each kind arrives within this time. */
const FIRST_MS = 1000;

export class Visitors {
  /** The number of visits by kind. */
  readonly came = new Map<string, number>();
  /** The reason for each visit that could not begin or not end as planned. */
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

  /** Ends all visits, and lets no new visitor come. */
  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const socket of this.#sockets) socket.destroy();
  }

  /** The number of visitors that are connected. */
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
          // The end of the connection ends a visit; that is no failure.
          if (!isAbort(error)) this.failures.push(`${name}: ${String(error)}`);
        })
        .finally(() => socket.destroy());
    });
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
