import { checksum } from "../../../../assembly/journal/checksum";
import {
  checkHeader,
  HEADER_BYTES,
  HeaderState,
  isWhole,
  looksLikeRecord,
  PAYLOAD_BYTES_MOST,
  RECORD_HEADER_BYTES,
  sealRecord,
  segmentName,
  segmentNumber,
  VERSION,
  versionOf,
  writeHeader,
} from "../../../../assembly/journal/format";
import { SegmentReader } from "../../../../assembly/journal/segment_reader";
import { INTRUDED, SegmentWriter } from "../../../../assembly/journal/segment_writer";
import * as host from "./support/host";
import { bytesOf, same, sameNumber } from "./support/steps";

const file = heap.alloc(1_000_000);
let end: u32 = 0;
const directory = host.openDirectory();

function begin(number: u64): void {
  writeHeader(file, number);
  end = HEADER_BYTES;
}

/** A record of this type with so many bytes, all the same. */
function add(type: u32, bytes: u32): void {
  memory.fill(file + end + RECORD_HEADER_BYTES, <u8>type, bytes);
  sealRecord(file + end, type, bytes);
  end += RECORD_HEADER_BYTES + bytes;
}

/** The types of the records that are read, with their lengths; each must be whole. */
function read(number: u64): string {
  host.diskWrite(segmentName(number), file, end);
  const reader = new SegmentReader();
  sameNumber(reader.open(directory, number), 0);
  let text = "";
  while (reader.next()) {
    for (let i: u32 = 0; i < reader.length; i++) {
      sameNumber(load<u8>(reader.payload + i), reader.type & 0xff);
    }
    text += `${reader.type}:${reader.length} `;
  }
  sameNumber(reader.size, end);
  const damage = reader.damaged > 0 ? `, ${reader.damaged} at ${reader.firstDamage}` : "";
  text += `to ${reader.goodEnd}${damage}`;
  reader.close();
  reader.free();
  return text;
}

export function the_checksum_is_zlibs(): void {
  const text = bytesOf("123456789");
  sameNumber(checksum(text, 9), 0xcbf43926);
  sameNumber(checksum(text, 0), 0);
  // However it is cut.
  for (let cut: u32 = 0; cut <= 9; cut++) {
    sameNumber(checksum(text + cut, 9 - cut, checksum(text, cut)), 0xcbf43926);
  }
}

export function a_segment_has_a_name_and_a_number(): void {
  same(segmentName(7), "chat-00000007.journal");
  sameNumber(segmentNumber("chat-00000007.journal"), 7);
  sameNumber(segmentNumber(segmentName(123_456_789_012)), 123_456_789_012);
  const others = ["", "chat-7.journal", "chat-00000000.journal", "chat-0000000x.journal", "lock"];
  for (let i = 0; i < others.length; i++) sameNumber(segmentNumber(others[i]), 0, others[i]);
  sameNumber(segmentNumber("chat-000000007.journal"), 0, "two names for one number");
  sameNumber(segmentNumber("chat-00000007.journal.gz"), 0);
}

function hexOf(bytes: u32): string {
  let text = "";
  for (let at: u32 = 0; at < bytes; at++) {
    text += load<u8>(file + at)
      .toString(16)
      .padStart(2, "0");
  }
  return text;
}

export function headers_and_records_have_these_bytes_whatever_was_there_before(): void {
  memory.fill(file, 0xff, HEADER_BYTES);
  writeHeader(file, 0x0102_0304_0506_0708);
  const header = "706f6c6c63617374" + "02000000" + "00000000" + "0807060504030201" + "00000000";
  same(hexOf(32), header + "3689adb5");
  memory.fill(file, 0xff, RECORD_HEADER_BYTES);
  memory.copy(file + RECORD_HEADER_BYTES, bytesOf("abc"), 3);
  sealRecord(file, 4, 3);
  same(hexOf(15), "2e6b4fcc" + "03000000" + "04000000" + "616263");
}

export function a_header_is_known_again(): void {
  begin(5);
  sameNumber(checkHeader(file, 5), HeaderState.GOOD);
  sameNumber(checkHeader(file, 6), HeaderState.BAD, "of another segment");
  store<u8>(file, 9, 20);
  sameNumber(checkHeader(file, 5), HeaderState.BAD);
  store<u8>(file, 0, 20);
  sameNumber(versionOf(file, HeaderState.BAD), 0);
  store<u32>(file, VERSION + 1, 8);
  store<u32>(file, checksum(file, 28), 28);
  sameNumber(checkHeader(file, 5), HeaderState.NEWER);
  store<u32>(file, VERSION - 1, 8);
  store<u32>(file, checksum(file, 28), 28);
  sameNumber(checkHeader(file, 5), HeaderState.OLDER);
  sameNumber(versionOf(file, HeaderState.OLDER), VERSION - 1);
  sameNumber(checkHeader(file, 6), HeaderState.BAD, "of another segment");
}

export function a_record_is_whole_or_not(): void {
  begin(1);
  add(3, 10);
  const at = file + HEADER_BYTES;
  assert(looksLikeRecord(at) && isWhole(at));
  store<u8>(at, 0, RECORD_HEADER_BYTES + 9);
  assert(looksLikeRecord(at) && !isWhole(at));
  store<u32>(at, PAYLOAD_BYTES_MOST + 1, 4);
  assert(!looksLikeRecord(at));
  memory.fill(at, 0, 22);
  assert(!looksLikeRecord(at), "zeros are none");
}

export function records_are_read_in_order(): void {
  begin(1);
  same(read(1), "to 32");
  add(1, 0);
  add(2, 100);
  add(255, PAYLOAD_BYTES_MOST);
  add(3, 7);
  same(read(1), `1:0 2:100 255:${PAYLOAD_BYTES_MOST} 3:7 to ${end}`);
}

export function a_tail_may_be_cut_at_any_byte(): void {
  begin(1);
  add(1, 20);
  const good = end;
  add(2, 30);
  const all = end;
  for (end = good; end < all; end++) same(read(1), `1:20 to ${good}`);
}

export function damage_is_passed_over(): void {
  for (let at: u32 = 0; at < 42; at++) {
    begin(1);
    add(1, 20);
    const from = end;
    add(2, 30);
    add(3, 40);
    store<u8>(file + from + at, load<u8>(file + from + at) ^ 0xff);
    same(read(1), `1:20 3:40 to ${end}, 42 at ${from}`);
  }
}

export function a_header_that_is_damaged_hides_no_records(): void {
  begin(1);
  add(1, 20);
  store<u8>(file, 0);
  same(read(1), `1:20 to ${end}, 32 at 0`);
  end = 0;
  same(read(1), "to 0");
}

export function a_segment_that_cannot_be_read_says_so(): void {
  const reader = new SegmentReader();
  sameNumber(reader.open(directory, 9), -44);
  begin(9);
  add(1, 20);
  host.diskWrite(segmentName(9), file, end);
  host.failFile("fd_read", 29);
  sameNumber(reader.open(directory, 9), -29);
}

export function a_writer_keeps_nothing_of_what_it_could_not_write(): void {
  const writer = new SegmentWriter(directory);
  sameNumber(writer.create(3), 0);
  sameNumber(writer.number, 3);
  sameNumber(writer.append(file, 100), 0);
  host.shortenFile("fd_write", 7);
  sameNumber(writer.append(file, 100), 0, "a short write is gone on with");
  host.diskCapacity(250);
  sameNumber(writer.append(file, 100), -51);
  sameNumber(host.diskSize(segmentName(3)), 200);
  sameNumber(writer.sync(), 0);
  writer.close();
  sameNumber(writer.reopen(3, 150), 0);
  sameNumber(host.diskSize(segmentName(3)), 150);
  writer.remove();
  sameNumber(host.diskSize(segmentName(3)), -1);
}

export function a_writer_notices_another_one(): void {
  const one = new SegmentWriter(directory);
  const other = new SegmentWriter(directory);
  sameNumber(one.create(1), 0);
  sameNumber(other.create(1), 0);
  sameNumber(other.number, 2, "numbers that are taken are left");
  sameNumber(one.append(file, 10), 0);
  other.close();
  sameNumber(other.reopen(1, 10), 0);
  sameNumber(other.append(file, 10), 0);
  sameNumber(one.append(file, 10), INTRUDED);
  sameNumber(host.diskSize(segmentName(1)), 20);
}
