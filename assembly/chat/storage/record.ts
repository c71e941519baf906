/**
 * The records of the chat in its journal. Numbers are little-endian, texts are UTF-8, and the last
 * text of a record takes the rest of its bytes. See docs/reference/storage.md.
 */
import { MILLISECONDS_PER_SECOND } from "../calendar_clock";
import { History } from "../rooms/history";
import { Room } from "../rooms/room";
import { Message } from "../delivery/message";
import { makeMessageSafe } from "./untrusted";

/** The types of records. */
export enum RecordType {
  /** A message. */
  LINE = 1,
  /** The topic of a room, and the id up to which its messages are forgotten. */
  ROOM = 2,
  /** The complete history of a room. It replaces all earlier records of the room. */
  HISTORY = 3,
  /** The ids in use. */
  MARK = 4,
  /** A list of bans or mutes, under a name. The newest record of a name counts. */
  STATE = 5,
  /** The removal of a room. */
  REMOVED = 6,
  /** The author and time of a room's topic, and whether the room is private. */
  DETAILS = 7,
}

export const LINE_HEADER_BYTES: u32 = 20;
export const ROOM_HEADER_BYTES: u32 = 12;
/** The most bytes of a name of a room. */
export const NAME_BYTES_MOST: u32 = 255;
export const MARK_BYTES: u32 = 32;
/** The size of a mark in version 1 of the journal, which had no epoch. */
export const OLD_MARK_BYTES: u32 = 24;
const ENTRY_BYTES: u32 = 24;
/** The first version of the journal with times in milliseconds. Before it, they were in seconds. */
const MILLISECONDS_VERSION: u32 = 2;

const entry = new Message();

/** Returns the unit of times in segments of this version of the journal, in milliseconds. */
export function timeUnit(version: u32): i64 {
  return version < MILLISECONDS_VERSION ? MILLISECONDS_PER_SECOND : 1;
}

/** Writes a message. @returns the bytes written */
export function writeLine(at: usize, message: Message): u32 {
  store<u64>(at, message.id);
  store<i64>(at, message.milliseconds, 8);
  store<u8>(at, <u8>message.kind, 16);
  store<u8>(at, <u8>message.roomBytes, 17);
  store<u16>(at, <u16>message.fromBytes, 18);
  let end = put(at + LINE_HEADER_BYTES, message.room, message.roomBytes);
  end = put(end, message.from, message.fromBytes);
  end = put(end, message.text, message.textBytes);
  return <u32>(end - at);
}

/**
 * Reads a message, except its room.
 *
 * @param unit the unit of its time in milliseconds
 * @returns the length of the room's name in bytes, or 0 if the record is invalid
 */
export function readLine(at: usize, length: u32, message: Message, unit: i64): u32 {
  if (length < LINE_HEADER_BYTES) return 0;
  const roomBytes = <u32>load<u8>(at, 17);
  message.fromBytes = load<u16>(at, 18);
  if (LINE_HEADER_BYTES + roomBytes + message.fromBytes > length) return 0;
  message.id = load<u64>(at);
  message.milliseconds = load<i64>(at, 8);
  message.kind = load<u8>(at, 16);
  message.author = 0;
  message.from = at + LINE_HEADER_BYTES + roomBytes;
  message.text = message.from + message.fromBytes;
  message.textBytes = length - LINE_HEADER_BYTES - roomBytes - message.fromBytes;
  return makeMessageSafe(message, unit) ? roomBytes : 0;
}

/** Writes the beginning of a ROOM or HISTORY record. @returns the bytes written */
export function writeRoom(at: usize, room: Room): u32 {
  return writeName(at, room.history.forgottenId, room.nameBytes);
}

/**
 * Writes the beginning of a record of a room: a number and the room's name.
 *
 * @returns the bytes written
 */
export function writeName(at: usize, number: u64, name: ArrayBuffer): u32 {
  const bytes = <u32>name.byteLength;
  store<u64>(at, number);
  store<u32>(at, bytes, 8);
  put(at + ROOM_HEADER_BYTES, changetype<usize>(name), bytes);
  return ROOM_HEADER_BYTES + bytes;
}

/** Returns the room's name, or an empty text if the record is invalid. */
export function readRoomName(at: usize, length: u32): string {
  return String.UTF8.decodeUnsafe(at + ROOM_HEADER_BYTES, roomNameBytes(at, length));
}

/** Returns the length of the room's name in bytes, or 0 if the record is invalid. */
export function roomNameBytes(at: usize, length: u32): u32 {
  if (length < ROOM_HEADER_BYTES) return 0;
  const bytes = load<u32>(at, 8);
  return bytes <= NAME_BYTES_MOST && ROOM_HEADER_BYTES + bytes <= length ? bytes : 0;
}

/** Writes all records of a history, in at most `recordBytes` bytes. @returns the bytes written */
export function writeEntries(at: usize, history: History): u32 {
  const start = at;
  let place = history.offsetOfNewest(history.count);
  while (history.hasRecordAt(place)) {
    place = history.readRecord(place, entry);
    store<u64>(at, entry.id);
    store<i64>(at, entry.milliseconds, 8);
    store<u16>(at, <u16>entry.kind, 16);
    store<u16>(at, <u16>entry.fromBytes, 18);
    store<u32>(at, entry.textBytes, 20);
    at = put(at + ENTRY_BYTES, entry.from, entry.fromBytes);
    at = put(at, entry.text, entry.textBytes);
  }
  return <u32>(at - start);
}

/** Adds all written records to a history. @param unit the unit of their times in milliseconds */
export function readEntries(at: usize, length: u32, history: History, unit: i64): void {
  const end = at + length;
  while (at + ENTRY_BYTES <= end) {
    entry.id = load<u64>(at);
    entry.milliseconds = load<i64>(at, 8);
    entry.kind = load<u16>(at, 16);
    entry.fromBytes = load<u16>(at, 18);
    entry.textBytes = load<u32>(at, 20);
    entry.author = 0;
    at += ENTRY_BYTES;
    // In a damaged record, the lengths may be any numbers.
    if (<u64>entry.fromBytes + <u64>entry.textBytes > <u64>(end - at)) return;
    entry.from = at;
    entry.text = at + entry.fromBytes;
    at = entry.text + entry.textBytes;
    const isNext = entry.id > history.newestId || history.count == 0;
    if (isNext && makeMessageSafe(entry, unit)) history.addMessage(entry);
  }
}

function put(to: usize, from: usize, bytes: u32): usize {
  memory.copy(to, from, bytes);
  return to + bytes;
}
