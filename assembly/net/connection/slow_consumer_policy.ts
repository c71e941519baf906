/**
 * Whether a peer reads too slowly. It is owed too much at once, or much for too long: then it is
 * closed. Before that, while it does take some of what it is owed, those who speak to it are asked
 * to wait a little; one that takes nothing keeps nobody waiting.
 */
import { Loop, Timer } from "../../loop/loop";
import { CloseReason } from "./close_reason";
import { Connection } from "./connection";
import { ConnectionLimits } from "./connection_limits";
import { Outbox } from "../sending/outbox";
import { cancelTimer, CloseOnTimeout } from "./close_on_timeout";

export class SlowConsumerPolicy {
  /** Runs while more than the soft limit is owed. */
  private timer: Timer | null = null;
  /** What the peer had taken when others were last asked to wait for it. */
  private taken: u64 = 0;

  constructor(
    private loop: Loop,
    private limits: ConnectionLimits,
    private connection: Connection,
  ) {}

  /** Looks at what is owed after a flush. @returns whether others should wait for this peer */
  judge(outbox: Outbox): bool {
    const owed = outbox.bytes;
    const limits = this.limits;
    if (owed > limits.hardBytes) {
      this.connection.close(CloseReason.SLOW);
      return false;
    }
    if (owed <= limits.softBytes) {
      this.stop();
    } else if (this.timer === null) {
      const end = new CloseOnTimeout(this.connection, CloseReason.SLOW);
      this.timer = this.loop.callLater(limits.softSeconds, end);
    }
    if (owed <= limits.hardBytes / 2 || outbox.sent == this.taken) return false;
    this.taken = outbox.sent;
    return true;
  }

  stop(): void {
    this.timer = cancelTimer(this.timer);
  }
}
