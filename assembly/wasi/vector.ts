/** Arrays of pieces of memory, as `sendVector` takes them: an address and a length for each. */

/** Bytes of one entry. */
export const VECTOR_BYTES: usize = 8;

/** Fills an entry. */
// @ts-ignore: decorator
@inline
export function setVector(at: usize, buffer: usize, length: u32): void {
  store<usize>(at, buffer);
  store<u32>(at, length, 4);
}
