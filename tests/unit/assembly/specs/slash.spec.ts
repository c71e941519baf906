import {
  afterSlash,
  beginsWithSlash,
  beginsWithText,
  isBlank,
} from "../../../../assembly/text/slash";
import { bytesOf, same } from "./support/steps";

const NO_COMMAND = "no command";

/** Returns the text after the slash of a line. */
function command(line: string): string {
  const length = <u32>String.UTF8.byteLength(line);
  const at = bytesOf(line);
  const after = afterSlash(at, length);
  const rest = String.UTF8.decodeUnsafe(at + after, length - after);
  heap.free(at);
  return after == 0 ? NO_COMMAND : rest;
}

function commands(before: string[]): void {
  for (let i = 0; i < before.length; i++) same(command(before[i] + "/msg ann x"), "msg ann x");
}

export function a_line_begins_with_text_if_its_first_byte_says_so(): void {
  const at = bytesOf("?");
  assert(!beginsWithText(at, 0));
  for (let first: u32 = 0; first < 0x80; first++) {
    store<u8>(at, <u8>first);
    const isText = !isBlank(at, 1) && afterSlash(at, 1) == 0;
    assert(beginsWithText(at, 1) == isText, `byte ${first}`);
  }
  store<u8>(at, 0xff);
  assert(!beginsWithText(at, 1), "beyond ASCII, the other tests decide");
  heap.free(at);
}

export function a_line_that_begins_with_a_slash_is_a_command(): void {
  commands([""]);
  same(command("/"), "");
  same(command("//x"), "/x");
}

export function blanks_before_the_slash_change_nothing(): void {
  commands([" ", "   ", "\t", " \t ", "\u00a0", "\u1680", "\u2003", "\u202f", "\u205f", "\u3000"]);
  commands(["\u000b", "\u000c", "\u0085", "\u2028", "\u2029"]);
}

export function what_nobody_sees_before_the_slash_changes_nothing(): void {
  commands(["\ufeff", "\u200b", "\u200d", "\u2060", "\u00ad", "\u034f", "\u061c", "\u202e"]);
  commands(["\u115f", "\u1160", "\u17b4", "\u180e", "\u3164", "\ufe0f", "\uffa0", "\ufff9"]);
  commands(["\u{e0001}", "\u{e0100}", "\u{1bca0}", "\u{1d173}", "\ufeff \u200b\u3000"]);
}

export function keys_before_the_slash_change_nothing(): void {
  commands(["\x1b[A", "\x1b[A\x1b[B", "\x1b[1;5C", "\x1b[200~", "\x1bOA", "\x1b[[A", "\x1b"]);
  commands(["\x00", "\x01", "\x07", "\x08", "\x7f", "\u009b", "\x1b\x1b[D"]);
}

export function slashes_of_other_scripts_count(): void {
  same(command("\uff0fmsg ann x"), "msg ann x");
  same(command("\u3000\uff0fmsg ann x"), "msg ann x");
  same(command("\u2044msg"), "msg");
  same(command("\u2215msg"), "msg");
  same(command("\u29f8msg"), "msg");
}

export function what_is_seen_before_the_slash_makes_it_a_line(): void {
  const lines = ["", "a/b", "> /msg", ".\u200b/x", "\ufffd/x", "\u{1f600}/x", "e\u0301/x", "\\x"];
  for (let i = 0; i < lines.length; i++) same(command(lines[i]), NO_COMMAND);
  const keys = [
    "\x1b[/x",
    "\x1bO/x",
    "\x1b[1",
    "\x1b[",
    "\x1b",
    "\x1b[1;/x",
    " ",
    "\x1b[A",
    "\x1bx/",
  ];
  for (let i = 0; i < keys.length; i++) same(command(keys[i]), NO_COMMAND);
}

export function bytes_that_are_no_character_are_seen(): void {
  const at = memory.data(4);
  store<u32>(at, 0x782fff20);
  assert(afterSlash(at, 4) == 0, "0xff before the slash");
  store<u32>(at, 0x8fbcef20);
  assert(afterSlash(at, 4) == 4, "a full-width slash, at the end");
  assert(afterSlash(at, 3) == 0, "the same, cut off");
}

export function the_second_slash_may_be_of_any_script(): void {
  const slashes = ["/", "\uff0f", "/x", "\u2215x"];
  for (let i = 0; i < slashes.length; i++) {
    const length = <u32>String.UTF8.byteLength(slashes[i]);
    assert(beginsWithSlash(bytesOf(slashes[i]), length), slashes[i]);
  }
  assert(!beginsWithSlash(bytesOf("x/"), 2) && !beginsWithSlash(bytesOf(" /"), 2));
  assert(!beginsWithSlash(bytesOf("/"), 0));
}

function blank(line: string): bool {
  const length = <u32>String.UTF8.byteLength(line);
  const at = bytesOf(line);
  const result = isBlank(at, length);
  heap.free(at);
  return result;
}

export function a_line_without_a_visible_character_is_blank(): void {
  assert(blank("") && blank(" ") && blank(" \t\u3000\u200b\ufeff\u0007"));
  assert(!blank(" x ") && !blank("\u2800") && !blank("\ufffd") && !blank("/"));
}
