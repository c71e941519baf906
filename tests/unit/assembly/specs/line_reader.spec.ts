import { LineReader } from "../../../../assembly/net/framing/line_reader";
import { SUBNEGOTIATION_BYTES_MOST } from "../../../../assembly/net/framing/telnet";
import { modelLines, random } from "./support/host";
import { bytesOf, same, sameNumber, step } from "./support/steps";

const buffer = memory.data(4096);
const model = memory.data(8192);

/** Reads a text in pieces of `size` bytes; shows lines as tests/unit/assembly/support/models.ts does. */
function read(reader: LineReader, text: string, size: u32): string {
  const length = <u32>String.UTF8.byteLength(text);
  const bytes = bytesOf(text);
  let found = "";
  for (let at: u32 = 0; at < length; at += size) {
    // Each piece comes in the same memory, as it does from a socket.
    const piece = min(size, length - at);
    memory.copy(buffer, bytes + at, piece);
    reader.offerBytes(buffer, piece);
    while (reader.nextLine()) found += shown(reader);
    reader.keepUnfinished();
    memory.fill(buffer, 0x23, piece);
    step();
  }
  heap.free(bytes);
  return found;
}

function shown(reader: LineReader): string {
  let text = reader.tooLong ? "!" : "";
  for (let i: u32 = 0; i < reader.length; i++) {
    text += String.fromCharCode(load<u8>(reader.line + i));
  }
  return text + "\n";
}

/** The same text, whole and in pieces of every size, gives the same lines. */
function reads(text: string, limit: u32, wanted: string): void {
  for (let size: u32 = 1; size <= <u32>text.length + 1; size++) {
    const reader = new LineReader(limit);
    same(read(reader, text, size), wanted, `in pieces of ${size}:`);
    reader.free();
  }
}

/** The same for bytes, within a limit of ten. */
function readsBytes(bytes: Array<u8>, wanted: string): void {
  const length = <u32>bytes.length;
  for (let size: u32 = 1; size <= length; size++) {
    const reader = new LineReader(10);
    let found = "";
    for (let at: u32 = 0; at < length; at += size) {
      const piece = min(size, length - at);
      memory.copy(buffer, bytes.dataStart + at, piece);
      reader.offerBytes(buffer, piece);
      while (reader.nextLine()) found += shown(reader);
      reader.keepUnfinished();
    }
    same(found, wanted, `in pieces of ${size}:`);
    reader.free();
  }
}

export function a_line_ends_with_a_line_feed(): void {
  reads("one\ntwo\nthree", 10, "one\ntwo\n");
}

export function a_line_may_end_with_cr_lf(): void {
  reads("one\r\ntwo\r\n", 10, "one\ntwo\n");
}

export function a_cr_alone_ends_a_line_at_once(): void {
  reads("a\rb\n\r\rc\r\r\n", 10, "a\nb\n\n\nc\n\n");
  reads("one\rtwo\r", 10, "one\ntwo\n");
}

export function a_line_may_end_with_cr_nul(): void {
  reads("one\r\0two\r\0\r\0\0\n", 10, "one\ntwo\n\n\0\n");
}

export function a_cr_takes_one_byte_with_it(): void {
  reads("one\r\n\ntwo\r\n\0\n", 10, "one\n\ntwo\n\0\n");
}

export function bs_and_del_remove_the_last_character(): void {
  reads("axb\b\x7fyc\n\b\b\x7fd\n", 10, "ayc\nd\n");
  reads("x".repeat(30) + "\b".repeat(31) + "ab\n", 30, "ab\n");
}

export function all_bytes_of_a_character_go_away(): void {
  readsBytes([0x61, 0xe5, 0xb0, 0x8f, 0x08, 0x62, 0xf0, 0x9f, 0x99, 0x82, 0x7f, 0x0a], "ab\n");
  readsBytes([0x80, 0x80, 0x08, 0x63, 0x0a], "c\n");
}

export function commands_are_no_part_of_a_line(): void {
  // Ctrl-C and a character as GNU inetutils sends them.
  readsBytes([0x61, 0xff, 0xf4, 0xff, 0xfd, 0x06, 0x62, 0x0d, 0x0a], "ab\n");
  readsBytes([0xe5, 0xb0, 0xff, 0xf5, 0xff, 0xfd, 0x06, 0x62, 0x0d, 0x0a], "\u00e5\u00b0b\n");
  // An option may have the number of any byte, but for an end of line and a slash.
  readsBytes([0xff, 0xfb, 0x08, 0x61, 0xff, 0xfe, 0x7f, 0x0a], "a\n");
  readsBytes([0xff, 0xfb, 0x0a, 0x61, 0xff, 0xfe, 0x0d, 0x0a], "\na\n");
  readsBytes([0xff, 0xfd, 0x2f, 0x61, 0x0a], "/a\n");
  readsBytes([0x61, 0xff, 0xff, 0x0a], "a\u00ff\n");
  readsBytes([0x61, 0x62, 0xff, 0xf7, 0x0a, 0x63, 0xff, 0xf8, 0x64, 0x0a], "a\nd\n");
}

export function erase_line_ends_a_line_that_is_too_long(): void {
  const eleven: Array<u8> = [0x78, 0x78, 0x78, 0x78, 0x78, 0x78, 0x78, 0x78, 0x78, 0x78, 0x78];
  const long = "!xxxxxxxxxx\n";
  readsBytes(eleven.concat([0x79, 0xff, 0xf8, 0x61, 0x62, 0x0a, 0x63, 0x0a]), long + "ab\nc\n");
  readsBytes(eleven.concat([0xff, 0xf8, 0x0a, 0x63, 0x0a]), long + "\nc\n");
  readsBytes(eleven.concat([0xff, 0xf7, 0x61, 0x0a, 0x63, 0x0a]), long + "c\n");
}

export function what_is_no_command_is_text(): void {
  readsBytes([0x61, 0xff, 0x0a, 0xff, 0x62, 0xff, 0x08, 0x63, 0x0d], "a\nc\n");
}

export function a_subnegotiation_is_no_part_of_a_line(): void {
  readsBytes([0x61, 0xff, 0xfa, 0x18, 0x0b, 0xff, 0xff, 0xf0, 0xff, 0xf0, 0x62, 0x0a], "ab\n");
}

export function a_subnegotiation_without_end_is_bounded(): void {
  const bytes: Array<u8> = [0xff, 0xfa];
  for (let i: u32 = 2; i < SUBNEGOTIATION_BYTES_MOST; i++) bytes.push(0x0b);
  readsBytes(bytes.concat([0x61, 0x0a]), "a\n");
  bytes.pop();
  readsBytes(bytes.concat([0x62, 0x61, 0x0a]), "a\n");
}

export function an_edited_line_is_too_long_as_soon_as_it_has_been(): void {
  reads("123456\b\nx\n", 5, "!12345\nx\n");
  reads("12345\b6\nx\n", 5, "12346\nx\n");
  reads("1234567\b\b\b\b\b\b\b\b\nx\n", 5, "!12345\nx\n");
}

export function it_is_known_what_was_edited(): void {
  const reader = new LineReader(10);
  const edited = ["a\b", "\x7f"];
  for (let i = 0; i < edited.length; i++) {
    read(reader, edited[i], 10);
    assert(reader.isEdited, edited[i]);
  }
  const plain = ["a\tb\r\n", "\0\v~"];
  for (let i = 0; i < plain.length; i++) {
    read(reader, plain[i], 10);
    assert(!reader.isEdited, plain[i]);
  }
}

export function a_line_may_be_empty(): void {
  reads("\n\r\n\n", 10, "\n\n\n");
  reads("\n", 0, "\n");
}

export function a_line_may_be_as_long_as_the_limit_and_no_longer(): void {
  reads("12345\nx\n", 5, "12345\nx\n");
  reads("123456\nx\n", 5, "!12345\nx\n");
}

export function a_cr_does_not_count(): void {
  reads("12345\r\nx\n", 5, "12345\nx\n");
  reads("123456\r\nx\n", 5, "!12345\nx\n");
  reads("12345\r6\nx\n", 5, "12345\n6\nx\n");
}

export function a_long_line_is_told_once_and_the_rest_is_skipped(): void {
  reads("123456789abcdefghi\nx\n123456789\n\ny\n", 5, "!12345\nx\n!12345\n\ny\n");
}

export function a_long_line_is_told_before_it_ends(): void {
  reads("123456", 5, "!12345\n");
  reads("12345\r", 5, "12345\n");
}

export function a_limit_of_nothing_allows_empty_lines(): void {
  reads("\n\r\na\n\n", 0, "\n\n!\n\n");
}

export function a_newline_is_found_at_every_place_of_a_vector(): void {
  for (let before = 0; before < 70; before++) {
    const reader = new LineReader(100);
    const line = "x".repeat(before);
    same(read(reader, line + "\nrest", 1000), line + "\n", before.toString());
    sameNumber(reader.pendingBytes, 4);
    reader.free();
  }
}

export function bytes_of_any_kind_pass(): void {
  reads("\0\x01\t\v\f\x0e\x0f\x1b~\n", 10, "\0\x01\t\v\f\x0e\x0f\x1b~\n");
}

export function what_is_left_at_the_end_is_the_last_line(): void {
  const reader = new LineReader(10);
  same(read(reader, "one\ntw", 4), "one\n");
  assert(reader.finishStream());
  same(shown(reader), "tw\n");
  assert(!reader.finishStream(), "once");
}

export function nothing_is_left_after_a_whole_line_or_a_skipped_one(): void {
  const reader = new LineReader(5);
  assert(!reader.finishStream());
  read(reader, "one\n", 2);
  assert(!reader.finishStream());
  read(reader, "123456789", 2);
  assert(!reader.finishStream());
}

export function pending_counts_the_bytes_that_are_held(): void {
  const reader = new LineReader(100);
  read(reader, "hello", 3);
  sameNumber(reader.pendingBytes, 5);
  read(reader, "\n", 1);
  sameNumber(reader.pendingBytes, 0);
}

export function a_stream_without_end_costs_no_more_than_a_line(): void {
  const reader = new LineReader(1000);
  memory.fill(buffer, 0x78, 4096);
  for (let i = 0; i < 10; i++) {
    reader.offerBytes(buffer, 999);
    while (reader.nextLine()) continue;
    reader.keepUnfinished();
    assert(reader.pendingBytes <= 1000);
  }
  sameNumber(reader.pendingBytes, 0, "it is skipping:");
}

export function memory_is_given_back(): void {
  const pages = memory.size();
  for (let i = 0; i < 3000; i++) {
    const reader = new LineReader(4096);
    memory.fill(buffer, 0x78, 4096);
    reader.offerBytes(buffer, 4096);
    assert(!reader.nextLine());
    reader.keepUnfinished();
    sameNumber(reader.pendingBytes, 4096);
    // By being told, or by the end of the line.
    if (i % 2) reader.free();
    else endLine(reader);
    sameNumber(reader.pendingBytes, 0);
  }
  assert(memory.size() - pages < 16, "memory grows");
}

function endLine(reader: LineReader): void {
  store<u8>(buffer, 0x0a);
  reader.offerBytes(buffer, 1);
  assert(reader.nextLine());
  sameNumber(reader.length, 4096);
  reader.keepUnfinished();
}

export function free_twice_is_free_once(): void {
  const reader = new LineReader(10);
  read(reader, "part", 4);
  reader.free();
  reader.free();
  same(read(reader, "whole\n", 6), "whole\n");
}

/** Bytes that are more than text, some of them in a command alone. */
const TELLING: Array<u8> = [
  0x00, 0x08, 0x0a, 0x0a, 0x0d, 0x0d, 0x7f, 0x80, 0xbf, 0xe5, 0xff, 0xff, 0xff, 0xf0, 0xf6, 0xf7,
  0xf8, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe,
];

export function any_stream_cut_anyhow_gives_the_lines_of_another_reader(): void {
  for (let round = 0; round < 1500; round++) {
    const limit = random() % 20;
    const length = random() % 200;
    const stream = heap.alloc(length + 1);
    for (let i: u32 = 0; i < length; i++) {
      const kind = random() % 8;
      const byte = kind < 3 ? TELLING[random() % TELLING.length] : <u8>(97 + (random() % 26));
      store<u8>(stream + i, byte);
    }
    const reader = new LineReader(limit);
    let found = "";
    for (let at: u32 = 0; at < length;) {
      const piece = min(1 + (random() % 30), length - at);
      memory.copy(buffer, stream + at, piece);
      reader.offerBytes(buffer, piece);
      while (reader.nextLine()) found += shown(reader);
      reader.keepUnfinished();
      at += piece;
    }
    if (reader.finishStream()) found += "~" + shown(reader);
    reader.free();
    const wanted = modelLines(model, stream, length, limit);
    let text = "";
    for (let i: u32 = 0; i < wanted; i++) text += String.fromCharCode(load<u8>(model + i));
    same(found, text, `limit ${limit}`);
    heap.free(stream);
    if (round % 100 == 0) step();
  }
}

export function what_has_not_been_looked_at_can_wait(): void {
  const reader = new LineReader(10);
  const text = "one\ntwo\nthr";
  memory.copy(buffer, bytesOf(text), text.length);
  reader.offerBytes(buffer, text.length);
  assert(reader.hasMore && reader.nextLine());
  reader.copyUnread();
  reader.copyUnread();
  memory.fill(buffer, 0x23, text.length);
  assert(reader.nextLine());
  same(shown(reader), "two\n");
  assert(!reader.nextLine());
  reader.keepUnfinished();
  assert(!reader.hasMore);
  memory.copy(buffer, bytesOf("ee\n"), 3);
  reader.offerBytes(buffer, 3);
  assert(reader.nextLine());
  same(shown(reader), "three\n");
  reader.keepUnfinished();
}

export function what_waits_can_be_given_up(): void {
  const reader = new LineReader(10);
  memory.copy(buffer, bytesOf("a\nb\n"), 4);
  reader.offerBytes(buffer, 4);
  reader.copyUnread();
  reader.free();
  assert(!reader.hasMore && !reader.nextLine());
}

export function a_limit_that_becomes_smaller_holds_for_the_line_that_has_begun(): void {
  const reader = new LineReader(10);
  same(read(reader, "12345678", 8), "");
  reader.limit = 5;
  same(read(reader, "9\nshort\n", 8), "!12345\nshort\n");
  assert(!reader.hasMore);
  reader.limit = 10;
  same(read(reader, "1234567890\n", 4), "1234567890\n");
}
