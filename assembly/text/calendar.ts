/** Formats times as calendar dates, and parses time zones, like Python's `datetime`. */

/** The length of `YYYY/MM/DD HH:MM:SS` in bytes. */
export const STAMP_BYTES: u32 = 19;
/** The result of {@link parseTimeZone} for a text that is no time zone. */
export const NO_TIME_ZONE: i32 = i32.MIN_VALUE;

const SECONDS_PER_DAY: i64 = 86_400;
const SLASH: u8 = 0x2f;
const HYPHEN: u8 = 0x2d;
const COLON: u8 = 0x3a;
const SPACE: u8 = 0x20;
/** The largest offset in use is +14:00 (Line Islands). */
const WIDEST_OFFSET_HOURS: i32 = 14;

const scratch = memory.data(32);

/** Writes the time as `YYYY/MM/DD HH:MM:SS`, 19 bytes, as the tutorial's messages show it. */
export function writeStamp(at: usize, unixSeconds: i64): void {
  write(at, unixSeconds, SLASH);
}

/** Returns the time as Python's `logging` prints it: `YYYY-MM-DD HH:MM:SS,mmm`. */
export function logTime(unixNanoseconds: u64): string {
  write(scratch, <i64>(unixNanoseconds / 1_000_000_000), HYPHEN);
  const milliseconds = (unixNanoseconds / 1_000_000) % 1000;
  return (
    String.UTF8.decodeUnsafe(scratch, STAMP_BYTES) + "," + milliseconds.toString().padStart(3, "0")
  );
}

/** Returns the time in ISO 8601, for programs: `YYYY-MM-DDTHH:MM:SS.mmmZ`. */
export function isoTime(unixNanoseconds: u64): string {
  return logTime(unixNanoseconds).replace(" ", "T").replace(",", ".") + "Z";
}

/** Parses `UTC`, `Z`, `+08:00` or `-03:30`. @returns minutes east of UTC, or NO_TIME_ZONE */
export function parseTimeZone(text: string): i32 {
  if (text == "UTC" || text == "Z") return 0;
  if (text.length != 6 || text.charAt(3) != ":") return NO_TIME_ZONE;
  const sign = text.charAt(0) == "+" ? 1 : text.charAt(0) == "-" ? -1 : 0;
  const hours = twoDigits(text, 1);
  const minutes = twoDigits(text, 4);
  if (sign == 0 || hours < 0 || minutes < 0 || minutes > 59) return NO_TIME_ZONE;
  if (hours * 60 + minutes > WIDEST_OFFSET_HOURS * 60) return NO_TIME_ZONE;
  return sign * (hours * 60 + minutes);
}

function twoDigits(text: string, at: i32): i32 {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
}

function write(at: usize, unixSeconds: i64, separator: u8): void {
  let days = unixSeconds / SECONDS_PER_DAY;
  let rest = unixSeconds % SECONDS_PER_DAY;
  if (rest < 0) {
    rest += SECONDS_PER_DAY;
    days--;
  }
  writeDate(at, days, separator);
  store<u8>(at + 10, SPACE);
  writeTwo(at + 11, <u32>(rest / 3600));
  store<u8>(at + 13, COLON);
  writeTwo(at + 14, <u32>((rest / 60) % 60));
  store<u8>(at + 16, COLON);
  writeTwo(at + 17, <u32>(rest % 60));
}

/**
 * Writes the date of a number of days since 1970-01-01. Years begin in March here, so that the leap
 * day is the last day of a year. An era has 400 years, after which the calendar repeats.
 */
function writeDate(at: usize, daysSinceEpoch: i64, separator: u8): void {
  const days = daysSinceEpoch + 719_468; // the days from 0000-03-01 to 1970-01-01
  const era = (days >= 0 ? days : days - 146_096) / 146_097;
  const dayOfEra = days - era * 146_097;
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const monthFromMarch = (5 * dayOfYear + 2) / 153;
  const day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  writeTwo(at, <u32>(year / 100));
  writeTwo(at + 2, <u32>(year % 100));
  store<u8>(at + 4, separator);
  writeTwo(at + 5, <u32>month);
  store<u8>(at + 7, separator);
  writeTwo(at + 8, <u32>day);
}

function writeTwo(at: usize, value: u32): void {
  store<u8>(at, <u8>(48 + ((value / 10) % 10)));
  store<u8>(at, <u8>(48 + (value % 10)), 1);
}
