import { FOLD_CHARACTERS, foldCapitals, foldName } from "../../../../assembly/text/fold";
import { Kind, kindOf } from "../../../../assembly/text/letters";
import { UNICODE } from "../../../../assembly/text/unicode_classes";
import { modelForm, random, unicodeOfHost } from "./support/host";
import { same, sameNumber, step } from "./support/steps";

const buffer = memory.data(1024);
const NFC = 0;
const NFD = 1;
const LOWER = 2;
const UPPER = 3;
const PLANE_2: u32 = 0x20000;

function form(text: string, which: i32): string {
  return String.UTF8.decodeUnsafe(buffer, modelForm(buffer, text, which));
}

function alike(one: string, other: string): void {
  same(foldName(one), foldName(other), `${one} and ${other}:`);
}

function different(one: string, other: string): void {
  assert(foldName(one) != foldName(other), `${one} and ${other} should differ`);
}

export function letters_and_digits_that_look_alike_are_one(): void {
  alike("0O1lI", "oOlIi");
  alike("paypal", "\u0440\u0430\u0443\u0440\u0430l"); // Cyrillic
  alike("BOBA", "\u0412\u041e\u0412\u0410");
  alike("omicron", "\u03bfmicr\u03bfn");
  alike("KATE", "\u039a\u0391\u03a4\u0395"); // Greek capitals
  alike("admin", "adrnin");
  alike("\uff21\uff22\uff23\uff11", "abcl"); // wide
  alike("\uff76\uff9e", "\u30ac"); // half of a width
  alike("\u0627\u0661", "\u0627l");
}

export function capitals_have_a_key_for_their_look(): void {
  same(foldCapitals("\u039d\u0399\u039d\u0391"), foldName("NINA")); // Greek
  same(foldCapitals("\u03a5\u039f\u03a5"), foldName("YOY"));
  same(foldCapitals("\u042c\u0417"), foldName("b3")); // Cyrillic
  same(foldCapitals("\u042e"), foldName("lO"), "one letter looks like two");
  same(foldCapitals("\u0396\u038e\u039d"), foldName("Z\u00ddN"), "with a mark");
  same(foldCapitals("\u039d\u03b9\u03bd\u03b1"), foldName("Niva"), "small letters stay");
}

export function other_names_have_no_key_for_their_look(): void {
  const names = [
    "",
    "NINA",
    "nina",
    "J\u00dcRGEN",
    "\u03bd\u03b9\u03bd\u03b1",
    "\u0410\u041d",
    "\u674e",
  ];
  for (let i = 0; i < names.length; i++) same(foldCapitals(names[i]), "", names[i]);
  const long = "\u039d".repeat(FOLD_CHARACTERS);
  assert(foldCapitals(long) != "");
  same(foldCapitals(`${long}\u039d`), "", "too long");
}

export function what_differs_stays_different(): void {
  different("anna", "hanna");
  different("jose", "jos\u00e9");
  different("vina", "nina");
  different("a.b", "a_b");
  different("a-b", "ab");
  different("\u0438\u0432\u0430\u043d", "\u0438\u0432\u0430\u043d\u0430");
  different("\uac00", "\uac01");
  different("\u4e09", "\u56db");
}

export function a_dot_on_a_letter_that_has_one_is_not_seen(): void {
  alike("admi\u0307n", "admin");
  alike("\u0130", "i");
  alike("\u0131", "i");
  alike("j\u0307", "j");
  different("o\u0307", "o");
}

export function marks_of_a_letter_are_one_in_any_order(): void {
  alike("a\u0301\u0323", "a\u0323\u0301");
  alike("\u1ea5", "a\u0302\u0301");
  different("a\u0301b", "ab\u0301");
}

export function a_syllable_is_its_letters(): void {
  alike("\uac00", "\u1100\u1161");
  alike("\uac01", "\u1100\u1161\u11a8");
  alike("\ud7a3", "\u1112\u1175\u11c2");
  alike("\uac00", "\u3131\u314f");
}

export function sigma_has_one_key(): void {
  alike("\u03c3", "\u03c2");
  alike("\u03a3", "\u03c2");
}

export function a_key_is_its_own_key(): void {
  for (let code: u32 = 0; code < PLANE_2; code++) {
    if (kindOf(code) == Kind.NONE) continue;
    const key = foldName(String.fromCodePoint(code));
    same(foldName(key), key, code.toString(16));
  }
}

export function the_longest_name_has_room(): void {
  let most = 0;
  for (let code: u32 = 0; code < PLANE_2; code++) {
    const name = String.fromCodePoint(code);
    const size = foldName(name).length;
    if (size < 3) continue;
    most = max(most, size);
    assert(foldName(name.repeat(FOLD_CHARACTERS)).length >= size, code.toString(16));
  }
  sameNumber(most, 4);
}

export function however_it_is_encoded_a_letter_has_one_key(): void {
  if (unicodeOfHost() < UNICODE) return;
  for (let code: u32 = 0; code < PLANE_2; code++) {
    if (kindOf(code) == Kind.NONE) continue;
    const name = String.fromCodePoint(code);
    same(foldName(form(name, NFD)), foldName(name), code.toString(16));
    same(foldName(form(name, NFC)), foldName(name), code.toString(16));
  }
}

export function however_they_are_encoded_letters_with_marks_have_one_key(): void {
  for (let round = 0; round < 3000; round++) {
    let name = "";
    for (let i = random() % 4; i < 6; i++) {
      const code = random() % (random() % 2 == 0 ? 0x250 : 0x3000);
      if (kindOf(code) == Kind.LETTER || kindOf(code) == Kind.DIGIT)
        name += String.fromCodePoint(code);
      if (random() % 2 == 0) name += String.fromCodePoint(0x300 + (random() % 0x40));
    }
    same(foldName(form(name, NFD)), foldName(name), name);
    same(foldName(form(name, NFC)), foldName(name), name);
    if (round % 500 == 0) step();
  }
}

export function small_letters_and_capitals_have_one_key(): void {
  for (let code: u32 = 0; code < PLANE_2; code++) {
    if (kindOf(code) != Kind.LETTER) continue;
    const name = String.fromCodePoint(code);
    same(foldName(form(name, LOWER)), foldName(name), code.toString(16));
    const capital = form(name, UPPER);
    if (capital.length == name.length) same(foldName(capital), foldName(name), code.toString(16));
  }
}

export function what_is_too_long_for_a_name_has_no_key(): void {
  same(foldName("k".repeat(FOLD_CHARACTERS)), "k".repeat(FOLD_CHARACTERS));
  same(foldName("k".repeat(FOLD_CHARACTERS + 1)), "");
  same(foldName("\u{1e943}".repeat(FOLD_CHARACTERS)), "\u{1e943}".repeat(FOLD_CHARACTERS));
  same(foldName("\u{1e921}"), "\u{1e943}");
  same(foldName(""), "");
}
