/**
 * The format of a journal on the disk. Its segments are files of one directory, numbered upwards. A
 * segment has a header, then one record after another.
 *
 *   header  "pollcast", version u32, 0 u32, number u64, 0 u32, checksum u32 of all that
 *   record  checksum u32 of the rest, length u32 of the payload, type u32, payload
 *
 * All numbers are little-endian. The owner of the journal defines the payloads. Segments of older
 * versions are only read, never appended to.
 */
import { checksum } from "./checksum";

export const HEADER_BYTES: u32 = 32;
export const RECORD_HEADER_BYTES: u32 = 12;
/** The payload of one record of the journal has at most this length. @limit bytes */
export const PAYLOAD_BYTES_MOST: u32 = 262_144;
/** The largest type of a record; the smallest is 1. */
const TYPES_MOST: u32 = 255;

const MAGIC: u64 = 0x7473_6163_6c6c_6f70;
export const VERSION: u32 = 2;
const PREFIX = "chat-";
const SUFFIX = ".journal";
const DIGITS: i32 = 8;

/** The state of a segment's header. */
export enum HeaderState {
  GOOD = 0,
  /** There is no header, or it is damaged. */
  BAD = 1,
  /** A later version of pollcast has written it. */
  NEWER = 2,
  /** An older version has written it. It is only read. */
  OLDER = 3,
}

/** Returns the file name of a segment: `chat-00000007.journal`. */
export function segmentName(number: u64): string {
  return PREFIX + number.toString().padStart(DIGITS, "0") + SUFFIX;
}

/** Returns the number in the file name of a segment, or 0 for any other name. */
export function segmentNumber(name: string): u64 {
  const length = name.length - PREFIX.length - SUFFIX.length;
  if (length < DIGITS || length > 18) return 0;
  if (!name.startsWith(PREFIX) || !name.endsWith(SUFFIX)) return 0;
  const digits = name.substring(PREFIX.length, PREFIX.length + length);
  for (let i = 0; i < length; i++) {
    const code = digits.charCodeAt(i);
    if (code < 48 || code > 57) return 0;
  }
  const number = U64.parseInt(digits);
  // Each number has exactly one name.
  return segmentName(number) == name ? number : 0;
}

export function writeHeader(at: usize, number: u64): void {
  store<u64>(at, MAGIC);
  store<u32>(at, VERSION, 8);
  store<u32>(at, 0, 12);
  store<u64>(at, number, 16);
  store<u32>(at, 0, 24);
  store<u32>(at, checksum(at, 28), 28);
}

export function checkHeader(at: usize, number: u64): HeaderState {
  if (load<u64>(at) != MAGIC || load<u32>(at, 28) != checksum(at, 28)) return HeaderState.BAD;
  if (load<u32>(at, 8) > VERSION) return HeaderState.NEWER;
  if (load<u64>(at, 16) != number) return HeaderState.BAD;
  return load<u32>(at, 8) < VERSION ? HeaderState.OLDER : HeaderState.GOOD;
}

/** Returns the format version of a segment with this header; 0 if the header is damaged. */
export function versionOf(at: usize, state: HeaderState): u32 {
  if (state == HeaderState.BAD) return 0;
  return state == HeaderState.OLDER ? load<u32>(at, 8) : VERSION;
}

/** Completes the record at `at`, whose payload of `length` bytes is in place. */
export function sealRecord(at: usize, type: u32, length: u32): void {
  assert(length <= PAYLOAD_BYTES_MOST, "a record that is too long");
  store<u32>(at, length, 4);
  store<u32>(at, type, 8);
  store<u32>(at, checksum(at + 4, length + 8));
}

/** Returns true if the type and length at `at` are those of a record. */
// @ts-ignore: decorator
@inline
export function looksLikeRecord(at: usize): bool {
  const type = load<u32>(at, 8);
  return type - 1 < TYPES_MOST && load<u32>(at, 4) <= PAYLOAD_BYTES_MOST;
}

/** Returns true if the record at `at`, all of whose bytes are there, has its checksum. */
export function isWhole(at: usize): bool {
  return load<u32>(at) == checksum(at + 4, load<u32>(at, 4) + 8);
}
