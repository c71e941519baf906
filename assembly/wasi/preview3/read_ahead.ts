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
import { removeWaitable, addWaitable, EventHandler } from "./waitables";

/** A component reads into a buffer of this size while little comes. @limit bytes */
const MIN_BUFFER_BYTES: u32 = 128;
/** A component reads into a buffer of this size while much comes. @limit bytes */
const MAX_BUFFER_BYTES: u32 = 16_384;
/** A buffer that was filled becomes so many times as long. */
const GROWTH: u32 = 4;
/** One that was filled by less than this part becomes as short as the first. */
const MOSTLY_EMPTY: u32 = 16;

export abstract class ReadAhead extends Descriptor {
  /** A read of the stream is under way, or of its result. */
  protected isReading: bool = false;
  /** The host has ended the stream: it must not be read again. */
  streamEnded: bool = false;
  /** The result of the stream is known: an end, or the error that `failure` has. */
  protected isResultKnown: bool = false;
  /** The error that has broken the stream (a negated errno), for the next read; 0: none. */
  protected failure: i32 = 0;
  /** The buffer of the read under way, or of the last one. */
  protected buffer: usize = 0;
  private capacity: u32 = 0;
  private wanted: u32 = MIN_BUFFER_BYTES;
  /** The bytes of the buffer that the program has not read yet: from `at` to `length`. */
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
  /** Takes the buffer back. */
  protected abstract cancelRead(): void;
  /** Reads the result of an ended stream; sets `isResultKnown`, now or by an event. */
  protected abstract readResult(): void;

  get isReadPending(): bool {
    return this.isReading;
  }

  pollReadable(): bool {
    if (!this.isReading && !this.isReady) this.start();
    return this.isReady;
  }

  /** @returns the bytes, 0 at the end, -AGAIN, or another -errno, once */
  read(buffer: usize, length: u32): i32 {
    if (!this.waitReadable()) return -AGAIN;
    if (this.at == this.length) {
      const failure = this.failure;
      this.failure = 0;
      return failure;
    }
    let got = this.take(buffer, length);
    // There may be more behind a buffer that was filled.
    while (got < length && this.length == this.capacity && this.pollReadable()) {
      const more = this.take(buffer + got, length - got);
      if (more == 0) break;
      got += more;
    }
    return got;
  }

  /** @returns 1 if there are bytes, 0 at the end, -AGAIN, or another -errno */
  peek(): i32 {
    if (!this.waitReadable()) return -AGAIN;
    return this.at < this.length ? 1 : this.failure;
  }

  /**
   * Starts a read into a buffer of the caller. Its event goes to `reader`, which then calls
   * {@link finishReadInto}. No other read may be under way. @returns a stream's answer
   */
  startReadInto(buffer: usize, bytes: u32, reader: EventHandler): u32 {
    assert(!this.isReading && !this.streamEnded, "two reads of one stream");
    addWaitable(this.input, reader);
    this.isReading = true;
    return this.startRead(buffer, bytes);
  }

  /** The read of {@link startReadInto} is over. */
  finishReadInto(streamEnded: bool): void {
    this.isReading = false;
    this.streamEnded = streamEnded;
  }

  /** The read that was under way is over. */
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

  /** Reads no more. */
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
