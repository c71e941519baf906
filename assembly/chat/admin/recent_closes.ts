/** Who was closed last, and why: for the operator who asks "where has ann gone?". */
import { CloseReason, closeReasonText } from "../../net/connection/close_reason";
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";

/** The server remembers so many recent closes. @limit closes */
export const RECENT_CLOSES_KEPT: i32 = 100;

class RecentClose {
  constructor(
    public who: string,
    public reason: CloseReason,
    public at: u64,
  ) {}
}

export class RecentCloses {
  private kept: Array<RecentClose> = [];

  /** @param now in nanoseconds of the loop's clock */
  add(name: string, remote: string, reason: CloseReason, now: u64): void {
    if (this.kept.length >= RECENT_CLOSES_KEPT) this.kept.shift();
    const who = remote == "" || remote == name ? name : `${name} from ${remote}`;
    this.kept.push(new RecentClose(who, reason, now));
  }

  /** A line each, the newest last. */
  text(now: u64): string {
    let text = "";
    for (let i = 0; i < this.kept.length; i++) {
      const one = this.kept[i];
      const seconds = (now - one.at) / NANOSECONDS_PER_SECOND;
      text += `${one.who}: ${closeReasonText(one.reason)}, ${seconds} s ago\n`;
    }
    return text == "" ? "nobody has been closed yet\n" : text;
  }
}
