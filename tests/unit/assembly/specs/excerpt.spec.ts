import { excerpt, isLonger } from "../../../../assembly/text/excerpt";
import { same } from "./support/steps";

export function a_short_text_is_its_own_excerpt(): void {
  same(excerpt("", 3), "");
  same(excerpt("abc", 3), "abc");
}

export function a_long_one_is_cut(): void {
  same(excerpt("abcd", 3), "abc");
}

export function characters_are_counted_and_none_is_cut_in_two(): void {
  same(excerpt("ab\u{1f600}cd", 2), "ab");
  same(excerpt("ab\u{1f600}cd", 3), "ab\u{1f600}");
  same(excerpt("ab\u{1f600}cd", 4), "ab\u{1f600}c");
  same(excerpt("\u{1f600}cd", 1), "\u{1f600}");
  same(excerpt("\u{1f600}cd", 0), "");
}

export function a_text_has_so_many_characters(): void {
  assert(!isLonger("abc", 3) && isLonger("abcd", 3));
  assert(!isLonger("\u{1f600}\u{1f600}", 2) && isLonger("\u{1f600}\u{1f600}", 1));
}
