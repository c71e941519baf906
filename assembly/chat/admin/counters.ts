/** The counters of the server. statistics.ts reports them. */
import { CloseReason, closeReasonText } from "../../net/connection/close_reason";
import { countText } from "../../text/count_text";
import { Tally } from "./tally";

export class Counters {
  /** The number of accepted connections, including those that the server closed at once. */
  accepted: u64 = 0;
  /** The number of messages. */
  messages: u64 = 0;
  /** The number of deliveries: one for each client that got a message. */
  deliveries: u64 = 0;
  /** The number of closed connections by reason. */
  closed: Tally = new Tally();
  /** The number of times that each limit has delayed or closed a client. */
  limits: Tally = new Tally();

  constructor(
    /** The start of the server, in nanoseconds of the loop's clock. */
    public since: u64,
  ) {
    for (let i = 1; i < CloseReason.COUNT; i++) this.closed.addName(closeReasonText(i));
    this.limits.addName("rate");
    this.limits.addName("address rate");
    this.limits.addName("room rate");
    this.limits.addName("per address");
    this.limits.addName("pressure");
    this.limits.addName("long line");
    this.limits.addName("people");
    this.limits.addName("rooms");
    this.limits.addName("rooms per client");
    this.limits.addName("new rooms");
    this.limits.addName("announcements");
  }

  /** Counts a message with its deliveries. */
  // @ts-ignore: decorator
  @inline
  addMessage(deliveries: i32): void {
    this.messages++;
    this.deliveries += deliveries;
  }

  /** Returns the counts for people: `2 lines, 5 deliveries`. */
  saidText(): string {
    const deliveries = countText(this.deliveries, "delivery", "deliveries");
    return `${countText(this.messages, "line")}, ${deliveries}`;
  }
}
