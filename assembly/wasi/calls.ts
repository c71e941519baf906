/**
 * The number of host calls of this program. Every function of `assembly/wasi/` that calls the host
 * counts itself. The tutorial's comparison of I/O models shows the number for each message.
 */
export let hostCalls: u64 = 0;

/** Counts one host call. */
// @ts-ignore: decorator
@inline
export function countCall(): void {
  hostCalls++;
}
