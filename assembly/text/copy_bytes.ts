/**
 * Copies of a few bytes, such as names and lines: `memory.copy` is made for many, and its start
 * costs more than they do.
 */

/** Copies `length` bytes between places that do not overlap. */
export function copyBytes(to: usize, from: usize, length: u32): void {
  if (length >= 16) {
    const last: usize = length - 16;
    for (let i: usize = 0; i < last; i += 16) v128.store(to + i, v128.load(from + i));
    // The last sixteen, some of them maybe again.
    v128.store(to + last, v128.load(from + last));
  } else if (length >= 8) {
    const last: usize = length - 8;
    store<u64>(to, load<u64>(from));
    store<u64>(to + last, load<u64>(from + last));
  } else {
    for (let i: usize = 0; i < length; i++) store<u8>(to + i, load<u8>(from + i));
  }
}
