/**
 * Arrays of buffers for `sendVector`, laid out as preview1's `iovec`: an address and a length each.
 */

/** The size of one entry in bytes. */
export const VECTOR_BYTES: usize = 8;

/** Fills one entry. */
// @ts-ignore: decorator
@inline
export function setVector(at: usize, buffer: usize, length: u32): void {
  store<usize>(at, buffer);
  store<u32>(at, length, 4);
}
