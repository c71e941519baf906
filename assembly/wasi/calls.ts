/**
 * How often this module has left its sandbox. Counted by every verb of `assembly/wasi/` and read
 * by the comparison of I/O models, which shows what each model pays per message.
 */
export let hostCalls: u64 = 0;

/** Counts one call of the host. */
// @ts-ignore: decorator
@inline
export function countCall(): void {
  hostCalls++;
}
