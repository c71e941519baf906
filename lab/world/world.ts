/**
 * Everything around the guests: time, randomness, scheduled actions, listeners and clients. A world
 * outlives the guests that run in it, one after another.
 */
import { Listener } from "./listener.js";
import { Peer } from "./peer.js";
import { Random } from "./random.js";
import { Schedule, type Action, type Scheduled } from "./schedule.js";
import { Input, Output, type InputKind } from "./stdio.js";
import type { StreamOptions } from "./stream.js";

export const SECOND_NS = 1_000_000_000;
export const MILLISECOND_NS = 1_000_000;

/** 2026-01-01 00:00:00 UTC. */
const REALTIME_START_NS = 1_767_225_600n * BigInt(SECOND_NS);
const BACKLOG_CONNECTIONS = 4096;
const FIRST_CLIENT_PORT = 40_000;
const CLIENT_PORTS = 20_000;

export const STREAM_DEFAULTS: StreamOptions = {
  inboxBytes: 65536,
  outboxBytes: 65536,
  latencyNs: 0,
};

export interface WorldOptions {
  seed: number;
  /** Nanoseconds since 1970 at the start of the world. */
  realtimeNs?: bigint;
}

export class World {
  readonly random: Random;
  readonly #schedule = new Schedule();
  #now = 0;
  #realtimeStart: bigint;
  #actions = 0;
  #connections = 0;

  constructor(options: WorldOptions) {
    this.random = new Random(options.seed);
    this.#realtimeStart = options.realtimeNs ?? REALTIME_START_NS;
  }

  /** Nanoseconds since the start of the world. */
  get now(): number {
    return this.#now;
  }

  get realtimeNs(): bigint {
    return this.#realtimeStart + BigInt(this.#now);
  }

  /** The number of actions that have run. */
  get actions(): number {
    return this.#actions;
  }

  /** The time of the next action in nanoseconds; Infinity if there is none. */
  get nextAt(): number {
    return this.#schedule.nextAt;
  }

  jumpRealtime(nanoseconds: number): void {
    this.#realtimeStart += BigInt(Math.trunc(nanoseconds));
  }

  /**
   * Schedules an action; a time in the past counts as now. To cancel it, set its `action` to
   * undefined.
   */
  at(nanoseconds: number, action: Action): Scheduled {
    return this.#schedule.add(Math.max(nanoseconds, this.#now), action);
  }

  after(nanoseconds: number, action: Action): Scheduled {
    return this.at(this.#now + nanoseconds, action);
  }

  listen(backlog = BACKLOG_CONNECTIONS): Listener {
    return new Listener(backlog);
  }

  /** Connects a client now. @param from its address; by default 127.0.0.1 with a port of its own */
  connect(listener: Listener, options: Partial<StreamOptions> = {}, from?: string): Peer {
    const port = FIRST_CLIENT_PORT + (this.#connections++ % CLIENT_PORTS);
    const place = from ?? `127.0.0.1:${port}`;
    return new Peer(this, listener, { ...STREAM_DEFAULTS, ...options }, place);
  }

  input(kind: InputKind): Input {
    return new Input(kind);
  }

  output(options: { isTerminal?: boolean; capacity?: number } = {}): Output {
    return new Output(() => this.#now, options.isTerminal, options.capacity);
  }

  /** Runs the next action at its time. @returns false if there is none */
  step(): boolean {
    const next = this.#schedule.take();
    if (next === undefined) return false;
    this.#now = Math.max(this.#now, next.at);
    this.#actions++;
    next.action?.();
    return true;
  }

  /**
   * Runs the next action, or advances to `until` (nanoseconds) if that is earlier.
   *
   * @returns false if neither ever comes
   */
  goOn(until: number): boolean {
    if (this.nextAt <= until) return this.step();
    this.advanceTo(until);
    return true;
  }

  /**
   * Advances the time to `nanoseconds`, and runs each action that is due until then at its time.
   */
  advanceTo(nanoseconds: number): void {
    while (this.nextAt <= nanoseconds) this.step();
    this.#now = Math.max(this.#now, nanoseconds);
  }

  /** Runs all scheduled actions up to a time, without a guest: for the end of a world. */
  settle(limitNs = Infinity): void {
    while (this.nextAt <= limitNs) if (!this.step()) return;
  }
}
