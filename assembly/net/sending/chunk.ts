/**
 * A chunk of bytes that several outboxes share: written once, sent to all of them, and freed with
 * its last reference. References are counted by hand, so that a broadcast allocates nothing, and a
 * crowd of leaving clients leaves no work to the garbage collector.
 */

/** A chunk has this size while lines are written into it. @limit bytes */
export const CHUNK_BYTES: u32 = 65_536;
/** A large chunk, for groups that are sent much, has this size. @limit bytes */
export const LARGE_CHUNK_BYTES: u32 = 262_144;
/** At most this many empty chunks are kept for the next tick. @limit chunks */
const SPARE_CHUNKS: i32 = 16;
const LARGE_SPARE_CHUNKS: i32 = 4;

const spares = new Array<Chunk>();
const largeSpares = new Array<Chunk>();
/** The capacity of all chunks in use, in bytes. */
let bytesInUse: u64 = 0;

export class Chunk {
  /** The number of bytes written so far. */
  length: u32 = 0;
  private memory: usize;
  private holders: u32 = 0;

  private constructor(private capacity: u32) {
    this.memory = heap.alloc(capacity);
  }

  /** Returns an empty chunk with one reference, the caller's. */
  static takeEmpty(): Chunk {
    const chunk = spares.length > 0 ? spares.pop() : new Chunk(CHUNK_BYTES);
    return chunk.beginUse();
  }

  /**
   * Returns an empty chunk with room for at least `bytes` bytes: one of the usual size if that
   * suffices.
   */
  static atLeast(bytes: u32): Chunk {
    return bytes <= CHUNK_BYTES ? Chunk.takeEmpty() : Chunk.ofBytes(bytes);
  }

  /** Returns an empty large chunk. */
  static takeLarge(): Chunk {
    const chunk = largeSpares.length > 0 ? largeSpares.pop() : new Chunk(LARGE_CHUNK_BYTES);
    return chunk.beginUse();
  }

  /** Returns an empty chunk with room for exactly `bytes` bytes. */
  static ofBytes(bytes: u32): Chunk {
    return new Chunk(bytes).beginUse();
  }

  /** The memory of all chunks in use, in bytes. */
  static get bytesInUse(): u64 {
    return bytesInUse;
  }

  /** Returns the address of the byte at `offset`. Valid until the chunk is trimmed or released. */
  // @ts-ignore: decorator
  @inline
  addressOf(offset: u32): usize {
    return this.memory + offset;
  }

  /** The number of bytes that can still be written. */
  // @ts-ignore: decorator
  @inline
  get bytesLeft(): u32 {
    return this.capacity - this.length;
  }

  /** The address of the next byte. Then {@link addWritten} counts the bytes written there. */
  // @ts-ignore: decorator
  @inline
  get endAddress(): usize {
    return this.memory + this.length;
  }

  // @ts-ignore: decorator
  @inline
  addWritten(bytes: u32): void {
    assert(bytes <= this.bytesLeft, "chunk overrun");
    this.length += bytes;
  }

  /** The memory of the chunk in bytes, divided by its references. */
  get bytesPerHolder(): u32 {
    return this.capacity / this.holders;
  }

  /** True if there are references besides the writer's. */
  get isShared(): bool {
    return this.holders > 1;
  }

  /** Adds a reference. */
  retain(): void {
    assert(this.holders > 0, "hold of a chunk that nobody holds");
    this.holders++;
  }

  /** Drops a reference. The last one frees the memory, or keeps the chunk as a spare one. */
  release(): void {
    assert(this.holders > 0, "release of a chunk that nobody holds");
    this.holders--;
    if (this.holders > 0) return;
    bytesInUse -= this.capacity;
    this.length = 0;
    if (this.capacity == CHUNK_BYTES && spares.length < SPARE_CHUNKS) {
      spares.push(this);
    } else if (this.capacity == LARGE_CHUNK_BYTES && largeSpares.length < LARGE_SPARE_CHUNKS) {
      largeSpares.push(this);
    } else {
      heap.free(this.memory);
    }
  }

  /**
   * Frees the unwritten rest of the memory: the remaining references belong to slow consumers,
   * which may hold many chunks. Nothing can be written to the chunk afterwards. The bytes are moved
   * to a smaller block: otherwise the freed rest would be too short for another chunk, and a few
   * bytes would cost a whole one.
   */
  trim(): void {
    if (this.length == this.capacity || this.length == 0) return;
    const kept = heap.alloc(this.length);
    memory.copy(kept, this.memory, this.length);
    heap.free(this.memory);
    this.memory = kept;
    bytesInUse -= this.capacity - this.length;
    this.capacity = this.length;
  }

  private beginUse(): Chunk {
    this.holders = 1;
    bytesInUse += this.capacity;
    return this;
  }
}

/**
 * Drops the writer's reference to a chunk that has been sent, and trims what slow consumers still
 * hold.
 */
export function finishChunk(chunk: Chunk): void {
  if (chunk.isShared) chunk.trim();
  chunk.release();
}
