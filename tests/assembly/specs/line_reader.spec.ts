import { LineReader } from "../../../assembly/net/line_reader";
import { modelLines, random } from "./support/host";
import { bytesOf, same, sameNumber, step } from "./support/steps";

const buffer = memory.data(4096);
const model = memory.data(8192);

/** Reads a text in pieces of `size` bytes; shows lines as tests/assembly/support/models.ts does. */
function read(reader: LineReader, text: string, size: u32): string {
  const length = <u32>String.UTF8.byteLength(text);
  const bytes = bytesOf(text);
  let found = "";
  for (let at: u32 = 0; at < length; at += size) {
    // Each piece comes in the same memory, as it does from a socket.
    const piece = min(size, length - at);
    memory.copy(buffer, bytes + at, piece);
    reader.offer(buffer, piece);
    while (reader.next()) found += shown(reader);
    reader.keep();
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

export function a_line_ends_with_a_line_feed(): void {
  reads("one\ntwo\nthree", 10, "one\ntwo\n");
}

export function a_line_may_end_with_cr_lf(): void {
  reads("one\r\ntwo\r\n", 10, "one\ntwo\n");
}

export function only_the_last_cr_goes_away(): void {
  reads("a\rb\n\r\rc\r\r\n", 10, "a\rb\n\r\rc\r\n");
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
  reads("12345\r6\nx\n", 5, "!12345\nx\n");
  reads("12345\r\r\nx\n", 5, "!12345\nx\n");
}

export function a_long_line_is_told_once_and_the_rest_is_skipped(): void {
  reads("123456789abcdefghi\nx\n123456789\n\ny\n", 5, "!12345\nx\n!12345\n\ny\n");
}

export function a_long_line_is_told_before_it_ends(): void {
  reads("123456", 5, "!12345\n");
  reads("12345\r", 5, "");
  reads("12345\r6", 5, "!12345\n");
}

export function a_limit_of_nothing_allows_empty_lines(): void {
  reads("\n\r\na\n\n", 0, "\n\n!\n\n");
}

export function a_newline_is_found_at_every_place_of_a_vector(): void {
  for (let before = 0; before < 70; before++) {
    const reader = new LineReader(100);
    const line = "x".repeat(before);
    same(read(reader, line + "\nrest", 1000), line + "\n", before.toString());
    sameNumber(reader.pending, 4);
    reader.free();
  }
}

export function bytes_of_any_kind_pass(): void {
  reads("\0\x01\x7f\n", 10, "\0\x01\x7f\n");
}

export function what_is_left_at_the_end_is_the_last_line(): void {
  const reader = new LineReader(10);
  same(read(reader, "one\ntw", 4), "one\n");
  assert(reader.finish());
  same(shown(reader), "tw\n");
  assert(!reader.finish(), "once");
}

export function the_last_line_may_lack_nothing_but_its_line_feed(): void {
  const reader = new LineReader(5);
  same(read(reader, "12345\r", 2), "");
  assert(reader.finish());
  same(shown(reader), "12345\n");
}

export function nothing_is_left_after_a_whole_line_or_a_skipped_one(): void {
  const reader = new LineReader(5);
  assert(!reader.finish());
  read(reader, "one\n", 2);
  assert(!reader.finish());
  read(reader, "123456789", 2);
  assert(!reader.finish());
}

export function pending_counts_the_bytes_that_are_held(): void {
  const reader = new LineReader(100);
  read(reader, "hello", 3);
  sameNumber(reader.pending, 5);
  read(reader, "\n", 1);
  sameNumber(reader.pending, 0);
}

export function a_stream_without_end_costs_no_more_than_a_line(): void {
  const reader = new LineReader(1000);
  memory.fill(buffer, 0x78, 4096);
  for (let i = 0; i < 10; i++) {
    reader.offer(buffer, 999);
    while (reader.next()) continue;
    reader.keep();
    assert(reader.pending <= 1001);
  }
  sameNumber(reader.pending, 0, "it is skipping:");
}

export function memory_is_given_back(): void {
  const pages = memory.size();
  for (let i = 0; i < 3000; i++) {
    const reader = new LineReader(4096);
    memory.fill(buffer, 0x78, 4096);
    reader.offer(buffer, 4096);
    assert(!reader.next());
    reader.keep();
    sameNumber(reader.pending, 4096);
    // By being told, or by the end of the line.
    if (i % 2) reader.free();
    else endLine(reader);
    sameNumber(reader.pending, 0);
  }
  assert(memory.size() - pages < 16, "memory grows");
}

function endLine(reader: LineReader): void {
  store<u8>(buffer, 0x0a);
  reader.offer(buffer, 1);
  assert(reader.next());
  sameNumber(reader.length, 4096);
  reader.keep();
}

export function free_twice_is_free_once(): void {
  const reader = new LineReader(10);
  read(reader, "part", 4);
  reader.free();
  reader.free();
  same(read(reader, "whole\n", 6), "whole\n");
}

export function any_stream_cut_anyhow_gives_the_lines_of_another_reader(): void {
  for (let round = 0; round < 1500; round++) {
    const limit = random() % 20;
    const length = random() % 200;
    const stream = heap.alloc(length + 1);
    for (let i: u32 = 0; i < length; i++) {
      const kind = random() % 8;
      store<u8>(stream + i, kind == 0 ? 10 : kind == 1 ? 13 : <u8>(97 + (random() % 26)));
    }
    const reader = new LineReader(limit);
    let found = "";
    for (let at: u32 = 0; at < length;) {
      const piece = min(1 + (random() % 30), length - at);
      memory.copy(buffer, stream + at, piece);
      reader.offer(buffer, piece);
      while (reader.next()) found += shown(reader);
      reader.keep();
      at += piece;
    }
    if (reader.finish()) found += "~" + shown(reader);
    reader.free();
    const wanted = modelLines(model, stream, length, limit);
    same(found, String.UTF8.decodeUnsafe(model, wanted), `limit ${limit}`);
    heap.free(stream);
    if (round % 100 == 0) step();
  }
}

export function what_has_not_been_looked_at_can_wait(): void {
  const reader = new LineReader(10);
  const text = "one\ntwo\nthr";
  memory.copy(buffer, bytesOf(text), text.length);
  reader.offer(buffer, text.length);
  assert(reader.hasMore && reader.next());
  reader.hold();
  reader.hold();
  memory.fill(buffer, 0x23, text.length);
  assert(reader.next());
  same(shown(reader), "two\n");
  assert(!reader.next());
  reader.keep();
  assert(!reader.hasMore);
  memory.copy(buffer, bytesOf("ee\n"), 3);
  reader.offer(buffer, 3);
  assert(reader.next());
  same(shown(reader), "three\n");
  reader.keep();
}

export function what_waits_can_be_given_up(): void {
  const reader = new LineReader(10);
  memory.copy(buffer, bytesOf("a\nb\n"), 4);
  reader.offer(buffer, 4);
  reader.hold();
  reader.free();
  assert(!reader.hasMore && !reader.next());
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
