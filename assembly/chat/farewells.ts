/** Who was closed last, and why: for the operator who asks "where has ann gone?". */
import { CloseReason, closeReasonText } from "../net/close_reason";
import { NANOSECONDS_PER_SECOND } from "../wasi/clock";

/** How many are remembered. */
export const FAREWELLS_KEPT: i32 = 100;

class Farewell {
  constructor(
    public who: string,
    public reason: CloseReason,
    public at: u64,
  ) {}
}

export class Farewells {
  private kept: Array<Farewell> = [];

  /** @param now in nanoseconds of the loop's clock */
  add(name: string, remote: string, reason: CloseReason, now: u64): void {
    if (this.kept.length >= FAREWELLS_KEPT) this.kept.shift();
    const who = remote == "" || remote == name ? name : `${name} from ${remote}`;
    this.kept.push(new Farewell(who, reason, now));
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
