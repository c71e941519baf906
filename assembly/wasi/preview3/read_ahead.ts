/**
 * A byte stream that is read ahead. The program passes a buffer to the host, and an event with the
 * byte count completes the read. So readiness is exact, and one call brings both the readiness and
 * the bytes.
 *
 * The buffer of an idle stream is small, since each client has one.
 */
import { countCall } from "../calls";
import { AGAIN } from "../errno";
import { Handle, NO_HANDLE } from "./abi";
import { BLOCKED, countOf, isDropped } from "./canonical";
import { Descriptor, Kind } from "./table";
import { removeWaitable, addWaitable, EventHandler } from "./waitables";

/** A component reads into a buffer of this size while a client sends little. @limit bytes */
const MIN_BUFFER_BYTES: u32 = 128;
/** A component reads into a buffer of this size while a client sends much. @limit bytes */
const MAX_BUFFER_BYTES: u32 = 16_384;
/** The factor by which a full buffer grows. */
const GROWTH: u32 = 4;
/** A read that fills less than 1/16 of the buffer shrinks it to the first size. */
const MOSTLY_EMPTY: u32 = 16;

export abstract class ReadAhead extends Descriptor {
  /** True while a read of the stream or of its result is in flight. */
  protected isReading: bool = false;
  /** True once the host has ended the stream. It must not be read again. */
  streamEnded: bool = false;
  /** True once the result of the stream is known: an end, or the error in `failure`. */
  protected isResultKnown: bool = false;
  /** The error that broke the stream, for the next read, as a negated errno; 0: none. */
  protected failure: i32 = 0;
  /** The buffer of the read in flight, or of the last one. */
  protected buffer: usize = 0;
  private capacity: u32 = 0;
  private wanted: u32 = MIN_BUFFER_BYTES;
  /** The range of unread bytes in the buffer: from `at` to `length`. */
  private at: u32 = 0;
  private length: u32 = 0;

  constructor(
    kind: Kind,
    protected input: Handle,
  ) {
    super(kind);
  }

  /** Starts a read into a buffer. @returns a stream's result (see canonical.ts) */
  protected abstract startRead(at: usize, bytes: u32): u32;
  /** Cancels the read in flight: the buffer is the program's again. */
  protected abstract cancelRead(): void;
  /**
   * Reads the result of an ended stream. Sets `isResultKnown` at once, or when the event of this
   * read arrives.
   */
  protected abstract readResult(): void;

  get isReadPending(): bool {
    return this.isReading;
  }

  pollReadable(): bool {
    if (!this.isReading && !this.isReady) this.start();
    return this.isReady;
  }

  /**
   * Reads up to `length` bytes.
   *
   * @returns the bytes read, 0 at the end, -AGAIN if there are none yet, or another -errno, once
   */
  read(buffer: usize, length: u32): i32 {
    if (!this.waitReadable()) return -AGAIN;
    if (this.at == this.length) {
      const failure = this.failure;
      this.failure = 0;
      return failure;
    }
    let got = this.take(buffer, length);
    // A full buffer suggests that there are more bytes.
    while (got < length && this.length == this.capacity && this.pollReadable()) {
      const more = this.take(buffer + got, length - got);
      if (more == 0) break;
      got += more;
    }
    return got;
  }

  /**
   * Tests the result of a read.
   *
   * @returns 1 if there are bytes, 0 at the end, -AGAIN if there are none yet, or another -errno
   */
  peek(): i32 {
    if (!this.waitReadable()) return -AGAIN;
    return this.at < this.length ? 1 : this.failure;
  }

  /**
   * Starts a read into the caller's buffer. Its event goes to `reader`, which then calls
   * {@link finishReadInto}. No other read may be in flight.
   *
   * @returns a stream's result (see canonical.ts)
   */
  startReadInto(buffer: usize, bytes: u32, reader: EventHandler): u32 {
    assert(!this.isReading && !this.streamEnded, "two reads of one stream");
    addWaitable(this.input, reader);
    this.isReading = true;
    return this.startRead(buffer, bytes);
  }

  /** Ends the read of {@link startReadInto}. */
  finishReadInto(streamEnded: bool): void {
    this.isReading = false;
    this.streamEnded = streamEnded;
  }

  /** Completes the read in flight: keeps its bytes, adapts the size of the next buffer. */
  protected arrived(answer: u32): void {
    this.isReading = false;
    this.at = 0;
    this.length = countOf(answer);
    if (this.length == this.capacity) {
      this.wanted = min(this.capacity * GROWTH, MAX_BUFFER_BYTES);
    } else if (this.length < this.capacity / MOSTLY_EMPTY) {
      this.wanted = MIN_BUFFER_BYTES;
    }
    if (!isDropped(answer)) return;
    this.streamEnded = true;
    if (this.length == 0) this.readResult();
  }

  /** Cancels a read in flight, and frees the buffer. */
  protected releaseReading(): void {
    if (this.input == NO_HANDLE) return;
    removeWaitable(this.input);
    if (this.isReading && !this.streamEnded) {
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

  private get isReady(): bool {
    return this.at < this.length || this.isResultKnown;
  }

  private start(): void {
    if (this.streamEnded) {
      this.readResult();
      return;
    }
    if (this.capacity == 0) addWaitable(this.input, this);
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
