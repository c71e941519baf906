/**
 * Decides which fault occurs when: at random from the world's seed, until the world becomes calm.
 */
import { Errno } from "../../host/runtime/abi.js";
import type { Event } from "../../host/runtime/kernel.js";
import type { Fault, Faults, TimeFault } from "../world/faults.js";
import type { Random } from "../world/random.js";
import { MILLISECOND_NS, SECOND_NS, type World } from "../world/world.js";
import type { FaultName, FaultRates } from "./spec.js";

export const TRAP = "Protocol error (os error 71)";
const FIRST_SOCKET = 3;
const DELAY_EPOCH_NS = 20 * MILLISECOND_NS;
const STALL_MOST_NS = 3 * SECOND_NS;
const JUMP_MOST_NS = 86_400 * SECOND_NS;
const ACCEPT_ERRNOS = [Errno.CONNABORTED, Errno.MFILE, Errno.NFILE, Errno.NOBUFS];
const BREAKING = [Errno.CONNRESET, Errno.PIPE];
/** Faults that occur at random times instead of at calls. */
const TIMED: readonly FaultName[] = ["spurious", "jump", "stall"];

export class FaultPlan implements Faults {
  struck = 0;
  #calm = false;
  readonly #due = new Set<FaultName>();

  /** @param onBroken called with the descriptor of a connection that a fault has broken */
  constructor(
    private readonly rates: FaultRates,
    private readonly random: Random,
    private readonly world: World,
    private readonly onBroken: (fd: number) => void,
  ) {
    for (const name of TIMED) if ((rates[name] ?? 0) > 0) this.#schedule(name);
  }

  /** Ends all faults. */
  calmDown(): void {
    this.#calm = true;
  }

  onTime(): TimeFault | undefined {
    if (this.#calm || this.#due.size === 0) return undefined;
    const fault: TimeFault = {};
    if (this.#take("stall")) fault.stallNs = this.random.below(STALL_MOST_NS);
    if (this.#take("jump")) {
      fault.realtimeJumpNs = Math.floor((this.random.below(2001) / 1000 - 1) * JUMP_MOST_NS);
    }
    return fault;
  }

  onCall(call: string, fd: number, bytes: number): Fault | undefined {
    if (this.#calm || fd < FIRST_SOCKET) return undefined;
    if (call.startsWith("fd_") || call.startsWith("path_")) return this.#onFile(call, bytes);
    if (this.#strikes("trap")) return { trap: TRAP };
    if (call !== "sock_shutdown" && this.#strikes("again")) return { errno: Errno.AGAIN };
    if (call === "sock_accept") {
      return this.#strikes("accept") ? { errno: this.random.pick(ACCEPT_ERRNOS) } : undefined;
    }
    if (this.#strikes("reset")) {
      this.onBroken(fd);
      return { errno: this.random.pick(BREAKING) };
    }
    const short = call === "sock_send" ? "short-write" : "short-read";
    if (bytes < 2 || !this.#strikes(short)) return undefined;
    return { mostBytes: 1 + this.random.below(Math.min(bytes, 2000) - 1) };
  }

  /**
   * A write to a file may be short, too. The guest writes the rest, or is killed before it does.
   */
  #onFile(call: string, bytes: number): Fault | undefined {
    if (call !== "fd_write" || bytes < 2 || !this.#strikes("short-write")) return undefined;
    return { mostBytes: 1 + this.random.below(bytes - 1) };
  }

  onReadiness(fd: number, direction: 1 | 2, ready: boolean): boolean {
    if (this.#calm || fd < FIRST_SOCKET) return ready;
    if (!ready)
      return this.#due.has("spurious") && this.random.chance(0.3) && this.#take("spurious");
    const rate = this.rates.delay ?? 0;
    if (rate === 0) return true;
    const epoch = Math.floor(this.world.now / DELAY_EPOCH_NS);
    return mix(epoch, fd * 2 + direction) >= rate;
  }

  /** Shuffles events: a host may report them in any order. */
  onEvents(events: Event[]): void {
    if (this.#calm || !this.#strikes("order")) return;
    for (let last = events.length - 1; last > 0; last--) {
      const other = this.random.below(last + 1);
      [events[last], events[other]] = [events[other] as Event, events[last] as Event];
    }
  }

  #strikes(name: FaultName): boolean {
    const rate = this.rates[name] ?? 0;
    if (rate === 0 || !this.random.chance(rate)) return false;
    this.struck++;
    return true;
  }

  #take(name: FaultName): boolean {
    if (!this.#due.delete(name)) return false;
    this.struck++;
    return true;
  }

  #schedule(name: FaultName): void {
    const mean = SECOND_NS / (this.rates[name] ?? 1);
    this.world.after(1 + this.random.below(Math.min(2 * mean, 2 ** 32)), () => {
      if (this.#calm) return;
      this.#due.add(name);
      this.#schedule(name);
    });
  }
}

/** Returns a hash of two numbers, from 0 to 1. */
function mix(one: number, two: number): number {
  let mixed = Math.imul(one ^ Math.imul(two, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32;
}
