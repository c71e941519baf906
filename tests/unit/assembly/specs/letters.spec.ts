import { Kind, kindOf, systemsOf } from "../../../../assembly/text/letters";
import { UNICODE } from "../../../../assembly/text/unicode_classes";
import { modelIsUsual, modelKind, unicodeOfHost } from "./support/host";
import { sameNumber } from "./support/steps";

const SURROGATES: u32 = 0xd800;
const SURROGATES_COUNT: u32 = 0x800;

export function every_character_is_what_unicode_says_or_nothing(): void {
  if (unicodeOfHost() < UNICODE) return;
  let known = 0;
  for (let code: u32 = 0; code <= 0x10ffff; code++) {
    const kind = kindOf(code);
    if (kind == Kind.NONE) continue;
    known++;
    sameNumber(kind, modelKind(code), code.toString(16));
  }
  assert(known > 100_000, known.toString());
}

export function what_people_write_with_is_known(): void {
  if (unicodeOfHost() != UNICODE) return;
  for (let code: u32 = 0; code <= 0x10ffff; code++) {
    if (code - SURROGATES < SURROGATES_COUNT) continue;
    if (modelIsUsual(code)) sameNumber(kindOf(code), modelKind(code), code.toString(16));
  }
}

export function what_is_not_seen_is_nothing(): void {
  const codes: u32[] = [
    0x00, 0x20, 0x7f, 0xa0, 0xad, 0x34f, 0x115f, 0x180b, 0x200b, 0x200d, 0x202e,
  ];
  for (let i = 0; i < codes.length; i++)
    sameNumber(kindOf(codes[i]), Kind.NONE, codes[i].toString());
  const more: u32[] = [0x2066, 0x3164, 0xd800, 0xdfff, 0xe000, 0xfe0f, 0xfeff, 0xffa0, 0x1f600];
  for (let i = 0; i < more.length; i++) sameNumber(kindOf(more[i]), Kind.NONE, more[i].toString());
  sameNumber(kindOf(0x10ffff), Kind.NONE);
  sameNumber(kindOf(u32.MAX_VALUE), Kind.NONE);
}

export function letters_in_disguise_are_nothing(): void {
  const codes: u32[] = [0x2071, 0x210d, 0x24b6, 0xf900, 0xfb01, 0xfe8d, 0x1d400, 0x2f800];
  for (let i = 0; i < codes.length; i++)
    sameNumber(kindOf(codes[i]), Kind.NONE, codes[i].toString());
}

export function letters_of_the_past_are_nothing(): void {
  sameNumber(kindOf(0x12000), Kind.NONE, "cuneiform");
  sameNumber(kindOf(0x13000), Kind.NONE, "hieroglyphs");
  sameNumber(kindOf(0x16a0), Kind.NONE, "runes");
}

export function what_keyboards_write_stays(): void {
  sameNumber(kindOf(0x0e33), Kind.LETTER, "Thai's AM");
  sameNumber(kindOf(0x314b), Kind.LETTER, "a single jamo");
  sameNumber(kindOf(0xff21), Kind.LETTER, "a wide A");
  sameNumber(kindOf(0x0958), Kind.LETTER, "Devanagari's QA");
}

export function a_script_is_a_system_and_some_go_together(): void {
  assert((systemsOf(0x61) & systemsOf(0x430)) == 0, "Latin and Cyrillic");
  assert(systemsOf(0x61) == systemsOf(0xe9), "Latin");
  assert((systemsOf(0x3042) & systemsOf(0x30a2) & systemsOf(0x4e00)) != 0, "Japanese");
  assert((systemsOf(0xac00) & systemsOf(0x4e00)) != 0, "Korean");
  assert((systemsOf(0x3105) & systemsOf(0x4e00)) != 0, "Chinese");
  assert((systemsOf(0xac00) & systemsOf(0x3042)) == 0, "Hangul and Hiragana");
  sameNumber(systemsOf(0x31), -1, "a digit goes with all");
  sameNumber(systemsOf(0x301), systemsOf(0x61) | systemsOf(0x301), "an accent goes with Latin");
}
