/**
 * One timer for the timeouts of silence of all connections. It checks all of them, at most once a
 * second, then sleeps until the first deadline. So a line sets no timer, timeouts are exact to a
 * second, and an idle server without deadlines does not wake.
 */
import { cancelTimer, Loop, Task, Timer } from "../../loop/loop";
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";
import { NEVER } from "./idle_timer";

/** The least time between two checks, in nanoseconds. */
const LEAST: u64 = NANOSECONDS_PER_SECOND;

/** The connections to check. */
export interface IdleChecked {
  /**
   * Closes or warns clients that were silent for too long.
   *
   * @returns the time of the next check, or NEVER
   */
  checkIdle(): u64;
}

export class IdleScan extends Task {
  private timer: Timer | null = null;
  private due: u64 = NEVER;
  private last: u64 = 0;

  constructor(
    private loop: Loop,
    private connections: IdleChecked,
  ) {
    super();
  }

  /**
   * Makes sure that the next check comes at `due`, in nanoseconds of the loop's clock, or earlier.
   */
  by(due: u64): void {
    const at = max(due, this.last + LEAST);
    if (due == NEVER || at >= this.due) return;
    this.due = at;
    cancelTimer(this.timer);
    const now = this.loop.now;
    const wait = at > now ? at - now : 0;
    this.timer = this.loop.callLater(<f64>wait / <f64>NANOSECONDS_PER_SECOND, this);
  }

  run(): void {
    this.timer = null;
    this.due = NEVER;
    this.last = this.loop.now;
    this.by(this.connections.checkIdle());
  }
}
