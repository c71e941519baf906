import { checksum } from "../../../../assembly/journal/checksum";
import { HEADER_BYTES, segmentName, VERSION } from "../../../../assembly/journal/format";
import { Journal, JournalState, RETRY_SECONDS } from "../../../../assembly/journal/journal";
import { RetryTask, SyncTask } from "../../../../assembly/journal/journal_tasks";
import { JournalOwner } from "../../../../assembly/journal/owner";
import { recover, Recovered } from "../../../../assembly/journal/recovery";
import { Segment } from "../../../../assembly/journal/segment";
import {
  parseSyncPolicy,
  SYNC_SECONDS,
  SyncPolicy,
} from "../../../../assembly/journal/sync_policy";
import { IO } from "../../../../assembly/wasi/errno";
import { Loop } from "../../../../assembly/loop/loop";
import * as host from "./support/host";
import { Note, same, sameNumber, SECOND } from "./support/steps";

const ENTRY: u32 = 1;
const HEAD: u32 = 2;
const MEBIBYTE: u64 = 1_048_576;
const buffer = memory.data(65536);
const loop = new Loop();
const directory = host.openDirectory();

/** Ids with so many bytes behind each; it remembers the newest `most`. */
class Diary extends JournalOwner {
  journal!: Journal;
  ids: Array<u64> = [];
  told: Array<string> = [];
  /** The format versions of the segments, as they were read. */
  versions: Array<u32> = [];
  heads: i32 = 0;
  lost: i32 = 0;
  allRead: bool = false;
  /** Ids before this are in a segment that stays. */
  carriedTo: u64 = 0;

  constructor(
    policy: SyncPolicy,
    bytesMost: u64 = MEBIBYTE,
    private most: i32 = i32.MAX_VALUE,
  ) {
    super();
    this.journal = new Journal(loop, directory, policy, bytesMost, this);
  }

  open(): Diary {
    same(this.journal.open().mistake, "");
    assert(this.allRead);
    return this;
  }

  put(id: u64, bytes: u32 = 8): void {
    this.remember(id);
    if (this.journal.isWriting) this.entry(id, bytes);
  }

  say(id: u64, bytes: u32 = 8): void {
    this.put(id, bytes);
    this.journal.commit();
  }

  text(): string {
    return this.ids.join(" ");
  }

  onSegment(number: u64, version: u32): void {
    this.versions.push(version);
  }

  onRecord(type: u32, payload: usize, length: u32): u64 {
    if (type != ENTRY) return 0;
    const id = load<u64>(payload);
    if (!this.ids.includes(id)) this.remember(id);
    return id;
  }

  onAllRead(): void {
    this.allRead = true;
    this.ids.sort((one, two) => (one < two ? -1 : 1));
  }

  writeSnapshot(forgottenId: u64): void {
    this.heads++;
    this.journal.payload(8);
    this.journal.seal(HEAD, 8, 0);
  }

  compact(segment: u64, id: u64, into: u64, bytesMost: u64): void {
    for (let i = 0; i < this.ids.length && this.ids[i] <= id; i++) this.entry(this.ids[i], 8);
  }

  writeMissing(sinceId: u64, into: u64): void {
    for (let i = 0; i < this.ids.length; i++) if (this.ids[i] > sinceId) this.entry(this.ids[i], 8);
  }

  onSegmentLost(segment: u64): void {
    this.lost++;
  }

  report(text: string): void {
    this.told.push(text);
  }

  private remember(id: u64): void {
    this.ids.push(id);
    if (this.ids.length > this.most) this.ids.shift();
  }

  private entry(id: u64, bytes: u32): void {
    store<u64>(this.journal.payload(bytes), id);
    this.journal.seal(ENTRY, bytes, id);
  }
}

/** Returns the contents as another process finds them. */
function found(): string {
  return new Diary(SyncPolicy.NEVER).open().text();
}

function pass(seconds: f64): void {
  host.advance(<u64>(seconds * <f64>SECOND));
  loop.callSoon(new Note([], ""));
  loop.tick();
}

function names(): string {
  return String.UTF8.decodeUnsafe(buffer, host.diskNames(buffer));
}

export function what_was_committed_is_found_again(): void {
  const diary = new Diary(SyncPolicy.INTERVAL).open();
  diary.put(1);
  diary.put(2);
  const before = host.calls("fd_write");
  diary.journal.commit();
  sameNumber(host.calls("fd_write"), before + 1, "writes of one commit:");
  diary.say(3);
  diary.put(4);
  same(found(), "1 2 3");
}

export function nothing_to_commit_costs_nothing(): void {
  const diary = new Diary(SyncPolicy.ALWAYS).open();
  const before = host.calls("fd_filestat_get") + host.calls("fd_write");
  diary.journal.commit();
  sameNumber(host.calls("fd_filestat_get") + host.calls("fd_write"), before);
}

export function always_means_before_commit_returns(): void {
  const diary = new Diary(SyncPolicy.ALWAYS).open();
  for (let id: u64 = 1; id <= 20; id++) diary.say(id);
  host.losePower();
  same(found(), "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20");
}

export function interval_means_once_a_second(): void {
  const diary = new Diary(SyncPolicy.INTERVAL).open();
  const before = host.calls("fd_datasync");
  for (let id: u64 = 1; id <= 5; id++) diary.say(id);
  sameNumber(host.calls("fd_datasync"), before);
  pass(SYNC_SECONDS);
  sameNumber(host.calls("fd_datasync"), before + 1);
  pass(SYNC_SECONDS);
  sameNumber(host.calls("fd_datasync"), before + 1, "nothing new:");
  diary.say(6);
  host.losePower();
  const left = found();
  assert(left == "1 2 3 4 5" || left == "1 2 3 4 5 6", left);
}

export function never_leaves_it_to_the_kernel(): void {
  const diary = new Diary(SyncPolicy.NEVER).open();
  const before = host.calls("fd_datasync");
  for (let id: u64 = 1; id <= 5; id++) diary.say(id);
  pass(10);
  sameNumber(host.calls("fd_datasync"), before);
  same(found(), "1 2 3 4 5");
}

/** A segment with one entry, and a record of which 10 bytes are there. @returns where they are */
function torn(): u32 {
  new Diary(SyncPolicy.NEVER).open().say(1);
  const name = segmentName(1);
  const size = host.diskRead(name, buffer);
  memory.copy(buffer + size, buffer + HEADER_BYTES, 10);
  host.diskWrite(name, buffer, size + 10);
  return size;
}

export function a_torn_tail_is_cut_and_told(): void {
  const name = segmentName(1);
  const size = torn();
  const next = new Diary(SyncPolicy.NEVER).open();
  same(next.told.join("; "), `${name}:${size}: a torn tail of 10 bytes is cut off`);
  next.say(2);
  same(found(), "1 2");
}

export function a_cut_is_safe_before_anything_is_written_behind_it(): void {
  const size = torn();
  host.failFile("fd_sync", 29);
  const next = new Diary(SyncPolicy.INTERVAL).open();
  same(next.journal.trouble, `cannot open ${segmentName(1)}: IO`);
  sameNumber(host.diskSize(segmentName(1)), size);
}

export function a_torn_header_is_cut_and_its_segment_gone_on_with(): void {
  const name = segmentName(1);
  for (let size: u32 = 0; size < HEADER_BYTES; size++) {
    new Diary(SyncPolicy.NEVER).open();
    host.diskRead(name, buffer);
    host.diskWrite(name, buffer, size);
    const next = new Diary(SyncPolicy.NEVER).open();
    const told = `${name}:0: a torn tail of ${size} bytes is cut off`;
    same(next.told.join("; "), size > 0 ? told : "");
    next.say(size + 1);
    same(found(), `${size + 1}`);
    same(names(), name);
  }
}

export function damage_costs_what_is_damaged_and_is_told(): void {
  const diary = new Diary(SyncPolicy.NEVER).open();
  diary.say(1);
  const name = segmentName(1);
  const place = host.diskSize(name);
  diary.say(2);
  diary.say(3);
  const size = host.diskRead(name, buffer);
  store<u8>(buffer + place + 13, 77);
  host.diskWrite(name, buffer, size);
  const next = new Diary(SyncPolicy.NEVER).open();
  same(next.text(), "1 3");
  same(next.told.join("; "), `${name}:${place}: 20 damaged bytes passed over`);
}

export function what_a_later_version_wrote_is_left_alone(): void {
  new Diary(SyncPolicy.NEVER).open().say(1);
  const size = host.diskRead(segmentName(1), buffer);
  store<u32>(buffer, VERSION + 1, 8);
  store<u32>(buffer, checksum(buffer, 28), 28);
  host.diskWrite(segmentName(1), buffer, size);
  const next = new Diary(SyncPolicy.NEVER);
  same(next.journal.open().mistake, `${segmentName(1)} was written by a later version of pollcast`);
  sameNumber(next.journal.state, JournalState.STOPPED);
  sameNumber(host.diskSize(segmentName(1)), size);
}

export function what_an_older_version_wrote_is_read_and_not_appended_to(): void {
  new Diary(SyncPolicy.NEVER).open().say(1);
  const size = host.diskRead(segmentName(1), buffer);
  store<u32>(buffer, VERSION - 1, 8);
  store<u32>(buffer, checksum(buffer, 28), 28);
  host.diskWrite(segmentName(1), buffer, size);
  const next = new Diary(SyncPolicy.NEVER).open();
  same(next.text(), "1");
  next.say(2);
  sameNumber(host.diskSize(segmentName(1)), size);
  const last = new Diary(SyncPolicy.NEVER).open();
  same(last.text(), "1 2");
  same(last.versions.join(" "), `${VERSION - 1} ${VERSION}`);
}

/** Gives a segment's header this version; damages the header after that. */
function setVersion(number: u64, version: u32, damage: bool): void {
  const size = host.diskRead(segmentName(number), buffer);
  store<u8>(buffer, 0x70);
  store<u32>(buffer, version, 8);
  store<u32>(buffer, checksum(buffer, 28), 28);
  if (damage) store<u8>(buffer, 0);
  host.diskWrite(segmentName(number), buffer, size);
}

export function a_segment_with_a_damaged_header_has_the_version_of_its_neighbour(): void {
  new Diary(SyncPolicy.NEVER).open().say(1);
  setVersion(1, VERSION - 1, false);
  new Diary(SyncPolicy.NEVER).open().say(2);
  setVersion(2, VERSION - 1, true);
  const next = new Diary(SyncPolicy.NEVER).open();
  same(next.text(), "1 2");
  same(next.versions.join(" "), `${VERSION - 1} ${VERSION - 1}`);
  next.say(3);
  same(
    new Diary(SyncPolicy.NEVER).open().versions.join(" "),
    `${VERSION - 1} ${VERSION - 1} ${VERSION}`,
  );
  setVersion(1, VERSION - 1, true);
  setVersion(2, VERSION - 1, false);
  const last = new Diary(SyncPolicy.NEVER).open();
  same(last.versions.join(" "), `${VERSION - 1} ${VERSION - 1} ${VERSION}`);
}

export function a_file_that_cannot_be_removed_stays_in_the_list_until_it_can(): void {
  const diary = new Diary(SyncPolicy.NEVER, MEBIBYTE, 100).open();
  let id: u64 = 1;
  while (diary.journal.segments.length < 7) diary.say(id++, 1000);
  host.failFile("path_unlink_file", IO);
  while (diary.told.length == 0) diary.say(id++, 1000);
  same(diary.told[0], `cannot remove ${segmentName(1)}: IO; trying again with the next one`);
  sameNumber(diary.journal.segments[0].number, 1);
  sameNumber(diary.journal.failures, 1);
  while (diary.journal.segments[0].number == 1) diary.say(id++, 1000);
  assert(!names().includes(segmentName(1)));
  sameNumber(names().split(" ").length, diary.journal.segments.length);
  same(found().split(" ").pop(), diary.text().split(" ").pop());
}

export function files_that_are_removed_while_it_writes_are_written_anew(): void {
  const diary = new Diary(SyncPolicy.INTERVAL).open();
  diary.say(1);
  diary.say(2);
  pass(SYNC_SECONDS);
  host.diskRemove(segmentName(1));
  diary.say(3);
  same(names(), "");
  pass(SYNC_SECONDS);
  same(
    diary.told.join("; "),
    `${segmentName(1)} has been removed; all that is remembered is written anew`,
  );
  assert(diary.journal.isWriting);
  sameNumber(diary.journal.segments.length, 1);
  same(names(), segmentName(2));
  diary.say(4);
  same(found(), "1 2 3 4");
}

export function a_snapshot_as_large_as_a_segment_does_not_begin_the_next_one(): void {
  const segment = new Segment(1, 1000, 0);
  segment.headBytes = 1000;
  assert(!segment.isFull(800));
  segment.bytes = 1399;
  assert(!segment.isFull(800));
  segment.bytes = 1400;
  assert(segment.isFull(800));
  segment.headBytes = 0;
  segment.bytes = 799;
  assert(!segment.isFull(800));
  segment.bytes = 800;
  assert(segment.isFull(800));
}

export function its_tasks_sync_and_try_again(): void {
  const diary = new Diary(SyncPolicy.INTERVAL).open();
  diary.say(1);
  host.failFile("fd_sync", IO);
  new SyncTask(diary.journal).run();
  sameNumber(diary.journal.state, JournalState.FAILING);
  new RetryTask(diary.journal).run();
  assert(diary.journal.isWriting);
  same(found(), "1");
}

export function what_cannot_be_read_is_a_mistake(): void {
  new Diary(SyncPolicy.NEVER).open().say(1);
  host.failFile("fd_read", 29);
  const found: Recovered = recover(directory, new Diary(SyncPolicy.NEVER));
  same(found.mistake, `cannot read ${segmentName(1)}: IO`);
}

export function a_full_disk_stops_nothing_and_is_made_up_for(): void {
  const diary = new Diary(SyncPolicy.INTERVAL).open();
  diary.say(1);
  const size = host.diskSize(segmentName(1));
  host.diskCapacity(size + 25);
  diary.put(2);
  diary.put(3);
  diary.journal.commit();
  sameNumber(diary.journal.state, JournalState.FAILING);
  sameNumber(host.diskSize(segmentName(1)), size, "never a torn middle:");
  diary.say(4);
  pass(RETRY_SECONDS);
  pass(RETRY_SECONDS);
  sameNumber(diary.told.length, 1);
  same(diary.told[0], "cannot write: NOSPC; serving from memory, trying again");
  same(names(), segmentName(1), "what could not be begun is not left behind:");
  host.diskCapacity(-1);
  pass(RETRY_SECONDS);
  assert(diary.journal.isWriting);
  same(diary.told[1], `written again, to ${segmentName(2)}`);
  diary.say(5);
  same(found(), "1 2 3 4 5");
}

export function a_sync_that_fails_ends_the_segment(): void {
  const diary = new Diary(SyncPolicy.ALWAYS).open();
  diary.say(1);
  host.failFile("fd_sync", 29);
  diary.say(2);
  sameNumber(diary.journal.state, JournalState.FAILING);
  diary.say(3);
  pass(RETRY_SECONDS);
  same(
    diary.told.join("; "),
    "cannot sync: IO; serving from memory, trying again; " + `written again, to ${segmentName(2)}`,
  );
  host.losePower();
  same(found(), "1 2 3");
}

export function it_is_bounded_and_what_is_remembered_stays(): void {
  const diary = new Diary(SyncPolicy.NEVER, MEBIBYTE, 100).open();
  diary.say(1);
  for (let id: u64 = 2; id <= 3000; id++) {
    diary.say(id, 1000);
    assert(diary.journal.bytes <= MEBIBYTE, `${diary.journal.bytes} bytes at ${id}`);
  }
  assert(diary.journal.segments.length > 2);
  const first: Segment = diary.journal.segments[0];
  assert(first.number > 10, `the oldest is ${first.number}`);
  sameNumber(names().split(" ").length, diary.journal.segments.length);
  const next = new Diary(SyncPolicy.NEVER, MEBIBYTE, 100).open();
  same(next.text(), diary.text());
}

export function what_is_remembered_for_long_is_carried_over(): void {
  const diary = new Diary(SyncPolicy.ALWAYS, MEBIBYTE).open();
  for (let id: u64 = 1; id <= 2500; id++) diary.say(id, 1000);
  assert(diary.journal.segments[0].number > 1);
  host.losePower();
  same(new Diary(SyncPolicy.NEVER).open().text(), diary.text());
}

export function a_segment_that_cannot_be_begun_is_lost_alone(): void {
  const diary = new Diary(SyncPolicy.ALWAYS, MEBIBYTE).open();
  for (let id: u64 = 1; id <= 120; id++) diary.say(id, 1000);
  host.failFile("path_open", 51);
  for (let id: u64 = 121; id <= 200; id++) diary.say(id, 1000);
  sameNumber(diary.journal.state, JournalState.FAILING);
  pass(RETRY_SECONDS);
  assert(diary.journal.isWriting);
  same(found(), diary.text());
}

export function two_servers_do_not_write_to_one_journal(): void {
  const one = new Diary(SyncPolicy.NEVER).open();
  one.say(1);
  const other = new Diary(SyncPolicy.NEVER).open();
  other.say(2);
  one.say(3);
  sameNumber(one.journal.state, JournalState.STOPPED);
  same(one.told[0].substring(0, 22), "another server writes ");
  pass(RETRY_SECONDS);
  sameNumber(one.journal.state, JournalState.STOPPED);
  other.say(4);
  same(found(), "1 2 4");
}

export function closing_makes_all_of_it_safe(): void {
  const diary = new Diary(SyncPolicy.NEVER).open();
  diary.put(1);
  diary.journal.close();
  host.losePower();
  same(found(), "1");
  sameNumber(diary.journal.state, JournalState.STOPPED);
}

export function policies_have_words(): void {
  sameNumber(parseSyncPolicy("always"), SyncPolicy.ALWAYS);
  sameNumber(parseSyncPolicy("interval"), SyncPolicy.INTERVAL);
  sameNumber(parseSyncPolicy("never"), SyncPolicy.NEVER);
}
