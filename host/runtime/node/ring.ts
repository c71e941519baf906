/**
 * Records from one thread to another through shared memory: one writes, one reads, none locks.
 *
 * Head and tail count bytes for ever, modulo 2^32; the writer moves the tail, the reader the head,
 * and each can wait for the other with Atomics.wait. A record is a header of 16 bytes and its
 * bytes, padded to 16, so that a header never wraps around.
 */
import type { Message } from "./protocol.js";

const HEADER_BYTES = 16;
/** Words of control, each on a cache line of its own. */
const HEAD = 0;
const TAIL = 16;
const FLAG = 32;
const CONTROL_BYTES = 256;

const NO_BYTES = Buffer.alloc(0);

export function createRing(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(CONTROL_BYTES + bytes);
}

/** What both ends share. */
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

  /** Raises the flag that this ring carries. @returns whether it was down */
  raiseFlag(): boolean {
    return Atomics.load(this.control, FLAG) === 0 && Atomics.exchange(this.control, FLAG, 1) === 0;
  }

  /** @returns whether it was up */
  lowerFlag(): boolean {
    return Atomics.load(this.control, FLAG) !== 0 && Atomics.exchange(this.control, FLAG, 0) !== 0;
  }

  protected at(position: number): number {
    return position & (this.capacity - 1);
  }
}

export class RingWriter extends RingEnd {
  /** What the largest record may carry. */
  get mostBytes(): number {
    return this.capacity - HEADER_BYTES;
  }

  /** @returns false, and nothing is written, if there is no room for all of it */
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

  /** Wakes a reader that waits. */
  notify(): void {
    Atomics.notify(this.control, TAIL);
  }

  /** Waits until a record of that size fits. */
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

export class RingReader extends RingEnd {
  get isEmpty(): boolean {
    return Atomics.load(this.control, HEAD) === Atomics.load(this.control, TAIL);
  }

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

  /** Wakes a writer that waits for room. */
  notify(): void {
    Atomics.notify(this.control, HEAD);
  }

  /** Waits until there is a record, for so long at most. */
  waitForRecord(ms: number): void {
    const head = Atomics.load(this.control, HEAD);
    // Empty means that head and tail are the same: as long as the tail is that, nothing has come.
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

function recordLength(size: number): number {
  return HEADER_BYTES + Math.ceil(size / HEADER_BYTES) * HEADER_BYTES;
}
