/** Decodes the messages in the records of a journal. reference/storage.md describes the layouts. */
import type { JournalRecord } from "./segment_file.js";

const LINE = 1;
const HISTORY = 3;
const LINE_HEADER_BYTES = 20;
const ROOM_HEADER_BYTES = 12;
const ENTRY_BYTES = 24;
const ACTION = 1;

/** A message of a room. */
export interface Line {
  id: bigint;
  /** Seconds since 1970. */
  seconds: number;
  kind: "message" | "action";
  room: string;
  from: string;
  text: string;
}

/**
 * Returns the messages in a record: one of a line, those of a checkpoint, or none of other records.
 */
export function linesOf({ type, payload }: JournalRecord): Line[] {
  if (type === LINE) return [line(payload)];
  return type === HISTORY ? history(payload) : [];
}

function line(payload: Buffer): Line {
  const roomEnd = LINE_HEADER_BYTES + payload.readUInt8(17);
  const fromEnd = roomEnd + payload.readUInt16LE(18);
  return {
    id: payload.readBigUInt64LE(0),
    seconds: Number(payload.readBigInt64LE(8)),
    kind: kindOf(payload.readUInt8(16)),
    room: payload.toString("utf8", LINE_HEADER_BYTES, roomEnd),
    from: payload.toString("utf8", roomEnd, fromEnd),
    text: payload.toString("utf8", fromEnd),
  };
}

function history(payload: Buffer): Line[] {
  let at = ROOM_HEADER_BYTES + payload.readUInt32LE(8);
  const room = payload.toString("utf8", ROOM_HEADER_BYTES, at);
  const lines: Line[] = [];
  while (at + ENTRY_BYTES <= payload.length) {
    const fromEnd = at + ENTRY_BYTES + payload.readUInt16LE(at + 18);
    const textEnd = fromEnd + payload.readUInt32LE(at + 20);
    lines.push({
      id: payload.readBigUInt64LE(at),
      seconds: Number(payload.readBigInt64LE(at + 8)),
      kind: kindOf(payload.readUInt16LE(at + 16)),
      room,
      from: payload.toString("utf8", at + ENTRY_BYTES, fromEnd),
      text: payload.toString("utf8", fromEnd, textEnd),
    });
    at = textEnd;
  }
  return lines;
}

function kindOf(code: number): Line["kind"] {
  return code === ACTION ? "action" : "message";
}
