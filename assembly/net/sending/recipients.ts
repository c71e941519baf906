/**
 * The clients that share one chunk, as a table of numbers. The owner of the table knows the client
 * of each index.
 *
 * An entry has the client's place in the {@link SocketTable} (u32), and an offset in the chunk
 * (u32): the bytes before it have been queued for the client already, or are not for it.
 */

const ENTRY_BYTES: usize = 8;
const FIRST_CAPACITY: i32 = 4;

export class Recipients {
  private size: i32 = 0;
  private capacity: i32 = 0;
  private table: usize = 0;

  /**
   * Adds a client at the next index.
   *
   * @param from the offset of the first byte of the chunk that the client gets
   */
  add(place: i32, from: u32): void {
    if (this.size == this.capacity) this.grow();
    const at = this.at(this.size++);
    store<u32>(at, place);
    store<u32>(at, from, 4);
  }

  /** Removes a client. The last client gets its index. */
  remove(index: i32): void {
    store<u64>(this.at(index), load<u64>(this.at(--this.size)));
    if (this.size == 0) this.free();
  }

  // @ts-ignore: decorator
  @inline
  place(index: i32): i32 {
    return load<u32>(this.at(index));
  }

  /** Returns the offset of the first byte of the chunk that the client still gets. */
  // @ts-ignore: decorator
  @inline
  from(index: i32): u32 {
    return load<u32>(this.at(index), 4);
  }

  // @ts-ignore: decorator
  @inline
  setFrom(index: i32, offset: u32): void {
    store<u32>(this.at(index), offset, 4);
  }

  // @ts-ignore: decorator
  @inline
  private at(index: i32): usize {
    return this.table + <usize>index * ENTRY_BYTES;
  }

  private grow(): void {
    const wanted = max(this.capacity * 2, FIRST_CAPACITY);
    const bytes = <usize>wanted * ENTRY_BYTES;
    this.table = this.capacity > 0 ? heap.realloc(this.table, bytes) : heap.alloc(bytes);
    this.capacity = wanted;
  }

  /** Frees the table, once it is empty. */
  private free(): void {
    heap.free(this.table);
    this.table = 0;
    this.capacity = 0;
  }
}
