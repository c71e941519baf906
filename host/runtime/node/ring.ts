/**
 * A lock-free ring buffer in shared memory, which carries records from one thread to another. It
 * has one writer and one reader.
 *
 * Head and tail count bytes, modulo 2^32. The writer advances the tail, the reader the head, and
 * each can wait for the other with Atomics.wait. A record is a header of 16 bytes and the payload,
 * padded to a multiple of 16, so a header never wraps around.
 */
import type { Message } from "./protocol.js";

const HEADER_BYTES = 16;
/** Indexes of the control words. Each word is on a cache line of its own. */
const HEAD = 0;
const TAIL = 16;
const FLAG = 32;
const CONTROL_BYTES = 256;

const NO_BYTES = Buffer.alloc(0);

/** Allocates a ring. @param bytes the capacity, a power of two */
export function createRing(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(CONTROL_BYTES + bytes);
}

/** The part that writer and reader share. @throws if the capacity is no power of two */
class RingEnd {
  protected readonly control: Int32Array;
  protected readonly words: Uint32Array;
  protected readonly ring: Uint8Array;
  protected readonly capacity: number;

  constructor(memory: SharedArrayBuffer) {
    this.capacity = memory.byteLength - CONTROL_BYTES;
    if (!Number.isInteger(Math.log2(this.capacity))) throw new Error("a ring is a power of two");
    this.control = new Int32Array(memory, 0, CONTROL_BYTES / 4);
    this.words = new Uint32Array(memory, CONTROL_BYTES);
    this.ring = new Uint8Array(memory, CONTROL_BYTES);
  }

  /**
   * Sets the ring's flag, which either thread may use as a signal.
   *
   * @returns true if it was not set
   */
  raiseFlag(): boolean {
    return Atomics.load(this.control, FLAG) === 0 && Atomics.exchange(this.control, FLAG, 1) === 0;
  }

  /** Clears the ring's flag. @returns true if it was set */
  lowerFlag(): boolean {
    return Atomics.load(this.control, FLAG) !== 0 && Atomics.exchange(this.control, FLAG, 0) !== 0;
  }

  /** Returns the index in the ring for a position, which only grows. */
  protected at(position: number): number {
    return position & (this.capacity - 1);
  }
}

/** The writer's end of a ring. */
export class RingWriter extends RingEnd {
  /** The largest payload of a record, in bytes. */
  get mostBytes(): number {
    return this.capacity - HEADER_BYTES;
  }

  /**
   * Appends a record.
   *
   * @param size the bytes of all pieces together
   * @returns false, without writing anything, if the ring has no room for the whole record
   * @throws if the record is larger than the ring
   */
  write(kind: number, id: number, value: number, pieces: readonly Uint8Array[], size: number) {
    const tail = Atomics.load(this.control, TAIL);
    const length = recordLength(size);
    if (length > this.capacity) throw new Error("a record is larger than its ring");
    if (this.#used(tail) + length > this.capacity) return false;
    const header = this.at(tail) / 4;
    this.words[header] = kind;
    this.words[header + 1] = id;
    this.words[header + 2] = value;
    this.words[header + 3] = size;
    let position = tail + HEADER_BYTES;
    for (const piece of pieces) position = this.#copy(piece, position);
    Atomics.store(this.control, TAIL, (tail + length) | 0);
    return true;
  }

  /** Wakes the reader if it waits for a record. */
  notify(): void {
    Atomics.notify(this.control, TAIL);
  }

  /** Waits until a record with `size` bytes of payload fits. */
  waitForRoom(size: number): void {
    for (;;) {
      const head = Atomics.load(this.control, HEAD);
      const tail = Atomics.load(this.control, TAIL);
      if (((tail - head) >>> 0) + recordLength(size) <= this.capacity) return;
      Atomics.wait(this.control, HEAD, head);
    }
  }

  #used(tail: number): number {
    return (tail - Atomics.load(this.control, HEAD)) >>> 0;
  }

  #copy(piece: Uint8Array, position: number): number {
    const at = this.at(position);
    const first = Math.min(piece.length, this.capacity - at);
    if (first === piece.length) {
      this.ring.set(piece, at);
    } else {
      this.ring.set(piece.subarray(0, first), at);
      this.ring.set(piece.subarray(first), 0);
    }
    return position + piece.length;
  }
}

/** The reader's end of a ring. */
export class RingReader extends RingEnd {
  get isEmpty(): boolean {
    return Atomics.load(this.control, HEAD) === Atomics.load(this.control, TAIL);
  }

  /** Removes and returns the first record, with a copy of its bytes. Returns undefined if empty. */
  read(): Message | undefined {
    const head = Atomics.load(this.control, HEAD);
    if (head === Atomics.load(this.control, TAIL)) return undefined;
    const header = this.at(head) / 4;
    const size = this.words[header + 3] ?? 0;
    const message = {
      kind: this.words[header] ?? 0,
      id: this.words[header + 1] ?? 0,
      value: this.words[header + 2] ?? 0,
      bytes: size === 0 ? NO_BYTES : this.#copy(head + HEADER_BYTES, size),
    };
    Atomics.store(this.control, HEAD, (head + recordLength(size)) | 0);
    return message;
  }

  /** Wakes the writer if it waits for room. */
  notify(): void {
    Atomics.notify(this.control, HEAD);
  }

  /** Waits for a record, for at most `ms` milliseconds. */
  waitForRecord(ms: number): void {
    const head = Atomics.load(this.control, HEAD);
    // The ring is empty when head and tail are equal. So wait while the tail still equals the head.
    Atomics.wait(this.control, TAIL, head, ms);
  }

  #copy(position: number, size: number): Buffer {
    const bytes = Buffer.allocUnsafe(size);
    const at = this.at(position);
    const first = Math.min(size, this.capacity - at);
    bytes.set(this.ring.subarray(at, at + first));
    if (first < size) bytes.set(this.ring.subarray(0, size - first), first);
    return bytes;
  }
}

/** Returns the bytes that a record takes in the ring. */
function recordLength(size: number): number {
  return HEADER_BYTES + Math.ceil(size / HEADER_BYTES) * HEADER_BYTES;
}
