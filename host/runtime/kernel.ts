/**
 * The interface of a kernel: descriptors, bytes, time and randomness. The imports (preview1.ts)
 * call it. A kernel knows nothing of Wasm, pointers or structs.
 *
 * A number that a method returns is zero or positive on success, or a negated errno. All methods
 * are synchronous. A kernel blocks the guest by not returning, and ends it by throwing an error of
 * outcome.ts. The imports have made descriptor numbers unsigned.
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
  /** The time in nanoseconds. */
  timeout: bigint;
  /** True if `timeout` is a time of the clock, false if it is a time from now. */
  absolute: boolean;
}

export interface FdSubscription {
  /** 1 is FD_READ, 2 is FD_WRITE. */
  type: 1 | 2;
  fd: number;
}

export type Subscription = ClockSubscription | FdSubscription;

export interface Event {
  /** The index of the subscription that this event answers. */
  index: number;
  /** An errno; 0 for no error. */
  error: number;
  type: number;
  /** The number of bytes that can be read or written without blocking. */
  nbytes: number;
  flags: number;
}

/**
 * The answer to bad arguments. `errno`: the call returns EFAULT for a pointer out of bounds or
 * misaligned, and EINVAL for unknown flags. `trap`: the guest ends, as in wasmtime.
 */
export type BadArguments = "errno" | "trap";

export interface Kernel {
  readonly badArguments: BadArguments;

  /**
   * Called before each import, with its name. A simulated kernel advances its clock here, or
   * injects a fault.
   */
  enter(call: string): void;
  /** Closes all descriptors. Called once, after the guest has ended in whatever way. */
  exit(): void;

  /** Returns the time of a clock in nanoseconds, or undefined if the kernel lacks that clock. */
  clockTime(id: number): bigint | undefined;
  /** Returns the resolution of a clock in nanoseconds, or undefined as `clockTime` does. */
  clockResolution(id: number): bigint | undefined;
  /** Fills `target` with random bytes. */
  random(target: Uint8Array): void;
  /** Yields the processor. @returns 0 */
  yield(): number;

  /** Returns true if the descriptor is open. Imports call it before they check pointers. */
  isOpen(fd: number): boolean;
  close(fd: number): number;
  fdstat(fd: number): Fdstat | number;
  setFlags(fd: number, flags: number): number;
  filestat(fd: number): Filestat | number;
  setSize(fd: number, size: bigint): number;
  /** Moves the offset of a file. Returns the new offset, or a negated errno. */
  seek(fd: number, offset: bigint, whence: number): bigint | number;
  /** Flushes a file's data to the disk. @returns 0 or a negated errno */
  sync(fd: number): number;
  /** Returns the name of a preopened directory, or -EBADF if `fd` is none. */
  preopen(fd: number): Uint8Array | number;
  /** Opens a file. @returns its descriptor, or a negated errno */
  open(directory: number, path: Uint8Array, flags: OpenFlags): number;
  unlink(directory: number, path: Uint8Array): number;
  /** Returns the entries of a directory, with `.` and `..` first. */
  entries(directory: number): DirectoryEntry[] | number;

  /**
   * Reads into `targets`, which may be empty. A kernel may fill only some of them.
   *
   * @returns the number of bytes, 0 at the end, or a negated errno
   */
  read(fd: number, targets: Uint8Array[]): number;
  /** Writes the pieces in order. @returns the number of bytes written, or a negated errno */
  write(fd: number, pieces: Uint8Array[]): number;

  /** Accepts a connection. @returns its descriptor, or a negated errno */
  accept(fd: number, flags: number): number;
  /** Reads as `read` does, from a socket only. @param flags a set of Riflags */
  recv(fd: number, targets: Uint8Array[], flags: number): number;
  /** Writes as `write` does, to a socket only. */
  send(fd: number, pieces: Uint8Array[]): number;
  /** Ends directions of a connection. @param how a set of Sdflags */
  shutdown(fd: number, how: number): number;

  /** Waits until at least one subscription is ready. Returns its events, or a negated errno. */
  poll(subscriptions: Subscription[]): Event[] | number;
}

export interface OpenFlags {
  dirflags: number;
  oflags: number;
  rightsBase: bigint;
  rightsInheriting: bigint;
  fdflags: number;
}
