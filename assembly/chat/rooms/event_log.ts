/**
 * The newest events of a room besides messages: joins, leaves and topics. IRC clients replay them.
 * They are kept in memory only, until the last user leaves.
 */

/** A room remembers at most this many events. @limit events */
export const EVENTS_MOST: i32 = 100;

/** An event of the past. */
export class PastEvent {
  constructor(
    /** The id of the newest message before it. */
    public after: u64,
    /** Its number: greater than that of every earlier event. */
    public number: u64,
    /** The time in milliseconds since 1970. */
    public milliseconds: i64,
    /** The id of the session whose words it has; 0: it has none. */
    public author: u64,
    /** The line of IRC, without tags and CR LF. */
    public line: string,
  ) {}
}

/** Shared by all rooms without events. */
const NO_EVENTS: Array<PastEvent> = [];

export class EventLog {
  /** The events, the oldest first. */
  all: Array<PastEvent> = NO_EVENTS;

  add(event: PastEvent): void {
    if (this.all === NO_EVENTS) this.all = [];
    if (this.all.length >= EVENTS_MOST) this.all.shift();
    this.all.push(event);
  }

  clear(): void {
    this.all = NO_EVENTS;
  }
}
