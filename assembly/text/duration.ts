/** Durations as people write them: `30s`, `10m`, `2h`, `7d`; `3 d 4 h`. */
import { parseDecimal } from "./decimal";

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/** The longest temporary ban or mute: ten years. @limit seconds */
export const DURATION_MOST: i64 = 3650 * DAY;

const UNITS: StaticArray<i64> = [1, MINUTE, HOUR, DAY, 7 * DAY];

/**
 * Parses a duration: `30s`, `10m`, `2h`, `7d`, `2w`, or several, the largest unit first: `2h30m`.
 *
 * @returns seconds, or -1 if the text is no duration, zero, or more than {@link DURATION_MOST}
 */
export function parseDuration(text: string): i64 {
  let seconds: i64 = 0;
  let unitBefore = UNITS.length;
  for (let at = 0; at < text.length; at++) {
    const from = at;
    while (at < text.length && isDigit(text, at)) at++;
    const number = parseDecimal(text.substring(from, at), i32.MAX_VALUE);
    const unit = at < text.length ? "smhdw".indexOf(text.charAt(at).toLowerCase()) : -1;
    if (number < 0 || unit < 0 || unit >= unitBefore) return -1;
    unitBefore = unit;
    seconds += <i64>number * UNITS[unit];
  }
  return seconds > 0 && seconds <= DURATION_MOST ? seconds : -1;
}

function isDigit(text: string, at: i32): bool {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

/** Formats seconds with the two largest units: `3 d 4 h`, `5 m 7 s`. */
export function durationText(seconds: i64): string {
  if (seconds >= DAY) return `${seconds / DAY} d ${(seconds % DAY) / HOUR} h`;
  if (seconds >= HOUR) return `${seconds / HOUR} h ${(seconds % HOUR) / MINUTE} m`;
  return seconds >= MINUTE ? `${seconds / MINUTE} m ${seconds % MINUTE} s` : `${seconds} s`;
}
