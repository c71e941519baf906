/** Lengths of time as people write them: `30s`, `10m`, `2h`, `7d`; `3 d 4 h`. */
import { parseDecimal } from "./decimal";

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/** A ban or mute that ends lasts so long at most: ten years. @limit seconds */
export const DURATION_MOST: i64 = 3650 * DAY;

/** Seconds of `30s`, `10m`, `2h`, `7d` or `2w`; -1 if the text is nothing of that kind. */
export function parseDuration(text: string): i64 {
  const units: StaticArray<i64> = [1, MINUTE, HOUR, DAY, 7 * DAY];
  const unit = "smhdw".indexOf(text.charAt(text.length - 1).toLowerCase());
  if (text.length < 2 || unit < 0) return -1;
  const number = parseDecimal(text.substring(0, text.length - 1), i32.MAX_VALUE);
  const seconds = <i64>number * units[unit];
  return number > 0 && seconds <= DURATION_MOST ? seconds : -1;
}

/** `3 d 4 h`, `5 m 7 s`: the two greatest units. */
export function durationText(seconds: i64): string {
  if (seconds >= DAY) return `${seconds / DAY} d ${(seconds % DAY) / HOUR} h`;
  if (seconds >= HOUR) return `${seconds / HOUR} h ${(seconds % HOUR) / MINUTE} m`;
  return seconds >= MINUTE ? `${seconds / MINUTE} m ${seconds % MINUTE} s` : `${seconds} s`;
}
