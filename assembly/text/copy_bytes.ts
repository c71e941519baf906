/**
 * Copies short byte ranges, such as names and lines. For those, the call overhead of `memory.copy`
 * costs more than the copy itself.
 */

/** Copies `length` bytes. The two ranges must not overlap. */
export function copyBytes(to: usize, from: usize, length: u32): void {
  if (length >= 16) {
    const last: usize = length - 16;
    for (let i: usize = 0; i < last; i += 16) v128.store(to + i, v128.load(from + i));
    // The last 16 bytes; they may overlap the ones before.
    v128.store(to + last, v128.load(from + last));
  } else if (length >= 8) {
    const last: usize = length - 8;
    store<u64>(to, load<u64>(from));
    store<u64>(to + last, load<u64>(from + last));
  } else {
    for (let i: usize = 0; i < length; i++) store<u8>(to + i, load<u8>(from + i));
  }
}
