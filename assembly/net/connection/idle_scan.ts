/**
 * One timer for the silence of all connections. It looks at every one of them, at most once a
 * second, and then sleeps until the first of them can be due: so a line costs no timer, limits are
 * kept to the second, and a server at which nothing can be due does not wake.
 */
import { cancelTimer, Loop, Task, Timer } from "../../loop/loop";
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";
import { NEVER } from "./idle_timer";

/** The least time between two looks, in nanoseconds. */
const LEAST: u64 = NANOSECONDS_PER_SECOND;

/** Connections that can be asked how long they have been idle. */
export interface IdleChecked {
  /** Closes or warns those that have been idle for too long. @returns when to look again */
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

  /** Somebody can be due at a time. */
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
