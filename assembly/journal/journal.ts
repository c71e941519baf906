/**
 * A journal that is written: records are gathered, and {@link Journal.commit} writes them in one
 * go, before anybody is told of what they say.
 *
 * The newest segment is appended to until it is full; then another begins, and the oldest go once
 * all of them would be more than `bytesMost`. Whatever fails, the server goes on: the journal is
 * cut back to its last whole record and tried again every RETRY_SECONDS with a new segment, which
 * gets what is missing. A segment of which a sync has failed is not gone on with: nobody knows what
 * is in it.
 */
import { Loop, Task } from "../loop/loop";
import { errnoName } from "../wasi/errno";
import { removeFile } from "../wasi/files";
import { Fd } from "../wasi/fd";
import { HEADER_BYTES, RECORD_HEADER_BYTES, sealRecord, segmentName, writeHeader } from "./format";
import { JournalOwner } from "./owner";
import { recover, Recovered } from "./recovery";
import { Segment } from "./segment";
import { INTRUDED, SegmentWriter } from "./segment_writer";
import { SYNC_SECONDS, SyncPolicy } from "./sync_policy";

/** Bytes gathered; more in one tick is written in several goes. */
const BUFFER_BYTES: u32 = 524_288;
/** The journal has so many segments, which share `--data-size`. @limit segments */
const SEGMENTS: u64 = 8;
/** The journal tries again so long after a write has failed. @limit seconds */
export const RETRY_SECONDS: f64 = 10;

export enum JournalState {
  WRITING = 0,
  /** The disk is full or broken; it is tried again. */
  FAILING = 1,
  /** Another one writes here: it is left to him. Also before open and after close. */
  STOPPED = 2,
}

export class Journal {
  state: JournalState = JournalState.STOPPED;
  /** Why it is not written. */
  trouble: string = "";
  /** How often it could not be written, since the start. */
  failures: u64 = 0;
  segments: Array<Segment> = [];

  private writer: SegmentWriter;
  private buffer: usize = heap.alloc(BUFFER_BYTES);
  private length: u32 = 0;
  /** Greatest id of what was put, of what was written, and of what is safe. */
  private putId: u64 = 0;
  private writtenId: u64 = 0;
  private safeId: u64 = 0;
  /** Greatest id of what has gone with the oldest segments. */
  private forgottenId: u64 = 0;
  private isDirty: bool = false;
  private syncIsDue: bool = false;
  /** The newest segment is not complete yet: if writing fails, it goes. */
  private isStarting: bool = false;

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

  /** Bytes of all segments. */
  get bytes(): u64 {
    let sum: u64 = 0;
    for (let i = 0; i < this.segments.length; i++) sum += this.segments[i].bytes;
    return sum;
  }

  /** Reads what is there, and gets ready to write. `mistake` says why it cannot, if it cannot. */
  open(): Recovered {
    const found = recover(this.directory, this.owner);
    if (found.mistake != "") return found;
    this.segments = found.segments;
    this.putId = this.writtenId = this.safeId = found.lastId;
    this.owner.onAllRead();
    this.state = JournalState.WRITING;
    if (found.canGoOn) this.goOn(found.tail);
    else if (this.start()) this.complete();
    return found;
  }

  /** Where a payload of at most `most` bytes is to be written; {@link seal} then completes it. */
  payload(most: u32): usize {
    if (this.length + RECORD_HEADER_BYTES + most > BUFFER_BYTES) this.write();
    return this.buffer + this.length + RECORD_HEADER_BYTES;
  }

  /** @param id the greatest in it, or 0 */
  seal(type: u32, bytes: u32, id: u64): void {
    sealRecord(this.buffer + this.length, type, bytes);
    this.length += RECORD_HEADER_BYTES + bytes;
    this.putId = max(this.putId, id);
  }

  /** Writes what was put, and syncs it if it must be. Cheap if there is nothing. */
  commit(): void {
    if (this.length == 0) return;
    this.write();
    if (this.policy == SyncPolicy.ALWAYS) this.sync();
    if (this.isWriting && this.newest.bytes >= this.segmentBytes) this.rotate();
  }

  /** Makes what was written safe. */
  sync(): void {
    this.syncIsDue = false;
    if (!this.isDirty || !this.isWriting) return;
    const code = this.writer.sync();
    if (code < 0) {
      this.fail("sync", code);
    } else {
      this.isDirty = false;
      this.safeId = this.writtenId;
    }
  }

  /** Writes and syncs what there is; the end. */
  close(): void {
    this.commit();
    this.sync();
    this.writer.close();
    this.state = JournalState.STOPPED;
  }

  /** Tries again after a failure. */
  retry(): void {
    if (this.state != JournalState.FAILING) return;
    this.state = JournalState.WRITING;
    const sinceId = this.safeId;
    if (!this.start()) return;
    this.owner.writeMissing(sinceId, this.newest.number);
    this.complete();
    if (!this.isWriting) return;
    this.trouble = "";
    this.owner.tell(`written again, to ${segmentName(this.newest.number)}`);
  }

  private get newest(): Segment {
    return this.segments[this.segments.length - 1];
  }

  private get segmentBytes(): u64 {
    return this.bytesMost / SEGMENTS;
  }

  /** Goes on with the newest segment, less its torn tail. */
  private goOn(tail: u64): void {
    const newest = this.newest;
    const name = segmentName(newest.number);
    const torn = `a torn tail of ${tail} bytes is cut off`;
    if (tail > 0) this.owner.tell(`${name}:${newest.bytes}: ${torn}`);
    const error = this.writer.goOn(newest.number, newest.bytes);
    if (error < 0) {
      this.fail(`open ${name}`, error);
      return;
    }
    this.putCheckpoint();
    this.commit();
    // What was there before may not be safe yet, either.
    if (this.policy != SyncPolicy.NEVER) this.sync();
  }

  /** Another segment, in place of a full one; what must stay of the oldest is carried over. */
  private rotate(): void {
    this.isDirty = true;
    this.sync();
    if (!this.isWriting) return;
    this.writer.close();
    const going = this.howManyGo();
    const last = going > 0 ? this.segments[going - 1] : null;
    if (last !== null) this.forgottenId = max(this.forgottenId, last.lastId);
    if (!this.start()) return;
    if (last !== null) {
      const into = this.newest.number;
      this.owner.compact(last.number, last.lastId, into, this.segmentBytes / 2);
    }
    this.complete();
    if (!this.isWriting) return;
    for (let i = 0; i < going; i++) {
      removeFile(this.directory, segmentName(this.segments[i].number));
    }
    this.segments.splice(0, going);
  }

  /** How many of the oldest segments must go, so that there is place for another. */
  private howManyGo(): i32 {
    let bytes = this.bytes;
    let going = 0;
    while (going < this.segments.length && bytes + this.segmentBytes > this.bytesMost) {
      bytes -= this.segments[going++].bytes;
    }
    return going;
  }

  /** Makes a new segment with its head. {@link complete} ends its beginning. @returns success */
  private start(): bool {
    const number = this.segments.length > 0 ? this.newest.number + 1 : 1;
    const error = this.writer.create(number);
    if (error < 0) {
      this.fail(`create ${segmentName(number)}`, error);
      return false;
    }
    this.isStarting = true;
    this.segments.push(new Segment(this.writer.number, 0, this.putId));
    this.putCheckpoint();
    return this.isWriting;
  }

  /** What a segment begins with, or is gone on with. */
  private putCheckpoint(): void {
    if (this.newest.bytes == 0) {
      writeHeader(this.buffer, this.writer.number);
      this.length = HEADER_BYTES;
    }
    this.owner.writeCheckpoint(this.forgottenId);
  }

  private complete(): void {
    this.write();
    this.isDirty = true;
    this.sync();
    this.isStarting = false;
  }

  private write(): void {
    const bytes = this.length;
    this.length = 0;
    if (!this.isWriting) return;
    const error = this.writer.append(this.buffer, bytes);
    if (error == INTRUDED) this.leave();
    else if (error < 0) this.fail("write", error);
    else this.wrote();
  }

  private wrote(): void {
    this.newest.bytes = this.writer.bytes;
    this.newest.lastId = this.writtenId = this.putId;
    this.isDirty = true;
    if (this.policy == SyncPolicy.NEVER) this.safeId = this.writtenId;
    if (this.policy != SyncPolicy.INTERVAL || this.syncIsDue) return;
    this.syncIsDue = true;
    this.loop.callLater(SYNC_SECONDS, new SyncTask(this));
  }

  /** Gives up writing for a while: what was said is remembered as far as memory reaches. */
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
    if (isNews) this.owner.tell(`${this.trouble}; serving from memory, trying again`);
    this.loop.callLater(RETRY_SECONDS, new RetryTask(this));
  }

  /** The file is not as it was left: two servers must not write to one journal. */
  private leave(): void {
    this.failures++;
    this.state = JournalState.STOPPED;
    this.trouble = `somebody else writes to ${segmentName(this.newest.number)}`;
    this.writer.close();
    this.owner.tell(`${this.trouble}; serving from memory until this server is started again`);
  }
}

class SyncTask extends Task {
  constructor(private journal: Journal) {
    super();
  }

  run(): void {
    this.journal.sync();
  }
}

class RetryTask extends Task {
  constructor(private journal: Journal) {
    super();
  }

  run(): void {
    this.journal.retry();
  }
}
