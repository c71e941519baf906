/**
 * Checks the contents of a journal: its files may be damaged, written by another program, or made
 * to do harm. Each function makes a part of a record safe and bounded, or says that the record is
 * not used.
 */
import { countEscapes } from "../../text/json";
import { NAME_BYTES } from "../../text/names";
import { sanitize, SANITIZE_GROWTH } from "../../text/sanitize";
import { Message, MessageKind, TEXT_BYTES_MOST } from "../delivery/message";
import { excerpt } from "../../text/excerpt";
import { MILLISECONDS_PER_SECOND } from "../calendar_clock";
import { TOPIC_CHARACTERS } from "../limits";

/** The largest id of a message: a double represents it exactly. @limit ids */
export const ID_MOST: u64 = 9_007_199_254_740_991;
/** A speaker's name in a journal has at most this many bytes: it may be an address. @limit bytes */
export const SPEAKER_BYTES: u32 = 128;
/** The first millisecond of the year 1. */
const TIME_LEAST: i64 = -62_135_596_800_000;
/** The last millisecond of the year 9999. */
const TIME_MOST: i64 = 253_402_300_799_999;

/** The buffer for the sanitized name of a speaker. */
const nameBuffer = memory.data(384);
/** The buffer for the sanitized name of a room. */
const roomBuffer = memory.data(192);
/** The buffer for the sanitized text of a message; 0: none is allocated. */
let textBuffer: usize = 0;

/**
 * Makes a message safe, except its room. Its name and text are valid until the next call.
 *
 * @param unit the unit of its time, in milliseconds
 * @returns false if it cannot be used
 */
export function makeMessageSafe(message: Message, unit: i64): bool {
  if (message.kind > MessageKind.NOTICE || message.id == 0 || message.id > ID_MOST) return false;
  if (message.fromBytes > SPEAKER_BYTES || message.textBytes > TEXT_BYTES_MOST) return false;
  const time = message.milliseconds;
  const isTime = time >= TIME_LEAST / unit && time <= TIME_MOST / unit;
  message.milliseconds = isTime ? time * unit : 0;
  message.fromBytes = sanitize(nameBuffer, message.from, message.fromBytes);
  message.from = nameBuffer;
  if (textBuffer == 0) textBuffer = heap.alloc(TEXT_BYTES_MOST * SANITIZE_GROWTH);
  message.textBytes = sanitize(textBuffer, message.text, message.textBytes);
  message.text = textBuffer;
  return message.textBytes + countEscapes(message.text, message.textBytes) <= TEXT_BYTES_MOST;
}

/** Frees the memory of the last message. */
export function freeMessage(): void {
  if (textBuffer != 0) heap.free(textBuffer);
  textBuffer = 0;
}

/** Returns true if the `length` bytes at `at` can be the name of a room or user. */
export function isName(at: usize, length: u32): bool {
  if (length == 0 || length > <u32>NAME_BYTES) return false;
  if (sanitize(roomBuffer, at, length) != length) return false;
  for (let i: u32 = 0; i < length; i++) if (load<u8>(at + i) <= 0x20) return false;
  return memory.compare(roomBuffer, at, length) == 0;
}

/** Returns the topic in the `length` bytes at `at`. */
export function safeTopic(at: usize, length: u32): string {
  const most = min(length, TEXT_BYTES_MOST);
  const buffer = heap.alloc(most * SANITIZE_GROWTH);
  const topic = String.UTF8.decodeUnsafe(buffer, sanitize(buffer, at, most));
  heap.free(buffer);
  return excerpt(topic, TOPIC_CHARACTERS);
}

/** Returns a time of a journal in seconds since 1970, or 0 if it is not before the year 10000. */
export function checkedSeconds(seconds: i64): i64 {
  return seconds > 0 && seconds <= TIME_MOST / MILLISECONDS_PER_SECOND ? seconds : 0;
}

/** Returns an id of a journal, or 0 if it is greater than any id of a server. */
export function checkedId(id: u64): u64 {
  return id > ID_MOST ? 0 : id;
}
