/** What the server counts as it happens; statistics.ts reports it. */
import { CloseReason, closeReasonText } from "../../net/connection/close_reason";
import { countText } from "../../text/count_text";
import { Tally } from "./tally";

export class Counters {
  /** Connections accepted, those that were closed at once without a word included. */
  accepted: u64 = 0;
  /** Messages that were said, and the deliveries that they made. */
  messages: u64 = 0;
  deliveries: u64 = 0;
  /** Why connections have ended. */
  closed: Tally = new Tally();
  /** How often each limit has held a client up or closed it. */
  limits: Tally = new Tally();

  constructor(
    /** When the server began, in nanoseconds of the loop's clock. */
    public since: u64,
  ) {
    const none = closeReasonText(CloseReason.NONE);
    for (let i = 1; closeReasonText(i) != none; i++) this.closed.expect(closeReasonText(i));
    this.limits.expect("rate");
    this.limits.expect("address rate");
    this.limits.expect("per address");
    this.limits.expect("pressure");
    this.limits.expect("long line");
    this.limits.expect("people");
    this.limits.expect("rooms");
  }

  /** @returns what was said, for people: `2 lines, 5 deliveries` */
  saidText(): string {
    const deliveries = countText(this.deliveries, "delivery", "deliveries");
    return `${countText(this.messages, "line")}, ${deliveries}`;
  }
}
