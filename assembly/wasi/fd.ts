/** What a descriptor is to this project: a number, whatever the host has behind it. */

/** A descriptor of the guest. */
export type Fd = u32;

export const STDIN: Fd = 0;
export const STDOUT: Fd = 1;
export const STDERR: Fd = 2;
/** The first descriptor after those three. */
export const FIRST_OF_OURS: Fd = 3;
