/** The times of IRC's tags: `2026-11-30T00:45:13.304Z`, in UTC. */
import { isoTime, STAMP_BYTES, writeStamp } from "../../../text/calendar";
import { parseDecimal } from "../../../text/decimal";
import { MILLISECONDS_PER_SECOND } from "../../calendar_clock";

/** The length of such a time in bytes. */
export const TIME_BYTES: u32 = 24;
/** The result of {@link parseTime} for a text that is no time. */
export const NO_TIME: i64 = i64.MIN_VALUE;

const HYPHEN: u8 = 0x2d;
const SECONDS_PER_DAY: i64 = 86_400;
const NANOSECONDS_PER_MILLISECOND: u64 = 1_000_000;

/** The text of the second that was written last, without milliseconds. */
const second = memory.data(32);
let secondWritten: i64 = i64.MIN_VALUE;

/** Writes a time in milliseconds since 1970, {@link TIME_BYTES} bytes. */
export function writeTime(at: usize, milliseconds: i64): void {
  const seconds = milliseconds / MILLISECONDS_PER_SECOND;
  if (seconds != secondWritten) {
    secondWritten = seconds;
    writeStamp(second, seconds);
    store<u8>(second, HYPHEN, 4);
    store<u8>(second, HYPHEN, 7);
    store<u8>(second, 0x54, 10); // T
  }
  memory.copy(at, second, STAMP_BYTES);
  const rest = <u32>(milliseconds % MILLISECONDS_PER_SECOND);
  store<u8>(at, 0x2e, 19); // a dot
  store<u8>(at, <u8>(0x30 + rest / 100), 20);
  store<u8>(at, <u8>(0x30 + ((rest / 10) % 10)), 21);
  store<u8>(at, <u8>(0x30 + (rest % 10)), 22);
  store<u8>(at, 0x5a, 23); // Z
}

/** Returns a time in milliseconds since 1970 as text. */
export function timeText(milliseconds: i64): string {
  return isoTime(<u64>milliseconds * NANOSECONDS_PER_MILLISECOND);
}

/** Parses a time. @returns milliseconds since 1970, or {@link NO_TIME} */
export function parseTime(text: string): i64 {
  const isWhole = text.length == <i32>TIME_BYTES - 4 && text.endsWith("Z");
  const isExact = text.length == <i32>TIME_BYTES && text.endsWith("Z") && text.charAt(19) == ".";
  if (!isWhole && !isExact) return NO_TIME;
  if (text.charAt(4) != "-" || text.charAt(7) != "-" || text.charAt(10) != "T") return NO_TIME;
  if (text.charAt(13) != ":" || text.charAt(16) != ":") return NO_TIME;
  const year = numberAt(text, 0, 4, 9999);
  const month = numberAt(text, 5, 7, 12);
  const day = numberAt(text, 8, 10, 31);
  const hour = numberAt(text, 11, 13, 23);
  const minute = numberAt(text, 14, 16, 59);
  // A leap second is the 60th.
  const seconds = numberAt(text, 17, 19, 60);
  const milliseconds = isExact ? numberAt(text, 20, 23, 999) : 0;
  if (year < 1970 || month < 1 || day < 1 || hour < 0 || minute < 0) return NO_TIME;
  if (seconds < 0 || milliseconds < 0) return NO_TIME;
  const time = daysBefore(year, month, day) * SECONDS_PER_DAY;
  const inDay: i64 = hour * 3600 + minute * 60 + seconds;
  return (time + inDay) * MILLISECONDS_PER_SECOND + milliseconds;
}

/** Returns the number at these places of a text, or -1 if it has others than digits. */
function numberAt(text: string, from: i32, to: i32, most: i64): i64 {
  const digits = text.substring(from, to);
  let trimmed = 0;
  while (trimmed < digits.length - 1 && digits.charAt(trimmed) == "0") trimmed++;
  return parseDecimal(digits.substring(trimmed), <i32>most);
}

/** Returns the days from 1970-01-01 to a date. A year begins in March, as in calendar.ts. */
function daysBefore(year: i64, month: i64, day: i64): i64 {
  const from = month > 2 ? year : year - 1;
  const era = from / 400;
  const yearOfEra = from - era * 400;
  const dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468;
}
