/**
 * The state that the journal on the disk holds when a life of the chat begins: rooms with messages
 * and topics, ids, bans and mutes. After docs/reference/storage.md. It reads journals without
 * checkpoints only: the worlds' journals are never compacted.
 */
import { type Line, linesOf } from "../../../host/launcher/history/lines.js";
import {
  type JournalRecord,
  readSegment,
  type SegmentContent,
} from "../../../host/launcher/history/segment_file.js";
import { OracleFailure } from "../failure.js";
import type { ServerModel } from "./server.js";
import type { LogEvent } from "./log.js";
import type { Room } from "./room.js";
import { countText } from "./words.js";

const [LINE, ROOM, HISTORY, MARK, STATE, REMOVED, DETAILS] = [1, 2, 3, 4, 5, 6, 7];
const HEADER_BYTES = 32;
const SEGMENT = /^chat-(\d{8,})\.journal$/;

export class JournalContents {
  /** All messages, in the order in which they were written. */
  readonly lines: Line[];
  readonly #segments: readonly (SegmentContent & { name: string })[];
  /** The greatest id in a record. */
  #lastId = 0;
  /** The greatest id that may have been given to a message: ids are reserved in blocks. */
  #reservedId = 0;
  /** The messages that were put into a room's history. */
  #placed = 0;
  /**
   * Rooms with a record in the present segment, which says from which message on their history is
   * whole.
   */
  readonly #roomsRead = new Set<Room>();
  readonly #states = new Map<string, string[]>();

  /** @param files the names and contents of all files in the data directory */
  constructor(files: readonly (readonly [string, Buffer])[]) {
    const segments = files.flatMap(([name, content]) => {
      const number = SEGMENT.exec(name)?.[1];
      return number === undefined ? [] : [{ name, ...readSegment(content, BigInt(number)) }];
    });
    this.#segments = segments.sort((one, two) => (one.name < two.name ? -1 : 1));
    this.lines = segments.flatMap(({ records }) => records.flatMap(linesOf));
  }

  /** The greatest id that may have been given out: the next message has a greater one. */
  get lastId(): number {
    return Math.max(this.#lastId, this.#reservedId);
  }

  /** Restores the state of a server model. @param now seconds since 1970 */
  restore(server: ServerModel, now: number): void {
    for (const { records } of this.#segments) {
      this.#roomsRead.clear();
      for (const record of records) this.#read(server, record);
    }
    server.bans.restore(this.#states.get("bans") ?? [], now);
    server.mutes.restore(this.#states.get("mutes") ?? [], now);
    server.lastId = this.lastId;
    const { rooms } = server;
    for (const room of rooms.byKey.values()) {
      if (!this.#roomsRead.has(room)) room.history.forgetThrough(rooms.forgottenId);
    }
    // Their modes are gone, so all users could read what was said there.
    for (const room of [...rooms.byKey.values()]) if (room.modes.isPrivate) rooms.remove(room);
  }

  /**
   * Checks that a kill left whole records only, except for a torn record at the end of the last
   * segment.
   *
   * @throws {OracleFailure} if other bytes are damaged
   */
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

  /** The log lines that the guest must write when it reads this journal. */
  get logEvents(): LogEvent[] {
    const newest = this.#segments.at(-1);
    const isGood = newest !== undefined && (newest.end > 0 || newest.bytes < HEADER_BYTES);
    const count = this.#segments.length + (isGood ? 0 : 1);
    const tail = isGood ? newest.bytes - newest.end : 0;
    const what = `${countText(this.#placed, "line")} in ${countText(count, "segment")}`;
    const read = `journal: ${what}, read in \\d+ ms`;
    const place = `journal: ${String(newest?.name)}:${String(newest?.end)}`;
    const message = `${place}: a torn tail of ${tail} bytes is cut off`;
    const torn = { event: "journal", level: "warning" as const, message };
    return [...(tail > 0 ? [torn] : []), { event: "journal-read", message: new RegExp(read) }];
  }

  #read(server: ServerModel, record: JournalRecord): void {
    const { type, payload } = record;
    if (type === LINE) this.#readLine(server, record);
    else if (type === ROOM) this.#readRoom(server, payload);
    else if (type === REMOVED) this.#readRemoval(server, payload);
    else if (type === DETAILS) this.#readDetails(server, payload);
    else if (type === MARK) this.#readMark(server, payload);
    else if (type === STATE) this.#readState(payload);
    else if (type === HISTORY) throw new Error("a journal that was rotated is not followed");
  }

  #readLine(server: ServerModel, record: JournalRecord): void {
    for (const line of linesOf(record)) {
      const id = Number(line.id);
      this.#lastId = Math.max(this.#lastId, id);
      const room = server.rooms.open(line.room);
      if (room === undefined || id <= room.history.newestId) continue;
      room.history.add({ ...line, id, text: Buffer.from(line.text) });
      this.#placed++;
    }
  }

  #readRoom(server: ServerModel, payload: Buffer): void {
    const from = 12 + payload.readUInt32LE(8);
    const room = server.rooms.open(payload.toString("utf8", 12, from));
    if (room === undefined) return;
    room.topic = payload.toString("utf8", from);
    room.history.forgottenId = Math.max(room.history.forgottenId, idAt(payload, 0));
    this.#roomsRead.add(room);
  }

  #readRemoval({ rooms }: ServerModel, payload: Buffer): void {
    const room = rooms.find(payload.toString("utf8", 12, 12 + payload.readUInt32LE(8)));
    if (room !== undefined) rooms.remove(room);
    rooms.forgottenId = Math.max(rooms.forgottenId, idAt(payload, 0));
  }

  #readDetails({ rooms }: ServerModel, payload: Buffer): void {
    const from = 12 + payload.readUInt32LE(8);
    const isPrivate = payload.readUInt8(from) === 1;
    const name = payload.toString("utf8", 12, from);
    const room = isPrivate ? rooms.open(name) : rooms.find(name);
    if (isPrivate) room?.modes.flags.add("s");
    else room?.modes.flags.delete("s");
  }

  #readMark(server: ServerModel, payload: Buffer): void {
    const { rooms } = server;
    server.epoch = idAt(payload, 24);
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
