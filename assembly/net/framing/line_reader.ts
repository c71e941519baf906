/**
 * Splits a byte stream into lines. LF ends a line, and so does CR, with an LF or NUL after it
 * (telnet sends both). BS and DEL remove the last character of the line. Telnet commands are
 * removed. A line is copied only if it arrives in parts or is edited.
 *
 *     reader.offer(at, length);
 *     while (reader.next()) use(reader.line, reader.length, reader.tooLong);
 *     reader.keep();
 *
 * A line that exceeds the limit is reported once, with its first bytes, as soon as it does. Its
 * rest is skipped, and the next line is read as usual. So a stream without newlines costs no more
 * memory than one line.
 */
import { Effect, IAC, Telnet } from "./telnet";

const NUL: u8 = 0x00;
const BACKSPACE: u8 = 0x08;
const NEWLINE: u8 = 0x0a;
const CARRIAGE_RETURN: u8 = 0x0d;
const DELETE: u8 = 0x7f;
/** The smallest buffer for a part of a line, in bytes. */
const PART_BYTES: u32 = 64;

export class LineReader {
  /**
   * The address of the line that {@link nextLine} has found, valid until {@link keepUnfinished}.
   */
  line: usize = 0;
  /** The length of that line in bytes, without the newline. */
  length: u32 = 0;
  /**
   * True if the line exceeds the limit: it has only its first bytes, and the rest will be skipped.
   */
  tooLong: bool = false;
  /** True if the last offered bytes had BS, DEL or a telnet command. */
  isEdited: bool = false;
  /** The parser of telnet commands; null until the first IAC. */
  telnet: Telnet | null = null;

  private at: usize = 0;
  private end: usize = 0;
  /** A copy of the offered bytes, see {@link copyUnread}; 0: none. */
  private unreadCopy: usize = 0;
  private part: usize = 0;
  private partLength: u32 = 0;
  private partCapacity: u32 = 0;
  private skipping: bool = false;
  /** True after a CR: an LF or NUL that follows belongs to it. */
  private isAfterReturn: bool = false;

  constructor(
    /** The most bytes of a line, without its newline. */
    public limit: u32,
    /** False if programs send the lines: then BS, DEL and IAC are bytes as all others. */
    private isTyped: bool = true,
  ) {}

  /** The number of bytes of the unfinished line in memory. */
  get pendingBytes(): u32 {
    return this.partLength;
  }

  /** True if there is an unfinished line. */
  get isUnfinished(): bool {
    return this.partLength > 0 || this.skipping;
  }

  /** True while the rest of a line that is too long is skipped. */
  get isSkipping(): bool {
    return this.skipping;
  }

  /** True if some offered bytes have not been read. */
  // @ts-ignore: decorator
  @inline
  get hasMore(): bool {
    return this.at < this.end;
  }

  /** Offers the bytes of a read. */
  offerBytes(at: usize, length: u32): void {
    this.at = at;
    this.end = at + length;
    this.isEdited = false;
  }

  /** Finds the next line. @returns false if there is none: then call {@link keepUnfinished} */
  nextLine(): bool {
    if (this.isAfterReturn && this.hasMore) this.passReturn();
    while (this.at < this.end) {
      const telnet = this.telnet;
      if (telnet !== null && telnet.isWithin) {
        if (this.takeTelnet(telnet)) return true;
        continue;
      }
      const from = this.at;
      const special = findSpecial(from, this.end);
      if (special == this.end) return this.isOverlong(from);
      this.at = special + 1;
      const byte = load<u8>(special);
      const length = <u32>(special - from);
      if (byte != NEWLINE && byte != CARRIAGE_RETURN) {
        if (this.handleSpecial(from, length, byte)) return true;
        continue;
      }
      this.isAfterReturn = byte == CARRIAGE_RETURN;
      if (!this.skipping) {
        this.completeLine(from, length);
        return true;
      }
      this.skipping = false;
      if (this.isAfterReturn && this.hasMore) this.passReturn();
    }
    return false;
  }

  /** Copies the unfinished line, so that the offered bytes may be overwritten. */
  keepUnfinished(): void {
    const length = <u32>(this.end - this.at);
    if (length > 0 && !this.skipping) this.appendToPart(this.at, length);
    this.at = this.end;
    this.freeHeld();
    // An idle connection uses no memory for lines.
    if (this.partLength == 0) this.free();
  }

  /** Copies the unread bytes, so that they can wait. {@link nextLine} continues with the copy. */
  copyUnread(): void {
    if (this.unreadCopy != 0 || !this.hasMore) return;
    const length = this.end - this.at;
    this.unreadCopy = heap.alloc(length);
    memory.copy(this.unreadCopy, this.at, length);
    this.at = this.unreadCopy;
    this.end = this.unreadCopy + length;
  }

  /**
   * Ends the stream: the unfinished line counts as the last one.
   *
   * @returns false if there is none
   */
  finishStream(): bool {
    if (this.partLength == 0) return false;
    this.completeLine(this.at, 0);
    return true;
  }

  /** Frees the memory. */
  free(): void {
    this.freeHeld();
    if (this.partCapacity > 0) heap.free(this.part);
    this.part = 0;
    this.partLength = 0;
    this.partCapacity = 0;
  }

  private freeHeld(): void {
    if (this.unreadCopy == 0) return;
    heap.free(this.unreadCopy);
    this.unreadCopy = 0;
    this.at = 0;
    this.end = 0;
  }

  /** Skips an LF or NUL after the CR that ended a line. */
  private passReturn(): void {
    const byte = load<u8>(this.at);
    if (byte == NEWLINE || byte == NUL) this.at++;
    this.isAfterReturn = false;
  }

  /** Handles the end of the bytes within a line. @returns true if the line exceeds the limit */
  private isOverlong(from: usize): bool {
    const isLong = this.exceedsLimit(from, <u32>(this.end - from));
    if (isLong || this.skipping) this.at = this.end;
    return isLong;
  }

  /**
   * Checks the length of the line with more bytes.
   *
   * @returns true if it exceeds the limit; then its rest is skipped
   */
  private exceedsLimit(from: usize, length: u32): bool {
    if (this.skipping || this.partLength + length <= this.limit) return false;
    this.completeLine(from, length);
    this.skipping = true;
    return true;
  }

  /** Appends bytes, and handles the special byte after them. @returns as {@link exceedsLimit} */
  private handleSpecial(from: usize, length: u32, byte: u8): bool {
    if (!this.isTyped) return this.appendPlain(from, length + 1);
    this.isEdited = true;
    if (byte == IAC) this.beginTelnet();
    if (this.exceedsLimit(from, length)) return true;
    if (this.skipping) return false;
    if (length > 0) this.appendToPart(from, length);
    if (byte == BACKSPACE || byte == DELETE) this.eraseCharacter();
    return false;
  }

  /** Appends bytes, none of which is special. @returns as {@link exceedsLimit} */
  private appendPlain(from: usize, length: u32): bool {
    if (this.exceedsLimit(from, length)) return true;
    if (!this.skipping) this.appendToPart(from, length);
    return false;
  }

  private beginTelnet(): void {
    let telnet = this.telnet;
    if (telnet === null) telnet = new Telnet();
    this.telnet = telnet;
    telnet.beginCommand();
  }

  /** Handles the next byte of a telnet command. @returns as {@link exceedsLimit} */
  private takeTelnet(telnet: Telnet): bool {
    this.isEdited = true;
    const at = this.at++;
    const effect = telnet.handleByte(load<u8>(at));
    if (effect == Effect.TEXT) this.at = at;
    else if (effect == Effect.BYTE) return this.handleSpecial(at, 1, NUL);
    else if (effect == Effect.ERASE_CHARACTER) this.eraseCharacter();
    else if (effect == Effect.ERASE_LINE) this.eraseLine();
    return false;
  }

  /** Removes the whole line. This also ends a line that is too long. */
  private eraseLine(): void {
    this.partLength = 0;
    this.skipping = false;
  }

  /** Removes the last character, with all its bytes of UTF-8. */
  private eraseCharacter(): void {
    while (this.partLength > 0) {
      this.partLength--;
      if ((load<u8>(this.part + this.partLength) & 0xc0) != 0x80) return;
    }
  }

  /** Makes the kept part, followed by `length` bytes at `from`, the found line. */
  // @ts-ignore: decorator
  @inline
  private completeLine(from: usize, length: u32): void {
    if (this.partLength > 0) {
      this.completePart(from, length);
    } else {
      this.line = from;
      this.length = length;
    }
    this.tooLong = this.length > this.limit;
    if (this.tooLong) this.length = this.limit;
  }

  private completePart(from: usize, length: u32): void {
    // The limit may have been reduced since the part arrived.
    const room = max(this.limit + 1, this.partLength) - this.partLength;
    this.appendToPart(from, min(length, room));
    this.line = this.part;
    this.length = this.partLength;
    this.partLength = 0;
  }

  private appendToPart(from: usize, length: u32): void {
    const needed = this.partLength + length;
    if (needed > this.partCapacity) {
      const used = this.partCapacity > 0;
      this.partCapacity = max(max(needed, this.partCapacity * 2), PART_BYTES);
      this.part = used ? heap.realloc(this.part, this.partCapacity) : heap.alloc(this.partCapacity);
    }
    memory.copy(this.part + this.partLength, from, length);
    this.partLength = needed;
  }
}

/** Returns the address of the first BS, LF, CR, DEL or IAC in [at, end), or `end`. */
function findSpecial(at: usize, end: usize): usize {
  // The table is indexed by the byte. A swizzle returns 0 for bytes from 16 on.
  const controls = i8x16(0, 0, 0, 0, 0, 0, 0, 0, -1, 0, -1, 0, 0, -1, 0, 0);
  // DEL and IAC differ only in their highest bit.
  const lows = i8x16.splat(DELETE);
  while (at + 16 <= end) {
    const bytes = v128.load(at);
    const isHigh = i8x16.eq(v128.and(bytes, lows), lows);
    const hits = i8x16.bitmask(v128.or(i8x16.swizzle(controls, bytes), isHigh));
    if (hits != 0) return at + ctz(hits);
    at += 16;
  }
  while (at < end && !isSpecial(load<u8>(at))) at++;
  return at;
}

// @ts-ignore: decorator
@inline
function isSpecial(byte: u8): bool {
  if (byte >= 0x10) return (byte & DELETE) == DELETE;
  return byte == NEWLINE || byte == CARRIAGE_RETURN || byte == BACKSPACE;
}
