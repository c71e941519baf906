/**
 * Decides if a client is a slow consumer: its outbox is too large, or large for too long. Then it
 * is closed. Before that, while the client still takes some bytes, the clients that send to it are
 * throttled. A client that takes no bytes causes no throttle.
 */
import { cancelTimer, Loop, Timer } from "../../loop/loop";
import { CloseReason } from "./close_reason";
import { ConnectionLimits } from "./connection_limits";
import { Outbox } from "../sending/outbox";
import { Closable, CloseOnTimeout } from "./close_on_timeout";

/** The result of the check. */
export enum Consumption {
  /**
   * The outbox is small, or the client takes nothing, so that throttling other clients would not
   * help.
   */
  FINE = 0,
  /**
   * The outbox is large, and the client takes some of it: clients that send to it should be
   * throttled.
   */
  BEHIND = 1,
  /** The outbox exceeds the hard limit. */
  TOO_SLOW = 2,
}

export class SlowConsumerPolicy {
  /** The timer of the soft limit. It runs while the outbox exceeds the soft limit. */
  private timer: Timer | null = null;
  /** The bytes that the socket had taken at the last BEHIND. */
  private takenAtBehind: u64 = 0;

  constructor(
    private loop: Loop,
    private limits: ConnectionLimits,
    private connection: Closable,
  ) {}

  /**
   * Returns how well the client reads, by its outbox after a flush. Closes nothing, but sets or
   * cancels the timer of the soft limit.
   */
  judgeOutbox(outbox: Outbox): Consumption {
    const owed = outbox.queuedBytes;
    const limits = this.limits;
    if (owed > limits.hardBytes) return Consumption.TOO_SLOW;
    if (owed <= limits.softBytes) {
      this.stopTimer();
    } else if (this.timer === null) {
      const end = new CloseOnTimeout(this.connection, CloseReason.SLOW);
      this.timer = this.loop.callLater(limits.softSeconds, end);
    }
    if (owed <= limits.hardBytes / 2 || outbox.sentBytes == this.takenAtBehind)
      return Consumption.FINE;
    this.takenAtBehind = outbox.sentBytes;
    return Consumption.BEHIND;
  }

  stopTimer(): void {
    this.timer = cancelTimer(this.timer);
  }
}
