/**
 * Cuts a stream of bytes into lines. A line ends with LF; a CR before it goes away too. Nothing is
 * copied, except for a line that arrives in parts.
 *
 *     reader.offer(at, length);
 *     while (reader.next()) use(reader.line, reader.length, reader.tooLong);
 *     reader.keep();
 *
 * A line longer than the limit is reported once, as soon as that is known, with its first bytes;
 * the rest of it is skipped, and the next line is read as if nothing had been. So a stream without
 * a newline costs no more memory than one line.
 */

const NEWLINE: u8 = 0x0a;
const CARRIAGE_RETURN: u8 = 0x0d;
/** The least memory for a part of a line, in bytes. */
const PART_BYTES: u32 = 64;

export class LineReader {
  /** The line that {@link next} has found: its address, good until {@link keep}, and its bytes. */
  line: usize = 0;
  length: u32 = 0;
  /** It is longer than the limit: these are its first bytes, and the rest will be skipped. */
  tooLong: bool = false;

  private at: usize = 0;
  private end: usize = 0;
  /** Memory of our own for what was offered, see {@link hold}; 0: none. */
  private held: usize = 0;
  private part: usize = 0;
  private partLength: u32 = 0;
  private partCapacity: u32 = 0;
  private skipping: bool = false;

  /** @param limit bytes of the longest line, its end not counted */
  constructor(public limit: u32) {}

  /** Bytes of an unfinished line that are held. */
  get pending(): u32 {
    return this.partLength;
  }

  /** Whether a line has begun that has not ended. */
  get isUnfinished(): bool {
    return this.partLength > 0 || this.skipping;
  }

  /** Whether the rest of a line that is too long is being skipped. */
  get isSkipping(): bool {
    return this.skipping;
  }

  /** Whether some of what was offered has not been looked at. */
  // @ts-ignore: decorator
  @inline
  get hasMore(): bool {
    return this.at < this.end;
  }

  /** Takes the bytes that have just been read. */
  offer(at: usize, length: u32): void {
    this.at = at;
    this.end = at + length;
  }

  /** Finds the next line. @returns false if there is none: then call {@link keep} */
  next(): bool {
    while (this.at < this.end) {
      const newline = find(this.at, this.end);
      const from = this.at;
      if (newline == this.end) return this.isOverlong(from);
      this.at = newline + 1;
      if (this.skipping) {
        this.skipping = false;
        continue;
      }
      this.complete(from, <u32>(newline - from));
      return true;
    }
    return false;
  }

  /** Puts an unfinished line aside, until more is offered. */
  keep(): void {
    const length = <u32>(this.end - this.at);
    if (length > 0 && !this.skipping) this.append(this.at, length);
    this.at = this.end;
    this.freeHeld();
    // An idle connection holds no memory for lines.
    if (this.partLength == 0) this.free();
  }

  /** Copies what has not been looked at, so that it can wait; {@link next} goes on with it. */
  hold(): void {
    if (this.held != 0 || !this.hasMore) return;
    const length = this.end - this.at;
    this.held = heap.alloc(length);
    memory.copy(this.held, this.at, length);
    this.at = this.held;
    this.end = this.held + length;
  }

  /** The stream has ended: the unfinished line, if any, is the last. @returns whether there is */
  finish(): bool {
    if (this.partLength == 0) return false;
    this.complete(this.at, 0);
    return true;
  }

  /** Gives back the memory. */
  free(): void {
    this.freeHeld();
    if (this.partCapacity > 0) heap.free(this.part);
    this.part = 0;
    this.partLength = 0;
    this.partCapacity = 0;
  }

  private freeHeld(): void {
    if (this.held == 0) return;
    heap.free(this.held);
    this.held = 0;
    this.at = 0;
    this.end = 0;
  }

  /** No newline is in sight: whether the line is too long by now, CR or not. */
  private isOverlong(from: usize): bool {
    const length = <u32>(this.end - from);
    if (this.skipping) {
      this.at = this.end;
      return false;
    }
    const whole = this.partLength + length;
    if (whole <= this.limit) return false;
    if (whole == this.limit + 1 && load<u8>(this.end - 1) == CARRIAGE_RETURN) return false;
    this.complete(from, length);
    this.at = this.end;
    this.skipping = true;
    return true;
  }

  /** Makes `part + [from, from + length)` the line. */
  private complete(from: usize, length: u32): void {
    if (this.partLength > 0) {
      // The limit may have become smaller since the part came.
      const room = max(this.limit + 2, this.partLength) - this.partLength;
      this.append(from, min(length, room));
      this.line = this.part;
      this.length = this.partLength;
      this.partLength = 0;
    } else {
      this.line = from;
      this.length = length;
    }
    if (this.length > 0 && load<u8>(this.line + this.length - 1) == CARRIAGE_RETURN) this.length--;
    this.tooLong = this.length > this.limit;
    if (this.tooLong) this.length = this.limit;
  }

  private append(from: usize, length: u32): void {
    const needed = this.partLength + length;
    if (needed > this.partCapacity) {
      const held = this.partCapacity > 0;
      this.partCapacity = max(max(needed, this.partCapacity * 2), PART_BYTES);
      this.part = held ? heap.realloc(this.part, this.partCapacity) : heap.alloc(this.partCapacity);
    }
    memory.copy(this.part + this.partLength, from, length);
    this.partLength = needed;
  }
}

/** The address of the first LF in [at, end), or `end`. */
function find(at: usize, end: usize): usize {
  const newlines = i8x16.splat(NEWLINE);
  while (at + 16 <= end) {
    const hits = i8x16.bitmask(i8x16.eq(v128.load(at), newlines));
    if (hits != 0) return at + ctz(hits);
    at += 16;
  }
  while (at < end && load<u8>(at) != NEWLINE) at++;
  return at;
}
