import { parseDecimal } from "../../../../assembly/text/decimal";
import { sameNumber } from "./support/steps";

export function digits_are_a_number(): void {
  sameNumber(parseDecimal("0", 9), 0);
  sameNumber(parseDecimal("65535", 65_535), 65_535);
  sameNumber(parseDecimal("999999999", i32.MAX_VALUE), 999_999_999);
}

export function what_exceeds_the_most_is_none(): void {
  sameNumber(parseDecimal("65536", 65_535), -1);
  sameNumber(parseDecimal("1000000000", i32.MAX_VALUE), -1);
  sameNumber(parseDecimal("18446744073709551617", i32.MAX_VALUE), -1);
}

export function anything_but_digits_is_none(): void {
  const words = ["", " 1", "1 ", "+1", "-1", "1.0", "0x1", "1e1", "/", ":", "\u0661"];
  for (let i = 0; i < words.length; i++) sameNumber(parseDecimal(words[i], 99), -1, words[i]);
}

export function a_leading_zero_is_none(): void {
  sameNumber(parseDecimal("00", 9), -1);
  sameNumber(parseDecimal("07", 9), -1);
}
