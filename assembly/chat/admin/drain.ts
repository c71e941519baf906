/**
 * A drain closes the clients of a server one by one, so that they do not all connect to the next
 * server at once. Then it stops the server.
 */
import { Loop, Task } from "../../loop/loop";
import { CloseReason } from "../../net/connection/close_reason";
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";
import { UserDirectory } from "../users/user_directory";

/** A drain takes this time if the operator gives none. @limit seconds */
export const DRAIN_SECONDS: i32 = 10;
/** A drain takes at most this time. @limit seconds */
export const DRAIN_SECONDS_MOST: i32 = 3600;
/** The time between two steps, in seconds. */
const STEP: f64 = 0.1;

/** The server, as a drain needs it: the drain stops it at the end. */
export interface Stoppable {
  stop(): void;
}

export class Drain extends Task {
  private end: u64;
  private span: u64;
  private total: i32;

  constructor(
    private loop: Loop,
    private users: UserDirectory,
    private server: Stoppable,
    seconds: i32,
  ) {
    super();
    this.span = <u64>seconds * NANOSECONDS_PER_SECOND;
    this.end = loop.now + this.span;
    this.total = users.size;
  }

  /**
   * Closes users in step with the time: after a third of it, two thirds of the users remain. At the
   * end, stops the server.
   */
  run(): void {
    const now = this.loop.now;
    if (now >= this.end) {
      this.server.stop();
      return;
    }
    const left = <i32>Math.ceil((<f64>this.total * <f64>(this.end - now)) / <f64>this.span);
    const users = this.users.all();
    for (let i = 0; i < users.length - left; i++) users[i].connection.close(CloseReason.DRAINED);
    this.loop.callLater(STEP, this);
  }
}
