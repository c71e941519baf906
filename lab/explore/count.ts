/**
 * Runs with many clients that are counted instead of shown: they record no stacks and no moments.
 */
import { Eventtype } from "../../host/runtime/abi.js";
import type { Event, Subscription } from "../../host/runtime/kernel.js";
import { runGuest } from "../../host/runtime/run.js";
import { TraceHash } from "../../host/runtime/trace.js";
import type { WasmModule } from "../../host/runtime/webassembly.js";
import { argumentsOf, stageOf } from "./play.js";
import { RecordingKernel } from "./recording_kernel.js";
import type { Act, Script } from "./script.js";

/** The virtual time of each call, in nanoseconds. It is short, so that waits stand out. */
export const COUNTED_CALL_NS = 500;
const CALLS_MOST = 3_000_000;
const LISTENER = 3;
const MICROSECOND_NS = 1_000;

export interface Order {
  program: string;
  words?: string[];
  host: Script["host"];
  clients: number;
  /** The messages that clients send, with times in microseconds. */
  lines: { at: number; client: number; text: string }[];
  /** The time at which counting begins, in microseconds. */
  from: number;
  /** The time at which the guest is stopped, in microseconds. */
  until: number;
  samples: number;
}

export interface Sample {
  /** Microseconds. */
  at: number;
  /** Calls of all kinds. */
  calls: number;
  polls: number;
  /** Polls after which something was read, sent or accepted. */
  useful: number;
  /** Descriptors that were passed to polls. */
  handed: number;
  /** Descriptors that polls reported as ready. */
  ready: number;
  /**
   * Rounds of a program that tries all descriptors in turn: it tries the listener once in each
   * round.
   */
  rounds: number;
  /** Accepts and reads. */
  asked: number;
}

export interface Counted {
  /** The last sample is at `until`. */
  samples: Sample[];
  hash: string;
}

class CountingKernel extends RecordingKernel {
  readonly count = { polls: 0, useful: 0, handed: 0, ready: 0, rounds: 0, asked: 0 };
  #worked = false;

  #works(): void {
    if (!this.#worked) this.count.useful++;
    this.#worked = true;
  }

  override poll(subscriptions: Subscription[]): Event[] | number {
    const watched = subscriptions.filter(({ type }) => type !== Eventtype.CLOCK).length;
    const waits = subscriptions.some(
      (one) => one.type === Eventtype.FD_READ && one.fd === LISTENER,
    );
    const events = super.poll(subscriptions);
    this.count.polls++;
    this.#worked = false;
    if (waits && watched > 1) {
      this.count.handed += watched;
      this.count.ready += this.notes.call.poll?.ready ?? 0;
    }
    return events;
  }

  override accept(fd: number, flags: number): number {
    this.count.rounds++;
    this.count.asked++;
    const got = super.accept(fd, flags);
    if (got >= 0) this.#works();
    return got;
  }

  override recv(fd: number, targets: Uint8Array[], flags: number): number {
    this.count.asked++;
    const got = super.recv(fd, targets, flags);
    if (this.notes.call.moved > 0) this.#works();
    return got;
  }

  override send(fd: number, pieces: Uint8Array[]): number {
    const put = super.send(fd, pieces);
    if (put > 0) this.#works();
    return put;
  }
}

export function count(module: WasmModule, order: Order): Counted {
  const { program, words = [], host, clients, lines, from, until, samples } = order;
  const acts: Act[] = [
    ...Array.from({ length: clients }, (_, client): Act => {
      return { at: 1 + client, does: "connect", client, text: "" };
    }),
    ...lines.map(({ at, client, text }): Act => ({ at, does: "write", client, text })),
  ];
  const script: Script = { program, words, host, acts };
  const { world, listener, stdin, stdout, stderr } = stageOf(script);
  const kernel = new CountingKernel(world, {
    ...{ dialect: host, listeners: [listener], stdin, stdout, stderr },
    ...{ callNs: COUNTED_CALL_NS, callsMost: CALLS_MOST },
  });
  const trace = new TraceHash();
  const taken: Sample[] = [];
  for (let at = 0; at <= samples; at++) {
    const time = from + ((until - from) * at) / samples;
    world.at(time * MICROSECOND_NS, () =>
      taken.push({ at: time, calls: trace.calls, ...kernel.count }),
    );
  }
  world.at(until * MICROSECOND_NS, () => kernel.kill("out of time", "the count ends here"));
  runGuest(module, kernel, { args: argumentsOf(script), trace });
  return { samples: taken, hash: trace.digest() };
}

/** Returns the counts between the first sample and the last. */
export function totalOf({ samples }: Counted): Omit<Sample, "at"> {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) throw new Error("nothing was counted");
  const keys = ["calls", "polls", "useful", "handed", "ready", "rounds", "asked"] as const;
  const total = { ...last };
  for (const key of keys) total[key] -= first[key];
  return total;
}
