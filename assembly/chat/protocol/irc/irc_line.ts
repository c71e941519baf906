/**
 * Parses lines of IRC:
 *
 *     [@tags SPACE] [:source SPACE] command {SPACE parameter} [SPACE :last] CR LF
 *
 * Several spaces count as one. The colon before the last parameter is not a part of it. The object
 * is reused for each line. It points to the bytes of the line.
 */

const SPACE: u8 = 0x20;
const COLON: u8 = 0x3a;
const AT: u8 = 0x40;

/**
 * A line has at most this many parameters: a line of 510 bytes has no room for more.
 * @limit parameters
 */
export const PARAMETERS_MOST: i32 = 255;
/** The tags of a line, with `@` and the space, have at most this many bytes. @limit bytes */
export const TAGS_BYTES_MOST: u32 = 4096;
/** A line without its tags has at most this many bytes, with CR LF. @limit bytes */
export const BODY_BYTES_MOST: u32 = 512;
/** The bytes of CR LF. */
export const NEWLINE_BYTES: u32 = 2;

export class IrcLine {
  /** The tags without `@`, as they were sent. */
  tagsAt: usize = 0;
  tagsBytes: u32 = 0;
  sourceAt: usize = 0;
  sourceBytes: u32 = 0;
  /** The command in capitals. */
  command: string = "";
  /** The number of parameters. */
  count: i32 = 0;
  private starts: StaticArray<usize> = new StaticArray<usize>(PARAMETERS_MOST);
  private lengths: StaticArray<u32> = new StaticArray<u32>(PARAMETERS_MOST);

  /**
   * Parses `length` bytes at `at`, without CR LF. The bytes must stay until the line is handled.
   *
   * @returns false if there is no command
   */
  parse(at: usize, length: u32): bool {
    const end = at + length;
    this.count = 0;
    this.tagsBytes = 0;
    this.sourceBytes = 0;
    let next = at;
    if (next < end && load<u8>(next) == AT) {
      this.tagsAt = next + 1;
      next = endOfWord(next, end);
      this.tagsBytes = <u32>(next - this.tagsAt);
    }
    next = afterSpaces(next, end);
    if (next < end && load<u8>(next) == COLON) {
      this.sourceAt = next + 1;
      next = endOfWord(next, end);
      this.sourceBytes = <u32>(next - this.sourceAt);
      next = afterSpaces(next, end);
    }
    const command = next;
    next = endOfWord(next, end);
    if (next == command) return false;
    this.command = String.UTF8.decodeUnsafe(command, next - command).toUpperCase();
    this.parseParameters(next, end);
    return true;
  }

  private parseParameters(from: usize, end: usize): void {
    let next = afterSpaces(from, end);
    while (next < end && this.count < PARAMETERS_MOST) {
      const isLast = load<u8>(next) == COLON;
      const start = isLast ? next + 1 : next;
      next = isLast ? end : endOfWord(next, end);
      this.starts[this.count] = start;
      this.lengths[this.count++] = <u32>(next - start);
      next = afterSpaces(next, end);
    }
  }

  /** Returns the address of a parameter's bytes. It must be given. */
  startOf(index: i32): usize {
    return this.starts[index];
  }

  /** Returns the length of a parameter in bytes; 0 if it is not given. */
  bytesOf(index: i32): u32 {
    return index < this.count ? this.lengths[index] : 0;
  }

  /** Returns a parameter as it was sent, or an empty text if it is not given. */
  text(index: i32): string {
    if (this.bytesOf(index) == 0) return "";
    return String.UTF8.decodeUnsafe(this.starts[index], this.lengths[index]);
  }
}

/**
 * Returns true if the parts of a line are within their limits.
 *
 * @param length the bytes of the line, without CR LF
 */
export function fitsLimits(at: usize, length: u32): bool {
  const end = at + length;
  let body = at;
  if (at < end && load<u8>(at) == AT) {
    body = min(endOfWord(at, end) + 1, end);
    if (<u32>(body - at) > TAGS_BYTES_MOST) return false;
  }
  return <u32>(end - body) + NEWLINE_BYTES <= BODY_BYTES_MOST;
}

function endOfWord(at: usize, end: usize): usize {
  while (at < end && load<u8>(at) != SPACE) at++;
  return at;
}

function afterSpaces(at: usize, end: usize): usize {
  while (at < end && load<u8>(at) == SPACE) at++;
  return at;
}
