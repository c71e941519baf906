/**
 * Reads one segment of a journal. It is written after reference/storage.md, and shares no code with
 * the module that writes segments. So each checks the other.
 */
import zlib from "node:zlib";

const MAGIC = "pollcast";
const VERSION = 2;
const HEADER_BYTES = 32;
const HEADER_CHECKED_BYTES = 28;
const RECORD_HEADER_BYTES = 12;
const PAYLOAD_BYTES_MOST = 262_144;
const TYPES_MOST = 255;

/** A record with a correct checksum. `offset` is its place in the file, in bytes. */
export interface JournalRecord {
  offset: number;
  /** The version of the segment's format, or the newest known version if the header is damaged. */
  version: number;
  type: number;
  payload: Buffer;
}

/** A run of bytes that belong to no valid record. */
export interface Damage {
  offset: number;
  bytes: number;
  what: string;
}

export interface SegmentContent {
  records: JournalRecord[];
  damages: Damage[];
  /** The offset at which the last valid record ends. */
  end: number;
  bytes: number;
}

/**
 * Reads a segment. Damage is reported in the result.
 *
 * @param number the number in the file's name
 */
export function readSegment(file: Buffer, number: bigint): SegmentContent {
  const content: SegmentContent = { records: [], damages: [], end: 0, bytes: file.length };
  const header = headerMistake(file, number);
  let at = 0;
  if (header === undefined) at = HEADER_BYTES;
  const version = header === undefined ? file.readUInt32LE(8) : VERSION;
  content.end = at;
  while (at + RECORD_HEADER_BYTES <= file.length) {
    const record = recordAt(file, at, version);
    if (record === undefined) {
      at++;
      continue;
    }
    if (at > content.end) noteDamage(content, at, header);
    content.records.push(record);
    at += RECORD_HEADER_BYTES + record.payload.length;
    content.end = at;
  }
  return content;
}

function noteDamage(content: SegmentContent, at: number, header: string | undefined): void {
  const { end } = content;
  const what = end === 0 && header !== undefined ? header : "damaged bytes";
  content.damages.push({ offset: end, bytes: at - end, what });
}

function headerMistake(file: Buffer, number: bigint): string | undefined {
  if (file.length < HEADER_BYTES) return "no header";
  if (file.toString("latin1", 0, MAGIC.length) !== MAGIC) return "not a journal's header";
  const checksum = zlib.crc32(file.subarray(0, HEADER_CHECKED_BYTES));
  if (file.readUInt32LE(HEADER_CHECKED_BYTES) !== checksum) return "a damaged header";
  const version = file.readUInt32LE(8);
  if (version > VERSION) return `a header of version ${version}, which is not known here`;
  return file.readBigUInt64LE(16) === number ? undefined : "another segment's header";
}

function recordAt(file: Buffer, at: number, version: number): JournalRecord | undefined {
  const length = file.readUInt32LE(at + 4);
  const type = file.readUInt32LE(at + 8);
  if (type === 0 || type > TYPES_MOST || length > PAYLOAD_BYTES_MOST) return undefined;
  const end = at + RECORD_HEADER_BYTES + length;
  if (end > file.length) return undefined;
  if (file.readUInt32LE(at) !== zlib.crc32(file.subarray(at + 4, end))) return undefined;
  return { offset: at, version, type, payload: file.subarray(at + RECORD_HEADER_BYTES, end) };
}
