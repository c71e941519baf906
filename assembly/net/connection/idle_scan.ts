/**
 * One timer for the silence of all connections. It looks at every one of them, at most once a
 * second, and then sleeps until the first of them can be due: so a line costs no timer, limits are
 * kept to the second, and a server at which nothing can be due does not wake.
 */
import { Loop, Task, Timer } from "../../loop/loop";
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";
import { ConnectionSet } from "./connection_set";
import { NEVER } from "./idle_timer";
import { cancelTimer } from "./close_on_timeout";

/** The least time between two looks, in nanoseconds. */
const LEAST: u64 = NANOSECONDS_PER_SECOND;

export class IdleScan extends Task {
  private timer: Timer | null = null;
  private due: u64 = NEVER;
  private last: u64 = 0;

  constructor(
    private loop: Loop,
    private set: ConnectionSet,
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
    let next = NEVER;
    // Who is closed stays in the set until the tick has ended.
    for (let i = 0; i < this.set.size; i++) {
      next = min(next, this.set.get(i).checkIdle());
    }
    this.by(next);
  }
}
