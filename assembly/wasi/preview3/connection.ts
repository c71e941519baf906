/**
 * A connection: a stream that is read ahead, and a stream that is written to. The host does not
 * buffer writes. It passes the bytes to the kernel during the call. A write that the kernel does
 * not take at once is cancelled.
 */
import { countCall } from "../calls";
import { AGAIN, CONNRESET, PIPE } from "../errno";
import { Handle, NO_HANDLE } from "./abi";
import { errnoOf } from "./error_code";
import { BLOCKED, countOf, Event, isDropped } from "./canonical";
import { ReadAhead } from "./read_ahead";
import { Kind } from "./table";
import * as tcp from "./tcp";
import { removeWaitable, addWaitable, yieldToHost, wait } from "./waitables";

export class Connection extends ReadAhead {
  /** The number of open connections of the program. */
  static open: i32 = 0;

  /** The first 8 bytes of the peer's address, in the order in which ../socket.ts stores them. */
  addressLow: u64 = 0;
  /** The last 8 bytes of it. */
  addressHigh: u64 = 0;
  port: u16 = 0;
  /** The length of the peer's address: 4 or 16. */
  addressBytes: i32 = 0;
  /** True if the last write took nothing, or fewer bytes than it was given. */
  private isFull: bool = false;
  /** True while a write of 0 bytes is in flight; its event says that there is room again. */
  private isWritePending: bool = false;
  /** True if the peer takes no more bytes. */
  private isBroken: bool = false;

  constructor(
    input: Handle,
    /** The future of the stream's result: an end, or an error. */
    private result: Handle,
    private output: Handle,
  ) {
    super(Kind.CONNECTION, input);
    Connection.open++;
  }

  /**
   * Writes.
   *
   * @returns the bytes taken, maybe fewer than `length`, -AGAIN if none, or another -errno
   */
  write(buffer: usize, length: u32): i32 {
    if (this.output == NO_HANDLE) return -PIPE;
    while (true) {
      if (this.isFull && !this.waitWritable()) return -AGAIN;
      if (this.isBroken) return -CONNRESET;
      const taken = this.tryWrite(buffer, length);
      if (taken > 0 || length == 0) return taken;
      if (!this.isBroken && !this.blocking) return -AGAIN;
    }
  }

  pollWritable(): bool {
    if (!this.isFull) return true;
    if (this.isWritePending) return false;
    countCall();
    const answer = tcp.write(this.output, 0, 0);
    if (answer == BLOCKED) {
      this.isWritePending = true;
      addWaitable(this.output, this);
    } else {
      this.noteRoom(answer);
    }
    return !this.isFull;
  }

  /** Shuts down the write side: the peer reads the end of the stream. */
  endWriting(): void {
    if (this.output == NO_HANDLE) return;
    if (this.isWritePending) {
      removeWaitable(this.output);
      countCall();
      tcp.cancelWrite(this.output);
      this.isWritePending = false;
    }
    this.isFull = false;
    countCall();
    tcp.dropSendStream(this.output);
    this.output = NO_HANDLE;
    this.changed();
  }

  onEvent(event: Event, payload: u32): void {
    if (event == Event.STREAM_READ) {
      this.arrived(payload);
    } else if (event == Event.FUTURE_READ) {
      removeWaitable(this.result);
      this.onResult();
    } else {
      removeWaitable(this.output);
      this.isWritePending = false;
      this.noteRoom(payload);
    }
    this.changed();
  }

  release(): void {
    Connection.open--;
    this.releaseReading();
    this.endWriting();
  }

  protected startRead(at: usize, bytes: u32): u32 {
    return tcp.read(this.input, at, bytes);
  }

  protected cancelRead(): void {
    tcp.cancelRead(this.input);
  }

  /**
   * Reads the future of an ended stream. Only its value distinguishes an end from a reset, and the
   * value mostly comes later.
   */
  protected readResult(): void {
    countCall();
    if (tcp.readResult(this.result, this.buffer) == BLOCKED) {
      this.isReading = true;
      addWaitable(this.result, this);
    } else {
      this.onResult();
    }
  }

  protected releaseReading(): void {
    if (this.input == NO_HANDLE) return;
    if (this.isReadingResult) {
      removeWaitable(this.result);
      countCall();
      tcp.cancelResult(this.result);
    }
    this.dropResult();
    const input = this.input;
    super.releaseReading();
    countCall();
    tcp.dropReceiveStream(input);
  }

  private get isReadingResult(): bool {
    return this.streamEnded && this.isReading;
  }

  private onResult(): void {
    this.isReading = false;
    this.isResultKnown = true;
    if (load<u8>(this.buffer) != 0) this.failure = -errnoOf(load<u8>(this.buffer, tcp.CODE_AT));
    this.dropResult();
  }

  private dropResult(): void {
    if (this.result == NO_HANDLE) return;
    countCall();
    tcp.dropResult(this.result);
    this.result = NO_HANDLE;
  }

  /** Tries to write, without waiting. @returns the bytes taken */
  private tryWrite(buffer: usize, length: u32): u32 {
    countCall();
    let answer = tcp.write(this.output, buffer, length);
    if (answer == BLOCKED) {
      // The bytes belong to the caller, so the host must not read them after this call.
      countCall();
      answer = tcp.cancelWrite(this.output);
    }
    this.isBroken = isDropped(answer);
    const taken = countOf(answer);
    this.isFull = taken < length && !this.isBroken;
    return taken;
  }

  private noteRoom(answer: u32): void {
    this.isFull = false;
    this.isBroken = isDropped(answer);
  }

  private waitWritable(): bool {
    const isOld = this.isWritePending;
    if (this.pollWritable()) return true;
    if (this.blocking) {
      do wait();
      while (!this.pollWritable());
      return true;
    }
    if (isOld) yieldToHost();
    return !this.isFull;
  }
}
