import {
  makeSafe,
  SAFE_BYTES,
  safeText,
  safeWords,
} from "../../../../assembly/chat/protocol/safe_text";
import { LINE_BYTES_MOST } from "../../../../assembly/chat/limits";
import { bytesOf, same, sameNumber } from "./support/steps";

export function a_line_is_written_without_what_a_terminal_obeys(): void {
  const line = "a\u{1b}[31mb";
  const at = bytesOf(line);
  const bytes = makeSafe(at, <u32>line.length);
  same(String.UTF8.decodeUnsafe(SAFE_BYTES, bytes), "a\u241b[31mb");
  same(safeText(at, <u32>line.length), "a\u241b[31mb");
  heap.free(at);
}

export function an_operator_s_words_are_made_safe_too(): void {
  same(safeWords("kick \u{7}ann"), "kick \u2407ann");
}

export function the_longest_line_has_room_when_each_of_its_bytes_grows(): void {
  const line = "\u{1}".repeat(<i32>LINE_BYTES_MOST);
  const at = bytesOf(line);
  sameNumber(makeSafe(at, <u32>LINE_BYTES_MOST), 3 * LINE_BYTES_MOST);
  heap.free(at);
}
