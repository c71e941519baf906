/**
 * Bytes that many outboxes share: written once, sent to everybody, given back when the last one is
 * done. The memory is counted by hand, so that a broadcast allocates nothing and a crowd of
 * leavers leaves nothing behind for the collector.
 */

/** A chunk has this size while lines are written into it. @limit bytes */
export const CHUNK_BYTES: u32 = 65_536;
/** A large chunk, for groups that are told much, has this size. @limit bytes */
export const LARGE_CHUNK_BYTES: u32 = 262_144;
/** So many empty chunks are kept for the next tick. @limit chunks */
const SPARE_CHUNKS: i32 = 16;
const LARGE_SPARE_CHUNKS: i32 = 4;

const spares = new Array<Chunk>();
const largeSpares = new Array<Chunk>();
/** Bytes held by chunks in use, in this module. */
let bytesInUse: u64 = 0;

export class Chunk {
  /** Bytes written so far. */
  length: u32 = 0;
  private memory: usize;
  private holders: u32 = 0;

  private constructor(private capacity: u32) {
    this.memory = heap.alloc(capacity);
  }

  /** An empty chunk, held once, by the caller. */
  static take(): Chunk {
    const chunk = spares.length > 0 ? spares.pop() : new Chunk(CHUNK_BYTES);
    return chunk.begun();
  }

  /** An empty chunk with room for at least so many bytes: an ordinary one if that is enough. */
  static atLeast(bytes: u32): Chunk {
    return bytes <= CHUNK_BYTES ? Chunk.take() : Chunk.ofBytes(bytes);
  }

  /** A large one. */
  static takeLarge(): Chunk {
    const chunk = largeSpares.length > 0 ? largeSpares.pop() : new Chunk(LARGE_CHUNK_BYTES);
    return chunk.begun();
  }

  /** The same with room for so many bytes. */
  static ofBytes(bytes: u32): Chunk {
    return new Chunk(bytes).begun();
  }

  /** Memory held by all chunks in use, in bytes. */
  static get bytesInUse(): u64 {
    return bytesInUse;
  }

  /** Address of the byte at `offset`; good until the chunk is trimmed or released. */
  // @ts-ignore: decorator
  @inline
  at(offset: u32): usize {
    return this.memory + offset;
  }

  /** Bytes that can still be written. */
  // @ts-ignore: decorator
  @inline
  get left(): u32 {
    return this.capacity - this.length;
  }

  /** Where the next byte goes; tell with {@link wrote} how many were put there. */
  // @ts-ignore: decorator
  @inline
  get end(): usize {
    return this.memory + this.length;
  }

  // @ts-ignore: decorator
  @inline
  wrote(bytes: u32): void {
    assert(bytes <= this.left, "chunk overrun");
    this.length += bytes;
  }

  /** Bytes of its memory for each who holds it. */
  get share(): u32 {
    return this.capacity / this.holders;
  }

  /** Whether somebody besides the writer holds it. */
  get isShared(): bool {
    return this.holders > 1;
  }

  /** One holder more. */
  hold(): void {
    assert(this.holders > 0, "hold of a chunk that nobody holds");
    this.holders++;
  }

  /** One holder less; after the last one the memory is somebody else's. */
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
   * Gives back what was not written: whoever still holds this chunk does so for a slow reader, and
   * may hold many. Nothing can be written to it afterwards. What was written moves: where it
   * stayed, the rest would be too short for the next chunk, and few bytes would cost a whole one.
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

  private begun(): Chunk {
    this.holders = 1;
    bytesInUse += this.capacity;
    return this;
  }
}

/** Lets go of a chunk that has been written and sent: what slow readers still hold is trimmed. */
export function finish(chunk: Chunk): void {
  if (chunk.isShared) chunk.trim();
  chunk.release();
}
