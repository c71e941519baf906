import { DURATION_MOST, durationText, parseDuration } from "../../../../assembly/text/duration";
import { same, sameNumber } from "./support/steps";

export function a_number_and_a_unit_are_a_time(): void {
  sameNumber(parseDuration("30s"), 30);
  sameNumber(parseDuration("10m"), 600);
  sameNumber(parseDuration("2H"), 7200);
  sameNumber(parseDuration("7d"), 604_800);
  sameNumber(parseDuration("2w"), 1_209_600);
  sameNumber(parseDuration("3650d"), DURATION_MOST);
}

export function several_units_add_up(): void {
  sameNumber(parseDuration("2h30m"), 9000);
  sameNumber(parseDuration("1W2d3H4m5s"), 788_645);
  sameNumber(parseDuration("1h0m"), 3600);
  const texts = ["30m2h", "1h1h", "2h30", "h30m", "2h 30m", "0h0m", "3650d1s"];
  for (let i = 0; i < texts.length; i++) sameNumber(parseDuration(texts[i]), -1, texts[i]);
}

export function anything_else_is_none(): void {
  const texts = ["", "s", "0s", "5", "5x", "s5", "-5m", "1.5h", "05m", "3651d", "999999999999w"];
  for (let i = 0; i < texts.length; i++) sameNumber(parseDuration(texts[i]), -1, texts[i]);
}

export function the_two_greatest_units_are_said(): void {
  same(durationText(0), "0 s");
  same(durationText(59), "59 s");
  same(durationText(61), "1 m 1 s");
  same(durationText(7322), "2 h 2 m");
  same(durationText(90_000), "1 d 1 h");
}
