/**
 * What is on the disk when a life of the chat begins, by storage.md: rooms with their lines
 * and topics, ids, bans and mutes. Of a journal that has not been rotated, which has no record of a
 * whole history.
 */
import { type Line, linesOf } from "../../../host/launcher/history/lines.js";
import {
  type JournalRecord,
  readSegment,
  type SegmentContent,
} from "../../../host/launcher/history/segment_file.js";
import { OracleFailure } from "../failure.js";
import type { Hall } from "./hall.js";
import type { LogEvent } from "./log.js";
import type { Room } from "./room.js";
import { countText } from "./words.js";

const [LINE, ROOM, HISTORY, MARK, STATE] = [1, 2, 3, 4, 5];
const HEADER_BYTES = 32;
const SEGMENT = /^chat-(\d{8,})\.journal$/;

export class Kept {
  /** In the order in which they were written. */
  readonly lines: Line[];
  readonly #segments: readonly (SegmentContent & { name: string })[];
  /** Of those that were given out, or may have been. */
  #lastId = 0;
  #reservedId = 0;
  /** Lines that found a place in a room. */
  #placed = 0;
  /** Rooms of which the newest segment says how far back they reach. */
  readonly #told = new Set<Room>();
  readonly #states = new Map<string, string[]>();

  /** @param files their names and contents */
  constructor(files: readonly (readonly [string, Buffer])[]) {
    const segments = files.flatMap(([name, content]) => {
      const number = SEGMENT.exec(name)?.[1];
      return number === undefined ? [] : [{ name, ...readSegment(content, BigInt(number)) }];
    });
    this.#segments = segments.sort((one, two) => (one.name < two.name ? -1 : 1));
    this.lines = segments.flatMap(({ records }) => records.flatMap(linesOf));
  }

  /** Whatever the next one says has a greater id. */
  get lastId(): number {
    return Math.max(this.#lastId, this.#reservedId);
  }

  /** Puts it all where it was. @param now in seconds since 1970 */
  restore(hall: Hall, now: number): void {
    for (const { records } of this.#segments) {
      this.#told.clear();
      for (const record of records) this.#read(hall, record);
    }
    hall.bans.restore(this.#states.get("bans") ?? [], now);
    hall.mutes.restore(this.#states.get("mutes") ?? [], now);
    hall.lastId = this.lastId;
    const { rooms } = hall;
    for (const room of rooms.byKey.values()) {
      if (!this.#told.has(room)) room.history.forgetThrough(rooms.forgottenId);
    }
  }

  /** Kills leave whole records, and behind the last of all a torn one at most. */
  checkWhole(): void {
    const found = this.#segments.flatMap(({ name, damages, end, bytes }, index) => {
      const isNewest = index === this.#segments.length - 1;
      const tail = { offset: end, bytes: isNewest ? 0 : bytes - end, what: "a damaged end" };
      return [...damages, tail].map((one) => ({ name, ...one }));
    });
    const damage = found.find(({ bytes }) => bytes > 0);
    if (damage === undefined) return;
    const { name, offset, bytes, what } = damage;
    throw new OracleFailure("kept", `${name}:${offset}: ${what}, ${bytes} bytes`);
  }

  /** What the log says of it. */
  get told(): LogEvent[] {
    const newest = this.#segments.at(-1);
    const isGood = newest !== undefined && (newest.end > 0 || newest.bytes < HEADER_BYTES);
    const count = this.#segments.length + (isGood ? 0 : 1);
    const tail = isGood ? newest.bytes - newest.end : 0;
    const read = `journal: ${countText(this.#placed, "line")} in ${countText(count, "segment")}, read in \\d+ ms`;
    const place = `journal: ${String(newest?.name)}:${String(newest?.end)}`;
    const message = `${place}: a torn tail of ${countText(tail, "byte")} is cut off`;
    const torn = { event: "journal", level: "warning" as const, message };
    return [...(tail > 0 ? [torn] : []), { event: "journal-read", message: new RegExp(read) }];
  }

  #read(hall: Hall, record: JournalRecord): void {
    const { type, payload } = record;
    if (type === LINE) this.#readLine(hall, record);
    else if (type === ROOM) this.#readRoom(hall, payload);
    else if (type === MARK) this.#readMark(hall, payload);
    else if (type === STATE) this.#readState(payload);
    else if (type === HISTORY) throw new Error("a journal that was rotated is not followed");
  }

  #readLine(hall: Hall, record: JournalRecord): void {
    for (const line of linesOf(record)) {
      const id = Number(line.id);
      this.#lastId = Math.max(this.#lastId, id);
      const room = hall.rooms.open(line.room);
      if (room === undefined || id <= room.history.newestId) continue;
      room.history.add({ ...line, id, text: Buffer.from(line.text) });
      this.#placed++;
    }
  }

  #readRoom(hall: Hall, payload: Buffer): void {
    const from = 12 + payload.readUInt32LE(8);
    const room = hall.rooms.open(payload.toString("utf8", 12, from));
    if (room === undefined) return;
    room.topic = payload.toString("utf8", from);
    room.history.forgottenId = Math.max(room.history.forgottenId, idAt(payload, 0));
    this.#told.add(room);
  }

  #readMark(hall: Hall, payload: Buffer): void {
    const { rooms } = hall;
    hall.epoch = idAt(payload, 24);
    this.#lastId = Math.max(this.#lastId, idAt(payload, 0));
    this.#reservedId = idAt(payload, 8);
    rooms.forgottenId = Math.max(rooms.forgottenId, idAt(payload, 16));
  }

  #readState(payload: Buffer): void {
    const from = 8 + payload.readUInt32LE(4);
    const name = payload.toString("utf8", 8, from);
    const before = payload.readUInt32LE(0) === 0 ? [] : (this.#states.get(name) ?? []);
    this.#states.set(name, [...before, ...payload.toString("utf8", from).split("\n")]);
  }
}

function idAt(payload: Buffer, at: number): number {
  return Number(payload.readBigUInt64LE(at));
}
