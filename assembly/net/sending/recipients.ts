/**
 * The clients that share one chunk, as a table of numbers. The owner of the table knows the client
 * of each index.
 */

/** An entry of the table. */
@unmanaged
class RecipientEntry {
  /** The client's place in the {@link SocketTable}. */
  place: i32;
  /**
   * An offset in the chunk: the bytes before it have been queued for the client already, or are not
   * for it.
   */
  from: u32;
}

const ENTRY_BYTES: usize = offsetof<RecipientEntry>();
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
    const added = this.entryAt(this.size++);
    added.place = place;
    added.from = from;
  }

  /** Removes a client. The last client gets its index. */
  remove(index: i32): void {
    const last = this.entryAt(--this.size);
    const removed = this.entryAt(index);
    removed.place = last.place;
    removed.from = last.from;
    if (this.size == 0) this.free();
  }

  /** Returns the entry of a client. Valid until a client is added or removed. */
  // @ts-ignore: decorator
  @inline
  entryAt(index: i32): RecipientEntry {
    return changetype<RecipientEntry>(this.table + <usize>index * ENTRY_BYTES);
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
