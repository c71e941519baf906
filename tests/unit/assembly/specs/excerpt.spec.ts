import { excerpt } from "../../../../assembly/text/excerpt";
import { same } from "./support/steps";

export function a_short_text_is_its_own_excerpt(): void {
  same(excerpt("", 3), "");
  same(excerpt("abc", 3), "abc");
}

export function a_long_one_is_cut(): void {
  same(excerpt("abcd", 3), "abc");
}

export function no_character_is_cut_in_two(): void {
  same(excerpt("ab\u{1f600}cd", 3), "ab");
  same(excerpt("ab\u{1f600}cd", 4), "ab\u{1f600}");
  same(excerpt("\u{1f600}cd", 1), "");
}
