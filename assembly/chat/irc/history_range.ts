/** Ranges of a room's history, by the ids and by the times of messages. */
import { Message } from "../delivery/message";
import { NO_TIME, parseTime } from "../protocol/irc/time_tag";
import { PastEvent } from "../rooms/event_log";
import { Room } from "../rooms/room";

const MSGID = "msgid=";
const TIMESTAMP = "timestamp=";
const record = new Message();

/** A bound of a range: a message, an event, or a time. The bound itself is not in the range. */
export class Bound {
  private constructor(
    private isTime: bool,
    private value: i64,
    /** The number of the event; 0: the bound is a message. */
    private event: u64 = 0,
  ) {}

  /**
   * Parses `msgid=...` or `timestamp=...`. A message that the server does not know is older than
   * all others.
   *
   * @returns null if the text is neither
   */
  static parse(text: string, epoch: u64): Bound | null {
    if (text.startsWith(TIMESTAMP)) {
      const time = parseTime(text.substring(TIMESTAMP.length));
      return time == NO_TIME ? null : new Bound(true, time);
    }
    if (!text.startsWith(MSGID) || text.length == MSGID.length) return null;
    const begin = `${MSGID}${epoch}-`;
    if (!text.startsWith(begin)) return new Bound(false, 0);
    const parts = text.substring(begin.length).split(".");
    const event = parts.length > 1 && parts[1].startsWith("e") ? parts[1].substring(1) : "0";
    return new Bound(false, I64.parseInt(parts[0]), U64.parseInt(event));
  }

  /**
   * Returns a negative number if a message or an event is before the bound, 0 if it is the bound.
   *
   * @param id the id of the message, or of the newest one before the event
   * @param event the number of the event; 0 for a message
   */
  compare(id: u64, milliseconds: i64, event: u64): i64 {
    if (this.isTime) return milliseconds - this.value;
    return <i64>id == this.value ? <i64>(event - this.event) : <i64>id - this.value;
  }

  /** Returns true if this bound is before another one of the same kind. */
  isBefore(other: Bound): bool {
    return this.value == other.value ? this.event < other.event : this.value < other.value;
  }
}

/** A part of a room's history: messages and, if wanted, events, in their order. */
export class HistoryRange {
  /**
   * The offset of each message, for {@link History.readRecord}; `~index` for each event of the log.
   */
  items: Array<i32> = [];
  private events: Array<PastEvent>;
  /** The bound before which {@link selectAround} counts items; null for none. */
  private center: Bound | null = null;
  /** The number of collected items before the center. */
  private older: i32 = 0;

  constructor(
    private room: Room,
    hasEvents: bool,
  ) {
    this.events = hasEvents ? room.events.all : [];
  }

  /**
   * Selects the items between two bounds.
   *
   * @param after null: from the oldest message on
   * @param before null: to the newest message
   * @param isNewest true for the last `most` items, false for the first ones
   */
  select(after: Bound | null, before: Bound | null, most: i32, isNewest: bool): void {
    const found = this.collect(after, before);
    const start = isNewest ? max(found.length - most, 0) : 0;
    this.items = found.slice(start, start + most);
  }

  /** Selects the items around a bound, and the bound itself. */
  selectAround(center: Bound, most: i32): void {
    this.center = center;
    this.older = 0;
    const all = this.collect(null, null);
    const start = max(this.older - most / 2, 0);
    this.items = all.slice(start, start + most);
  }

  private collect(after: Bound | null, before: Bound | null): Array<i32> {
    const found: Array<i32> = [];
    const history = this.room.history;
    let event = 0;
    let place = history.offsetOfNewest(history.count);
    while (history.hasRecordAt(place)) {
      const next = history.readRecord(place, record);
      event = this.collectEvents(found, event, record.id, after, before);
      if (isBetween(after, before, record.id, record.milliseconds, 0)) {
        found.push(<i32>place);
        this.countOlder(record.id, record.milliseconds, 0);
      }
      place = next;
    }
    this.collectEvents(found, event, u64.MAX_VALUE, after, before);
    return found;
  }

  /**
   * Collects the events from the index `from` on that are older than the message `id`.
   *
   * @returns the next index
   */
  private collectEvents(
    found: Array<i32>,
    from: i32,
    id: u64,
    after: Bound | null,
    before: Bound | null,
  ): i32 {
    let next = from;
    for (; next < this.events.length && this.events[next].after < id; next++) {
      const one = this.events[next];
      if (!isBetween(after, before, one.after, one.milliseconds, one.number)) continue;
      found.push(~next);
      this.countOlder(one.after, one.milliseconds, one.number);
    }
    return next;
  }

  private countOlder(id: u64, milliseconds: i64, event: u64): void {
    const center = this.center;
    if (center !== null && center.compare(id, milliseconds, event) < 0) this.older++;
  }
}

function isBetween(
  after: Bound | null,
  before: Bound | null,
  id: u64,
  milliseconds: i64,
  event: u64,
): bool {
  if (after !== null && after.compare(id, milliseconds, event) <= 0) return false;
  return before === null || before.compare(id, milliseconds, event) < 0;
}
