/**
 * The history of a room: the newest messages, limited in number and bytes. Its memory is allocated
 * outside the garbage collector's heap and grows with the messages.
 *
 * A record has: size u32, kind u32, id u64, milliseconds i64, length of the name u32, length of the
 * text u32, author u64, then name and text, padded to 8 bytes.
 */
import { Message } from "../delivery/message";

/** The history of one room takes at most this much memory. @limit bytes */
export const HISTORY_BYTES: u32 = 131_072;
const FIRST_BYTES: u32 = 2048;
const HEADER_BYTES: u32 = 40;

/** The memory of all histories in bytes. */
let bytesInUse: u64 = 0;

export class History {
  static get bytesInUse(): u64 {
    return bytesInUse;
  }

  /** The number of records. */
  count: i32 = 0;
  /** The id of the newest record that was dropped; 0 if none was. */
  forgottenId: u64 = 0;
  /** The id of the newest message that was ever added; 0 if none was. */
  newestId: u64 = 0;
  /**
   * The journal's segment into which the whole history was written last; 0: none. Later messages
   * are in later segments.
   */
  keptIn: u64 = 0;
  private memory: usize = 0;
  private capacity: u32 = 0;
  /** The offset of the oldest record in the memory. */
  private first: u32 = 0;
  /** The offset of the end of the newest record. */
  private end: u32 = 0;

  /** @param lines the most records; 0: the history keeps none */
  constructor(public lines: i32) {}

  /** The size of all records in bytes. */
  get recordBytes(): u32 {
    return this.end - this.first;
  }

  /** The id of the oldest record; 0 if there is none. */
  get oldestId(): u64 {
    return this.count > 0 ? load<u64>(this.memory + this.first, 8) : 0;
  }

  addMessage(message: Message): void {
    this.newestId = message.id;
    if (this.lines == 0) {
      if (this.capacity > 0) this.dropAll();
      this.forgottenId = message.id;
      return;
    }
    const size = (HEADER_BYTES + message.fromBytes + message.textBytes + 7) & ~7;
    while (this.count >= this.lines) this.forgetOldest();
    this.makeRoom(size);
    const at = this.memory + this.end;
    store<u32>(at, size);
    store<u32>(at, message.kind, 4);
    store<u64>(at, message.id, 8);
    store<i64>(at, message.milliseconds, 16);
    store<u32>(at, message.fromBytes, 24);
    store<u32>(at, message.textBytes, 28);
    store<u64>(at, message.author, 32);
    memory.copy(at + HEADER_BYTES, message.from, message.fromBytes);
    memory.copy(at + HEADER_BYTES + message.fromBytes, message.text, message.textBytes);
    this.end += size;
    this.count++;
  }

  /** Returns the offset of the first of the newest `count` records, for {@link readRecord}. */
  offsetOfNewest(count: i32): u32 {
    let place = this.first;
    for (let skip = this.count - count; skip > 0; skip--) place += load<u32>(this.memory + place);
    return place;
  }

  /** Returns the offset of the first record with an id greater than `id`. */
  offsetAfter(id: u64): u32 {
    let place = this.first;
    while (place < this.end && load<u64>(this.memory + place, 8) <= id) {
      place += load<u32>(this.memory + place);
    }
    return place;
  }

  /** Returns true if there is a record at this offset. */
  hasRecordAt(place: u32): bool {
    return place < this.end;
  }

  /**
   * Reads the record at an offset into `message`, except its room.
   *
   * @returns the offset of the next record
   */
  readRecord(place: u32, message: Message): u32 {
    const at = this.memory + place;
    message.kind = load<u32>(at, 4);
    message.id = load<u64>(at, 8);
    message.milliseconds = load<i64>(at, 16);
    message.fromBytes = load<u32>(at, 24);
    message.textBytes = load<u32>(at, 28);
    message.author = load<u64>(at, 32);
    message.from = at + HEADER_BYTES;
    message.text = message.from + message.fromBytes;
    return place + load<u32>(at);
  }

  /** The size of the memory in bytes. */
  get memoryBytes(): u32 {
    return this.capacity;
  }

  /** Drops the older half, and frees its memory. @returns false if there is too little to halve */
  dropOlderHalf(): bool {
    if (this.capacity <= FIRST_BYTES) return false;
    const capacity = this.capacity / 2;
    while (this.end - this.first > capacity) this.forgetOldest();
    memory.copy(this.memory, this.memory + this.first, this.end - this.first);
    this.end -= this.first;
    this.first = 0;
    this.resize(capacity);
    return true;
  }

  /** Drops all records with ids up to `id`. */
  forgetThrough(id: u64): void {
    while (this.count > 0 && this.oldestId <= id) this.forgetOldest();
    this.forgottenId = max(this.forgottenId, min(id, this.newestId));
  }

  /** Drops all records, and frees the memory. */
  dropAll(): void {
    if (this.count > 0) this.forgottenId = this.newestId;
    if (this.capacity > 0) heap.free(this.memory);
    bytesInUse -= this.capacity;
    this.capacity = 0;
    this.first = 0;
    this.end = 0;
    this.count = 0;
  }

  private forgetOldest(): void {
    this.forgottenId = load<u64>(this.memory + this.first, 8);
    this.first += load<u32>(this.memory + this.first);
    this.count--;
  }

  /** Makes `size` bytes free at the end: grows, or drops old records and moves the others down. */
  private makeRoom(size: u32): void {
    if (this.end + size <= this.capacity) return;
    const held = this.end - this.first;
    if (this.capacity < HISTORY_BYTES && held + size > this.capacity / 2) {
      this.grow(size);
    } else {
      // The history drops a quarter at a time, so that a byte is rarely moved.
      const most = max(size, HISTORY_BYTES / 4);
      while (this.end - this.first + most > HISTORY_BYTES && this.count > 0) this.forgetOldest();
    }
    memory.copy(this.memory, this.memory + this.first, this.end - this.first);
    this.end -= this.first;
    this.first = 0;
  }

  private grow(size: u32): void {
    let wanted = max(this.capacity * 2, FIRST_BYTES);
    while (wanted < this.end - this.first + size) wanted *= 2;
    wanted = min(wanted, HISTORY_BYTES);
    while (this.end - this.first + size > wanted) this.forgetOldest();
    this.resize(wanted);
  }

  private resize(bytes: u32): void {
    this.memory = this.capacity > 0 ? heap.realloc(this.memory, bytes) : heap.alloc(bytes);
    bytesInUse += <u64>bytes - <u64>this.capacity;
    this.capacity = bytes;
  }
}
