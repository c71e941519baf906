/** Ranges of a room's history, by the ids and by the times of messages. */
import { Message } from "../delivery/message";
import { NO_TIME, parseTime } from "../protocol/irc/time_tag";
import { History } from "../rooms/history";

const MSGID = "msgid=";
const TIMESTAMP = "timestamp=";
const record = new Message();

/** A bound of a range: a message, or a time. It is outside of the range. */
export class Bound {
  private constructor(
    private isTime: bool,
    private value: i64,
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
    return new Bound(
      false,
      text.startsWith(begin) ? I64.parseInt(text.substring(begin.length)) : 0,
    );
  }

  /** Returns a negative number if a message is before the bound, 0 if it is the bound. */
  compare(message: Message): i64 {
    return (this.isTime ? message.milliseconds : <i64>message.id) - this.value;
  }

  /** Returns true if this bound is before another one of the same kind. */
  isBefore(other: Bound): bool {
    return this.value < other.value;
  }
}

/** Some messages of a history, one after the other. */
export class HistoryRange {
  /** The offset of the first one, for {@link History.readRecord}. */
  from: u32 = 0;
  count: i32 = 0;

  constructor(private history: History) {}

  /**
   * Selects messages between two bounds.
   *
   * @param after null: from the oldest message on
   * @param before null: to the newest message
   * @param isNewest true for the last `most` messages, false for the first ones
   */
  select(after: Bound | null, before: Bound | null, most: i32, isNewest: bool): void {
    const found: Array<u32> = [];
    let place = this.history.offsetOfNewest(this.history.count);
    while (this.history.hasRecordAt(place)) {
      const next = this.history.readRecord(place, record);
      const isIn =
        (after === null || after.compare(record) > 0) &&
        (before === null || before.compare(record) < 0);
      if (isIn) found.push(place);
      place = next;
    }
    this.take(found, isNewest ? max(found.length - most, 0) : 0, most);
  }

  /** Selects the messages around a bound, with the bound itself. */
  selectAround(center: Bound, most: i32): void {
    const found: Array<u32> = [];
    let older = 0;
    let place = this.history.offsetOfNewest(this.history.count);
    while (this.history.hasRecordAt(place)) {
      const next = this.history.readRecord(place, record);
      if (center.compare(record) < 0) older++;
      found.push(place);
      place = next;
    }
    this.take(found, max(older - most / 2, 0), most);
  }

  private take(found: Array<u32>, start: i32, most: i32): void {
    this.count = min(most, found.length - start);
    if (this.count > 0) this.from = found[start];
  }
}
