/**
 * Lets the guest and its world take turns: each call takes some virtual time, and a wait runs the
 * world.
 */
import { GuestStopped, type StopReason } from "../../host/runtime/outcome.js";
import { DELAY_NS, type Faults } from "./faults.js";
import type { World } from "./world.js";

export class Ticks {
  #calls = 0;
  #stop: GuestStopped | undefined;

  constructor(
    private readonly world: World,
    private readonly faults: Faults,
    private readonly callNs: number,
    private readonly callsMost: number,
  ) {}

  get calls(): number {
    return this.#calls;
  }

  /** Ends the guest at its next call. */
  stop(reason: StopReason, detail: string): void {
    this.#stop ??= new GuestStopped(reason, detail);
  }

  enter(call: string): void {
    this.#calls++;
    const fault = this.faults.onTime?.(call);
    if (fault?.realtimeJumpNs !== undefined) this.world.jumpRealtime(fault.realtimeJumpNs);
    this.world.advanceTo(this.world.now + this.callNs + (fault?.stallNs ?? 0));
    if (this.#calls > this.callsMost) {
      this.stop("out of calls", `${this.callsMost} calls, the last was ${call}`);
    }
    this.#checkStopped();
  }

  /**
   * Runs the world until `look` returns true or the deadline has come.
   *
   * @param look may return false although something is ready, while `isDelayed` returns true: it is
   *   then called again after a short time
   * @param deadline nanoseconds of the world
   */
  wait(look: () => boolean, deadline = Infinity, isDelayed = () => false): void {
    const world = this.world;
    while (!look()) {
      const again = isDelayed() ? world.now + DELAY_NS : Infinity;
      const until = Math.min(deadline, again);
      if (!world.goOn(until)) {
        throw new GuestStopped("waits for ever", "nothing is scheduled, and no clock is set");
      }
      this.#checkStopped();
      if (world.now >= deadline && world.nextAt > deadline) {
        look();
        return;
      }
    }
  }

  #checkStopped(): void {
    if (this.#stop !== undefined) throw this.#stop;
  }
}
