/** Parts of the chat that convert bytes to bytes, for tests that call them with random input. */
import { Chunk, finishChunk as finish } from "../../../../assembly/net/sending/chunk";
import { LineReader } from "../../../../assembly/net/framing/line_reader";
import { Outbox } from "../../../../assembly/net/sending/outbox";
import { Option, parseOptions } from "../../../../assembly/text/options";
import { sanitize, SANITIZE_GROWTH } from "../../../../assembly/text/sanitize";


@external("test", "line")
declare function toldLine(at: usize, length: u32, tooLong: bool): void;


@external("test", "text")
declare function toldText(at: usize, length: usize): void;

function tell(text: string): void {
  const bytes = String.UTF8.encode(text);
  toldText(changetype<usize>(bytes), bytes.byteLength);
}

/** Bytes from the test, good until the next call. */
let given: usize = heap.alloc(1);
export function give(length: u32): usize {
  given = heap.realloc(given, length + 1);
  return given;
}

let reader = new LineReader(1);
export function newReader(limit: u32): void {
  reader.free();
  reader = new LineReader(limit);
}

/** @returns bytes of an unfinished line */
export function read(length: u32): u32 {
  reader.offerBytes(given, length);
  while (reader.nextLine()) toldLine(reader.line, reader.length, reader.tooLong);
  reader.keepUnfinished();
  return reader.pendingBytes;
}

export function finishReading(): void {
  if (reader.finishStream()) toldLine(reader.line, reader.length, reader.tooLong);
}

export function makeSafe(length: u32): void {
  const to = heap.alloc(<usize>length * SANITIZE_GROWTH + 1);
  toldLine(to, sanitize(to, given, length), false);
  heap.free(to);
}

/** Words are given with a NUL behind each. */
export function parse(length: u32): void {
  const options = [
    new Option("--flag", "", "", ""),
    new Option("--count", "N", "7", "", 3, 5000),
    new Option("--text", "TEXT", "none", ""),
  ];
  const words = String.UTF8.decodeUnsafe(given, length).split("\0");
  words.pop();
  const parsed = parseOptions(words, options);
  tell(parsed.mistake);
  if (parsed.mistake != "") return;
  for (let i = 0; i < options.length; i++) tell(`${options[i].given} ${options[i].value}`);
  tell(options[1].number.toString());
  for (let i = 0; i < parsed.words.length; i++) tell(parsed.words[i]);
}

const outboxes = [new Outbox(0), new Outbox(1), new Outbox(2)];
let chunk: Chunk | null = null;

/** Copies the given bytes to the chunk. @returns their offset, or -1 if there is no room */
export function write(length: u32): i32 {
  const into = chunk === null ? Chunk.takeEmpty() : chunk!;
  chunk = into;
  if (into.bytesLeft < length) return -1;
  memory.copy(into.endAddress, given, length);
  into.addWritten(length);
  return <i32>(into.length - length);
}

/** The writer is done with the chunk. */
export function finishChunk(): void {
  if (chunk !== null) finish(chunk!);
  chunk = null;
}

export function owe(who: i32, from: u32, to: u32): u32 {
  outboxes[who].appendPiece(chunk!, from, to);
  return outboxes[who].queuedBytes;
}

/** The descriptor is the outbox's number. */
export function flush(who: i32): i32 {
  return outboxes[who].flush();
}

export function dropAfterLine(who: i32): u32 {
  outboxes[who].dropAfterLine();
  return outboxes[who].queuedBytes;
}

export function clear(who: i32): u32 {
  outboxes[who].clear();
  return outboxes[who].queuedBytes;
}

export function owed(who: i32): u32 {
  return outboxes[who].queuedBytes;
}

export function bytesInUse(): u32 {
  return <u32>Chunk.bytesInUse;
}
