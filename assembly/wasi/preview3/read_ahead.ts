/**
 * A stream of bytes that is read ahead. A read is handed to the host with a buffer, and an event
 * with the count says that it is over. So it is known exactly whether something can be read, and
 * one call brings both the news and the bytes.
 *
 * The buffer is small while little comes, since there is one for each client.
 */
import { countCall } from "../calls";
import { AGAIN } from "../errno";
import { Handle, NO_HANDLE } from "./abi";
import { BLOCKED, countOf, isDropped } from "./canonical";
import { Descriptor, Kind } from "./table";
import { discharge, enlist, Owner } from "./waitables";

/** Bytes of the first buffer, and of one that was mostly empty. */
const LEAST_BUFFER_BYTES: u32 = 128;
/** Bytes of the largest. */
const MOST_BUFFER_BYTES: u32 = 16_384;
/** A buffer that was filled becomes so many times as long. */
const GROWTH: u32 = 4;
/** One that was filled by less than this part becomes as short as the first. */
const MOSTLY_EMPTY: u32 = 16;

export abstract class ReadAhead extends Descriptor {
  /** A read is under way, or the question how the stream has ended. */
  protected isReading: bool = false;
  /** The stream's end has been reached: there will be no more than is there. */
  protected isOver: bool = false;
  /** How it has ended is known, too. */
  protected ended: bool = false;
  /** What has broken it (a negated errno), to be told by the next read; 0: nothing. */
  protected failure: i32 = 0;
  /** Where the read under way, or the last one, puts what it reads. */
  protected buffer: usize = 0;
  private capacity: u32 = 0;
  private wanted: u32 = LEAST_BUFFER_BYTES;
  /** What is there: bytes from `at` to `length`. */
  private at: u32 = 0;
  private length: u32 = 0;

  constructor(
    kind: Kind,
    protected input: Handle,
  ) {
    super(kind);
  }

  /** Hands the host a buffer. @returns a stream's answer */
  protected abstract startRead(at: usize, bytes: u32): u32;
  /** Takes it back. */
  protected abstract cancelRead(): void;
  /** Asks how the stream has ended; sets `ended`, now or by an event. */
  protected abstract askEnding(): void;

  get isReadPending(): bool {
    return this.isReading;
  }

  /** Whether the host has ended the stream: no further read may be started. */
  get isAtEnd(): bool {
    return this.isOver;
  }

  isReadable(): bool {
    if (!this.isReading && !this.isAnswered) this.start();
    return this.isAnswered;
  }

  /** @returns the bytes, 0 at the end, -AGAIN, or another -errno, once */
  read(buffer: usize, length: u32): i32 {
    if (!this.becomesReadable()) return -AGAIN;
    if (this.at == this.length) {
      const failure = this.failure;
      this.failure = 0;
      return failure;
    }
    let got = this.take(buffer, length);
    // There may be more behind a buffer that was filled.
    while (got < length && this.length == this.capacity && this.isReadable()) {
      const more = this.take(buffer + got, length - got);
      if (more == 0) break;
      got += more;
    }
    return got;
  }

  /** @returns 1 if there are bytes, 0 at the end, -AGAIN, or another -errno */
  peek(): i32 {
    if (!this.becomesReadable()) return -AGAIN;
    return this.at < this.length ? 1 : this.failure;
  }

  /**
   * Has the host read into another buffer; the event is the reader's, which then calls
   * {@link handBack}. Nothing may be under way. @returns a stream's answer
   */
  handOver(buffer: usize, bytes: u32, reader: Owner): u32 {
    assert(!this.isReading && !this.isOver, "two reads of one stream");
    enlist(this.input, reader);
    this.isReading = true;
    return this.startRead(buffer, bytes);
  }

  /** That read is over. */
  handBack(isEnd: bool): void {
    this.isReading = false;
    this.isOver = isEnd;
  }

  /** The read that was under way is over. */
  protected arrived(answer: u32): void {
    this.isReading = false;
    this.at = 0;
    this.length = countOf(answer);
    if (this.length == this.capacity) {
      this.wanted = min(this.capacity * GROWTH, MOST_BUFFER_BYTES);
    } else if (this.length < this.capacity / MOSTLY_EMPTY) {
      this.wanted = LEAST_BUFFER_BYTES;
    }
    if (!isDropped(answer)) return;
    this.isOver = true;
    if (this.length == 0) this.askEnding();
  }

  /** Reads no more. */
  protected releaseReading(): void {
    if (this.input == NO_HANDLE) return;
    discharge(this.input);
    if (this.isReading && !this.isOver) {
      countCall();
      this.cancelRead();
    }
    this.isReading = false;
    this.input = NO_HANDLE;
    if (this.buffer != 0) heap.free(this.buffer);
    this.buffer = 0;
  }

  private take(buffer: usize, length: u32): u32 {
    const bytes = min(length, this.length - this.at);
    memory.copy(buffer, this.buffer + this.at, bytes);
    this.at += bytes;
    return bytes;
  }

  private get isAnswered(): bool {
    return this.at < this.length || this.ended;
  }

  private start(): void {
    if (this.isOver) {
      this.askEnding();
      return;
    }
    if (this.capacity == 0) enlist(this.input, this);
    if (this.capacity != this.wanted) {
      this.capacity = this.wanted;
      if (this.buffer != 0) heap.free(this.buffer);
      this.buffer = heap.alloc(this.capacity);
    }
    this.isReading = true;
    countCall();
    const answer = this.startRead(this.buffer, this.capacity);
    if (answer != BLOCKED) this.arrived(answer);
  }
}
