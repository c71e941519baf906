/**
 * Reads a journal at the start, from its first segment to its last. It changes nothing: the writer
 * cuts off a torn tail.
 */
import { errnoName } from "../wasi/errno";
import { listDirectory } from "../wasi/files";
import { Fd } from "../wasi/socket";
import { HEADER_BYTES, HeaderState, segmentName, segmentNumber, VERSION } from "./format";
import { JournalOwner } from "./owner";
import { Segment } from "./segment";
import { SegmentReader } from "./segment_reader";

export class Recovered {
  /** The format version of the segment that was read last; 0 before the first one. */
  version: u32 = 0;
  segments: Array<Segment> = [];
  records: u64 = 0;
  /** The greatest id of all records. */
  lastId: u64 = 0;
  /**
   * True if the newest segment can be continued. `tail` is the number of bytes after its last
   * complete record.
   */
  canGoOn: bool = false;
  tail: u64 = 0;
  /** The reason why the journal cannot be read, or empty. */
  mistake: string = "";
}

export function recover(directory: Fd, owner: JournalOwner): Recovered {
  const found = new Recovered();
  const names = new Array<string>();
  const listed = listDirectory(directory, names);
  if (listed < 0) {
    found.mistake = `cannot list the directory: ${errnoName(listed)}`;
    return found;
  }
  const numbers = names
    .map<u64>((name) => segmentNumber(name))
    .filter((number) => number > 0)
    .sort((one, two) => (one < two ? -1 : one > two ? 1 : 0));
  const reader = new SegmentReader();
  for (let i = 0; i < numbers.length && found.mistake == ""; i++) {
    readSegment(reader, directory, numbers, i, owner, found);
  }
  reader.free();
  return found;
}

/** Returns the format version of the first segment from an index on that has a header. */
function versionFrom(directory: Fd, numbers: Array<u64>, index: i32): u32 {
  const reader = new SegmentReader();
  let version: u32 = 0;
  for (let i = index; i < numbers.length && version == 0; i++) {
    if (reader.open(directory, numbers[i]) < 0) break;
    version = reader.version;
    reader.close();
  }
  reader.free();
  return version == 0 ? VERSION : version;
}

function readSegment(
  reader: SegmentReader,
  directory: Fd,
  numbers: Array<u64>,
  index: i32,
  owner: JournalOwner,
  found: Recovered,
): void {
  const number = numbers[index];
  const name = segmentName(number);
  const opened = reader.open(directory, number);
  if (opened < 0) {
    found.mistake = `cannot read ${name}: ${errnoName(opened)}`;
    return;
  }
  if (reader.header == HeaderState.NEWER) {
    found.mistake = `${name} was written by a later version of pollcast`;
  }
  // The version of a segment with a damaged header is most likely that of the segment before it, or
  // else of the next one.
  if (reader.version > 0) found.version = reader.version;
  else if (found.version == 0) found.version = versionFrom(directory, numbers, index + 1);
  owner.onSegment(number, found.version);
  while (found.mistake == "" && reader.next()) {
    found.records++;
    const id = owner.onRecord(reader.type, reader.payload, reader.length);
    found.lastId = max(found.lastId, id);
  }
  reader.close();
  if (found.mistake != "") return;
  if (reader.errno < 0) {
    found.mistake = `cannot read ${name}: ${errnoName(reader.errno)}`;
    return;
  }
  if (reader.damaged > 0) {
    owner.report(`${name}:${reader.firstDamage}: ${reader.damaged} damaged bytes passed over`);
  }
  // A file that is shorter than a header has no complete record yet.
  const hasBegun = reader.size < HEADER_BYTES && reader.goodEnd == 0;
  found.canGoOn = hasBegun || reader.header == HeaderState.GOOD;
  found.tail = reader.size - reader.goodEnd;
  const bytes = found.canGoOn ? reader.goodEnd : reader.size;
  found.segments.push(new Segment(number, bytes, found.lastId));
}
