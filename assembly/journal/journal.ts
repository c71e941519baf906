/**
 * Writes a journal. Records are buffered, and {@link Journal.commit} writes them before any client
 * gets their contents.
 *
 * The newest segment grows until it is full, and then the next one begins. The oldest segments are
 * deleted when all together would exceed `bytesMost`. After an error, the journal is cut back to
 * its last complete record. Every RETRY_SECONDS it tries to write again, to a new segment, which
 * gets the missing records. A segment with a failed sync is not used any more.
 */
import { Loop } from "../loop/loop";
import { errnoName } from "../wasi/errno";
import { NANOSECONDS_PER_SECOND } from "../wasi/clock";
import { Fd } from "../wasi/fd";
import { HEADER_BYTES, RECORD_HEADER_BYTES, sealRecord, segmentName, writeHeader } from "./format";
import { RetryTask, SyncTask, TimedJournal } from "./journal_tasks";
import { JournalOwner } from "./owner";
import { recover, Recovered } from "./recovery";
import { Segment } from "./segment";
import { bytesOf, dropMissing, isThere, removeOldest, surplus } from "./segment_list";
import { INTRUDED, SegmentWriter } from "./segment_writer";
import { SYNC_SECONDS, SyncPolicy } from "./sync_policy";

/** The size of the buffer in bytes. A tick with more records takes several writes. */
const BUFFER_BYTES: u32 = 524_288;
/** The journal has this many segments, which share `--data-size`. @limit segments */
const SEGMENTS: u64 = 8;
/** After a failed write, the journal tries again after this time. @limit seconds */
export const RETRY_SECONDS: f64 = 10;

export enum JournalState {
  WRITING = 0,
  /** The disk is full or broken. The journal tries again. */
  FAILING = 1,
  /** Another server writes to the journal. Also the state before `open` and after `close`. */
  STOPPED = 2,
}

export class Journal implements TimedJournal {
  state: JournalState = JournalState.STOPPED;
  /** The reason why it is not written, or empty. */
  trouble: string = "";
  /** The number of failures since the start. */
  failures: u64 = 0;
  segments: Array<Segment> = [];

  private writer: SegmentWriter;
  private buffer: usize = heap.alloc(BUFFER_BYTES);
  private length: u32 = 0;
  /** The greatest id of the records that were put into the buffer. */
  private putId: u64 = 0;
  /** The greatest id of the records that were written. */
  private writtenId: u64 = 0;
  /** The greatest id of the records that were synced. */
  private safeId: u64 = 0;
  /** The greatest id in the segments that have been deleted. */
  private forgottenId: u64 = 0;
  /** True if records have been written that are not synced yet. */
  isDirty: bool = false;
  private syncIsDue: bool = false;
  /** True while the newest segment has no complete beginning. If writing fails, it is deleted. */
  private isStarting: bool = false;
  /** The time of the next test that the newest segment's file exists. */
  private nextCheck: u64 = 0;

  constructor(
    private loop: Loop,
    private directory: Fd,
    private policy: SyncPolicy,
    private bytesMost: u64,
    private owner: JournalOwner,
  ) {
    this.writer = new SegmentWriter(directory);
  }

  get isWriting(): bool {
    return this.state == JournalState.WRITING;
  }

  /** The size of all segments in bytes. */
  get bytes(): u64 {
    return bytesOf(this.segments);
  }

  /** Reads the journal and prepares to write. On failure, `mistake` has the reason. */
  open(): Recovered {
    const found = recover(this.directory, this.owner);
    if (found.mistake != "") return found;
    this.segments = found.segments;
    this.putId = this.writtenId = this.safeId = found.lastId;
    this.owner.onAllRead();
    this.state = JournalState.WRITING;
    if (found.canGoOn) this.continueNewest(found.tail);
    else if (this.start()) this.complete();
    return found;
  }

  /** Returns an address for a payload of at most `most` bytes; then call {@link seal}. */
  payload(most: u32): usize {
    if (this.length + RECORD_HEADER_BYTES + most > BUFFER_BYTES) this.write();
    return this.buffer + this.length + RECORD_HEADER_BYTES;
  }

  /** Completes a record. @param id the greatest id in it, or 0 */
  seal(type: u32, bytes: u32, id: u64): void {
    sealRecord(this.buffer + this.length, type, bytes);
    this.length += RECORD_HEADER_BYTES + bytes;
    this.putId = max(this.putId, id);
  }

  /** Writes the buffered records, and syncs if the policy asks for it. Cheap without any. */
  commit(): void {
    if (this.length == 0) return;
    this.write();
    if (this.policy == SyncPolicy.ALWAYS) this.sync();
    if (this.isWriting && this.newest.isFull(this.segmentBytes)) this.rotate();
  }

  /** Syncs the records that have been written. */
  sync(): void {
    this.syncIsDue = false;
    if (!this.isDirty || !this.isWriting) return;
    const code = this.writer.sync();
    if (code < 0) {
      this.fail("sync", code);
    } else if (this.isRemoved()) {
      this.beginAnew();
    } else {
      this.isDirty = false;
      this.safeId = this.writtenId;
    }
  }

  /** Returns true if the newest segment's file is gone. Looks for it at most once a second. */
  private isRemoved(): bool {
    if (this.isStarting || this.loop.now < this.nextCheck) return false;
    this.nextCheck = this.loop.now + <u64>(SYNC_SECONDS * <f64>NANOSECONDS_PER_SECOND);
    return !isThere(this.directory, this.newest);
  }

  /** Writes everything in memory to a new segment, after the files have been removed. */
  private beginAnew(): void {
    const name = segmentName(this.newest.number);
    this.failures++;
    this.writer.close();
    this.isDirty = false;
    this.owner.onSegmentLost(0);
    this.owner.report(`${name} has been removed; all that is remembered is written anew`);
    if (!this.start()) return;
    this.owner.writeMissing(0, this.newest.number);
    this.complete();
    dropMissing(this.directory, this.segments);
  }

  /** Writes and syncs the rest, and closes the file. */
  close(): void {
    this.commit();
    this.sync();
    this.writer.close();
    this.state = JournalState.STOPPED;
  }

  /** Tries to write again after a failure. */
  retry(): void {
    if (this.state != JournalState.FAILING) return;
    this.state = JournalState.WRITING;
    const sinceId = this.safeId;
    if (!this.start()) return;
    this.owner.writeMissing(sinceId, this.newest.number);
    this.complete();
    if (!this.isWriting) return;
    this.trouble = "";
    this.owner.report(`written again, to ${segmentName(this.newest.number)}`);
  }

  private get newest(): Segment {
    return this.segments[this.segments.length - 1];
  }

  private get segmentBytes(): u64 {
    return this.bytesMost / SEGMENTS;
  }

  /** Continues the newest segment, after cutting off its torn tail of `tail` bytes. */
  private continueNewest(tail: u64): void {
    const newest = this.newest;
    const name = segmentName(newest.number);
    const torn = `a torn tail of ${tail} bytes is cut off`;
    if (tail > 0) this.owner.report(`${name}:${newest.bytes}: ${torn}`);
    const error = this.writer.reopen(newest.number, newest.bytes);
    if (error < 0) {
      this.fail(`open ${name}`, error);
      return;
    }
    this.putSnapshot();
    this.commit();
    // The records from before the start may not be synced yet.
    if (this.policy != SyncPolicy.NEVER) this.sync();
  }

  /** Begins the next segment. Copies what is still needed of the oldest ones, and deletes them. */
  private rotate(): void {
    this.isDirty = true;
    this.sync();
    if (!this.isWriting) return;
    this.writer.close();
    const removable = surplus(this.segments, this.segmentBytes, this.bytesMost);
    const last = removable > 0 ? this.segments[removable - 1] : null;
    if (last !== null) this.forgottenId = max(this.forgottenId, last.lastId);
    if (!this.start()) return;
    if (last !== null) {
      const into = this.newest.number;
      this.owner.compact(last.number, last.lastId, into, this.segmentBytes / 2);
    }
    this.complete();
    if (!this.isWriting) return;
    const error = removeOldest(this.directory, this.segments, removable);
    if (error == 0) return;
    const name = segmentName(this.segments[0].number);
    this.failures++;
    this.owner.report(`cannot remove ${name}: ${errnoName(error)}; trying again with the next one`);
  }

  /** Creates a segment with its snapshot, for {@link complete}. @returns false on failure */
  private start(): bool {
    const number = this.segments.length > 0 ? this.newest.number + 1 : 1;
    const error = this.writer.create(number);
    if (error < 0) {
      this.fail(`create ${segmentName(number)}`, error);
      return false;
    }
    this.isStarting = true;
    this.segments.push(new Segment(this.writer.number, 0, this.putId));
    this.putSnapshot();
    return this.isWriting;
  }

  /** Buffers a snapshot, with the header if the segment is new. */
  private putSnapshot(): void {
    if (this.newest.bytes == 0) {
      writeHeader(this.buffer, this.writer.number);
      this.length = HEADER_BYTES;
    }
    this.owner.writeSnapshot(this.forgottenId);
  }

  private complete(): void {
    this.write();
    this.isDirty = true;
    this.sync();
    this.isStarting = false;
    this.newest.headBytes = this.newest.bytes;
  }

  private write(): void {
    const bytes = this.length;
    this.length = 0;
    if (!this.isWriting) return;
    const error = this.writer.append(this.buffer, bytes);
    if (error == INTRUDED) this.stopForGood();
    else if (error < 0) this.fail("write", error);
    else this.noteWritten();
  }

  private noteWritten(): void {
    this.newest.bytes = this.writer.bytes;
    this.newest.lastId = this.writtenId = this.putId;
    this.isDirty = true;
    if (this.policy == SyncPolicy.NEVER) this.safeId = this.writtenId;
    if (this.policy != SyncPolicy.INTERVAL || this.syncIsDue) return;
    this.syncIsDue = true;
    this.loop.callLater(SYNC_SECONDS, new SyncTask(this));
  }

  /** Stops writing until a retry succeeds. Meanwhile, messages are in memory only. */
  private fail(what: string, code: i32): void {
    const isNews = this.trouble == "";
    this.trouble = `cannot ${what}: ${errnoName(code)}`;
    this.failures++;
    this.state = JournalState.FAILING;
    this.length = 0;
    this.writer.close();
    if (this.isStarting) {
      this.isStarting = false;
      this.writer.remove();
      this.owner.onSegmentLost(this.segments.pop().number);
    }
    if (isNews) this.owner.report(`${this.trouble}; serving from memory, trying again`);
    this.loop.callLater(RETRY_SECONDS, new RetryTask(this));
  }

  /** Stops for good: the file has changed, and two servers must not write to one journal. */
  private stopForGood(): void {
    this.failures++;
    this.state = JournalState.STOPPED;
    this.trouble = `another server writes to ${segmentName(this.newest.number)}`;
    this.writer.close();
    this.owner.report(`${this.trouble}; serving from memory until this server is started again`);
  }
}
