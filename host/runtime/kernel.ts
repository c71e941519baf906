/**
 * What stands behind the imports: descriptors and bytes, time and chance. A kernel is synchronous,
 * and knows nothing of Wasm, of pointers or of structs; preview1.ts does.
 *
 * A result that is a number is zero or more, or a negated errno. A kernel may block the guest
 * simply by not returning. It may end the guest by throwing one of outcome.ts's errors.
 */

export interface Fdstat {
  filetype: number;
  flags: number;
  rightsBase: bigint;
  rightsInheriting: bigint;
}

export interface Filestat {
  filetype: number;
  size: bigint;
}

export interface DirectoryEntry {
  name: Uint8Array;
  filetype: number;
}

export interface ClockSubscription {
  type: 0;
  clockId: number;
  /** Nanoseconds from now, or since the clock's zero if `absolute`. */
  timeout: bigint;
  absolute: boolean;
}

export interface FdSubscription {
  /** FD_READ or FD_WRITE. */
  type: 1 | 2;
  fd: number;
}

export type Subscription = ClockSubscription | FdSubscription;

export interface Event {
  /** Which of the subscriptions it answers. */
  index: number;
  error: number;
  type: number;
  nbytes: number;
  flags: number;
}

/**
 * How a pointer that is misaligned or out of bounds is answered, and an unknown flag or kind:
 * with EFAULT and EINVAL, or, as in wasmtime, with the end of the guest.
 */
export type BadArguments = "errno" | "trap";

export interface Kernel {
  readonly badArguments: BadArguments;

  /** Called before each import, with its name: time may pass, a fault may strike. */
  enter(call: string): void;
  /** Called once the guest has ended, however it did: its descriptors are closed. */
  exit(): void;

  /** Nanoseconds, or undefined for a clock that there is not. */
  clockTime(id: number): bigint | undefined;
  clockResolution(id: number): bigint | undefined;
  random(target: Uint8Array): void;
  /** Gives the processor away. */
  yield(): number;

  /** Asked before the guest's pointers are looked at. */
  isOpen(fd: number): boolean;
  close(fd: number): number;
  fdstat(fd: number): Fdstat | number;
  setFlags(fd: number, flags: number): number;
  filestat(fd: number): Filestat | number;
  setSize(fd: number, size: bigint): number;
  seek(fd: number, offset: bigint, whence: number): bigint | number;
  sync(fd: number): number;
  /** The name under which a directory was handed in. */
  preopen(fd: number): Uint8Array | number;
  open(directory: number, path: Uint8Array, flags: OpenFlags): number;
  unlink(directory: number, path: Uint8Array): number;
  /** All that is in a directory, `.` and `..` first. */
  entries(directory: number): DirectoryEntry[] | number;

  /** `targets` are empty or not; how many of them one read fills is the kernel's affair. */
  read(fd: number, targets: Uint8Array[]): number;
  write(fd: number, pieces: Uint8Array[]): number;

  accept(fd: number, flags: number): number;
  recv(fd: number, targets: Uint8Array[], flags: number): number;
  send(fd: number, pieces: Uint8Array[]): number;
  shutdown(fd: number, how: number): number;

  /** Waits. One event at least, or a negated errno. */
  poll(subscriptions: Subscription[]): Event[] | number;
}

export interface OpenFlags {
  dirflags: number;
  oflags: number;
  rightsBase: bigint;
  rightsInheriting: bigint;
  fdflags: number;
}
