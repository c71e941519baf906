/**
 * Whether a peer reads too slowly. It is owed too much at once, or much for too long: then it is
 * closed. Before that, while it does take some of what it is owed, those who speak to it are asked
 * to wait a little; one that takes nothing keeps nobody waiting.
 */
import { cancelTimer, Loop, Timer } from "../../loop/loop";
import { CloseReason } from "./close_reason";
import { ConnectionLimits } from "./connection_limits";
import { Outbox } from "../sending/outbox";
import { Closable, CloseOnTimeout } from "./close_on_timeout";

/** How a peer reads. */
export enum Consumption {
  /** It is owed little, or takes nothing, so that nobody should wait for it. */
  FINE = 0,
  /** It is owed much and takes some of it: those who speak to it should wait a little. */
  BEHIND = 1,
  /** It is owed more than the hard limit. */
  TOO_SLOW = 2,
}

export class SlowConsumerPolicy {
  /** Runs while more than the soft limit is owed. */
  private timer: Timer | null = null;
  /** What the peer had taken when others were last asked to wait for it. */
  private taken: u64 = 0;

  constructor(
    private loop: Loop,
    private limits: ConnectionLimits,
    private connection: Closable,
  ) {}

  /** Looks at what is owed after a flush. Closes nothing, but sets the timer of the soft limit. */
  judge(outbox: Outbox): Consumption {
    const owed = outbox.bytes;
    const limits = this.limits;
    if (owed > limits.hardBytes) return Consumption.TOO_SLOW;
    if (owed <= limits.softBytes) {
      this.stop();
    } else if (this.timer === null) {
      const end = new CloseOnTimeout(this.connection, CloseReason.SLOW);
      this.timer = this.loop.callLater(limits.softSeconds, end);
    }
    if (owed <= limits.hardBytes / 2 || outbox.sent == this.taken) return Consumption.FINE;
    this.taken = outbox.sent;
    return Consumption.BEHIND;
  }

  stop(): void {
    this.timer = cancelTimer(this.timer);
  }
}
