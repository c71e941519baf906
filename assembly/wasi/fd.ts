/** Descriptor numbers, which are the same on every platform. */

/** A descriptor of the guest. */
export type Fd = u32;

export const STDIN: Fd = 0;
export const STDOUT: Fd = 1;
export const STDERR: Fd = 2;
/** The first descriptor after stdin, stdout and stderr. */
export const FIRST_OF_OURS: Fd = 3;
