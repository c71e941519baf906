/** Decodes the messages in the records of a journal. reference/storage.md describes the layouts. */
import type { JournalRecord } from "./segment_file.js";

const LINE = 1;
const HISTORY = 3;
const LINE_HEADER_BYTES = 20;
const ROOM_HEADER_BYTES = 12;
const ENTRY_BYTES = 24;
const ACTION = 1;
/** The first version of a segment whose times are milliseconds. Before it, they are seconds. */
const MILLISECONDS_VERSION = 2;

/** A message of a room. */
export interface Line {
  id: bigint;
  /** Milliseconds since 1970. */
  milliseconds: number;
  kind: "message" | "action";
  room: string;
  from: string;
  text: string;
}

/**
 * Returns the messages in a record: one in a line record, several in a checkpoint, none in other
 * records.
 */
export function linesOf({ version, type, payload }: Omit<JournalRecord, "offset">): Line[] {
  const unit = version < MILLISECONDS_VERSION ? 1000 : 1;
  if (type === LINE) return [line(payload, unit)];
  return type === HISTORY ? history(payload, unit) : [];
}

/** Decodes a line record. @param unit the milliseconds in one unit of its time */
function line(payload: Buffer, unit: number): Line {
  const roomEnd = LINE_HEADER_BYTES + payload.readUInt8(17);
  const fromEnd = roomEnd + payload.readUInt16LE(18);
  return {
    id: payload.readBigUInt64LE(0),
    milliseconds: Number(payload.readBigInt64LE(8)) * unit,
    kind: kindOf(payload.readUInt8(16)),
    room: payload.toString("utf8", LINE_HEADER_BYTES, roomEnd),
    from: payload.toString("utf8", roomEnd, fromEnd),
    text: payload.toString("utf8", fromEnd),
  };
}

function history(payload: Buffer, unit: number): Line[] {
  let at = ROOM_HEADER_BYTES + payload.readUInt32LE(8);
  const room = payload.toString("utf8", ROOM_HEADER_BYTES, at);
  const lines: Line[] = [];
  while (at + ENTRY_BYTES <= payload.length) {
    const fromEnd = at + ENTRY_BYTES + payload.readUInt16LE(at + 18);
    const textEnd = fromEnd + payload.readUInt32LE(at + 20);
    lines.push({
      id: payload.readBigUInt64LE(at),
      milliseconds: Number(payload.readBigInt64LE(at + 8)) * unit,
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
