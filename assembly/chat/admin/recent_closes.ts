/** The clients that were closed last, with the reasons, for the operator's command `closed`. */
import { CloseReason, closeReasonText } from "../../net/connection/close_reason";
import { clientText } from "./log";
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";

/** The server remembers at most this many recent closes. @limit closes */
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

  /** Adds a closed client. @param now nanoseconds of the loop's clock */
  add(name: string, remote: string, reason: CloseReason, now: u64): void {
    if (this.kept.length >= RECENT_CLOSES_KEPT) this.kept.shift();
    this.kept.push(new RecentClose(clientText(name, remote), reason, now));
  }

  /** Returns a line for each, the newest one last. */
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
