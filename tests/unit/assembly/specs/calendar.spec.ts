import {
  isoTime,
  logTime,
  NO_TIME_ZONE,
  parseTimeZone,
  STAMP_BYTES,
  writeStamp,
} from "../../../../assembly/text/calendar";
import { advance, calls, modelStamp, random, setRealtime } from "./support/host";
import { same, sameNumber, SECOND, step } from "./support/steps";

const buffer = memory.data(64);
const model = memory.data(64);

function stamp(unixSeconds: i64): string {
  writeStamp(buffer, unixSeconds);
  return String.UTF8.decodeUnsafe(buffer, STAMP_BYTES);
}

export function the_epoch_is_a_thursday_in_1970(): void {
  same(stamp(0), "1970/01/01 00:00:00");
}

export function one_second_before_the_epoch_is_in_1969(): void {
  same(stamp(-1), "1969/12/31 23:59:59");
  same(stamp(-86_400), "1969/12/31 00:00:00");
  same(stamp(-86_401), "1969/12/30 23:59:59");
}

export function the_year_2000_is_a_leap_year(): void {
  same(stamp(951_782_399), "2000/02/28 23:59:59");
  same(stamp(951_782_400), "2000/02/29 00:00:00");
  same(stamp(951_868_800), "2000/03/01 00:00:00");
}

export function the_year_2100_is_not_a_leap_year(): void {
  same(stamp(4_107_542_399), "2100/02/28 23:59:59");
  same(stamp(4_107_542_400), "2100/03/01 00:00:00");
}

export function every_fourth_year_is_a_leap_year(): void {
  same(stamp(1_709_164_800), "2024/02/29 00:00:00");
  same(stamp(1_677_628_800), "2023/03/01 00:00:00");
}

export function a_year_ends_on_its_last_second(): void {
  same(stamp(1_735_689_599), "2024/12/31 23:59:59");
  same(stamp(1_735_689_600), "2025/01/01 00:00:00");
}

export function years_of_four_digits_are_written_from_0_to_9999(): void {
  same(stamp(-62_167_219_200), "0000/01/01 00:00:00");
  same(stamp(253_402_300_799), "9999/12/31 23:59:59");
}

export function every_second_is_as_in_another_calendar(): void {
  for (let i = 0; i < 3000; i++) {
    // From the year 0 to the year 9999.
    const seconds = <i64>((((<u64>random()) << 32) | random()) % 315_569_520_000) - 62_167_219_200;
    const length = modelStamp(model, seconds);
    same(stamp(seconds), String.UTF8.decodeUnsafe(model, length), seconds.toString());
    if (i % 500 == 0) step();
  }
}

export function a_stamp_writes_19_bytes_and_no_more(): void {
  store<u8>(buffer + STAMP_BYTES, 0x21);
  writeStamp(buffer, 0);
  sameNumber(load<u8>(buffer + STAMP_BYTES), 0x21);
  sameNumber(STAMP_BYTES, 19);
}

export function a_log_line_has_milliseconds_of_three_digits(): void {
  same(isoTime(1_735_689_599_999_999_999), "2024-12-31T23:59:59.999Z");
  same(logTime(0), "1970-01-01 00:00:00,000");
  same(logTime(1_007_999_999), "1970-01-01 00:00:01,007");
  same(logTime(1_735_689_599_999_999_999), "2024-12-31 23:59:59,999");
}

export function utc_has_two_names(): void {
  sameNumber(parseTimeZone("UTC"), 0);
  sameNumber(parseTimeZone("Z"), 0);
}

export function a_time_zone_is_hours_and_minutes_east_of_utc(): void {
  sameNumber(parseTimeZone("+08:00"), 480);
  sameNumber(parseTimeZone("-03:30"), -210);
  sameNumber(parseTimeZone("+00:00"), 0);
  sameNumber(parseTimeZone("-00:59"), -59);
}

export function fourteen_hours_are_the_widest_offset(): void {
  sameNumber(parseTimeZone("+14:00"), 840);
  sameNumber(parseTimeZone("-14:00"), -840);
  sameNumber(parseTimeZone("+14:01"), NO_TIME_ZONE);
  sameNumber(parseTimeZone("-14:01"), NO_TIME_ZONE);
  sameNumber(parseTimeZone("+15:00"), NO_TIME_ZONE);
}

export function what_is_no_time_zone_is_refused(): void {
  const bad = [
    "",
    "utc",
    "UTC ",
    "GMT",
    "08:00",
    "+8:00",
    "+0800",
    "+08:0",
    "+08:000",
    "+08-00",
    " 08:00",
    "+0a:00",
    "+a0:00",
    "+08:6a",
    "+08:/0",
    "+08:0:",
    "+08:60",
    "*08:00",
    "+08:00 ",
    "+\uff10\uff18:00",
    "Europe",
  ];
  for (let i = 0; i < bad.length; i++) {
    sameNumber(parseTimeZone(bad[i]), NO_TIME_ZONE, `"${bad[i]}":`);
  }
}
