/**
 * The end of a server that sends its people away one after the other, so that they do not all come
 * to the next one at once.
 */
import { Task } from "../../loop/loop";
import { CloseReason } from "../../net/connection/close_reason";
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";
import { ChatServer } from "../server";

/** A drain takes so long if the operator names no time. @limit seconds */
export const DRAIN_SECONDS: i32 = 10;
/** A drain takes so long at most. @limit seconds */
export const DRAIN_SECONDS_MOST: i32 = 3600;
/** Between two steps, in seconds. */
const STEP: f64 = 0.1;

export class Drain extends Task {
  private end: u64;
  private span: u64;
  private total: i32;

  constructor(
    private server: ChatServer,
    seconds: i32,
  ) {
    super();
    this.span = <u64>seconds * NANOSECONDS_PER_SECOND;
    this.end = server.loop.now + this.span;
    this.total = server.users.size;
  }

  /** Leaves as large a part of the people as is left of the time; when it is up, stops. */
  run(): void {
    const server = this.server;
    const now = server.loop.now;
    if (now >= this.end) {
      server.stop();
      return;
    }
    const left = <i32>Math.ceil((<f64>this.total * <f64>(this.end - now)) / <f64>this.span);
    const users = server.users.all();
    for (let i = 0; i < users.length - left; i++) users[i].connection.close(CloseReason.DRAINED);
    server.loop.callLater(STEP, this);
  }
}
