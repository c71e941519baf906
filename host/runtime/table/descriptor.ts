/** The base class of all descriptors. Each subclass overrides the calls that its kind supports. */
import { Errno, Fdflags, Filetype, Rights } from "../abi.js";
import type { DirectoryEntry, Filestat, OpenFlags } from "../kernel.js";

/** The bits of poll(2). As there, ERR and HUP are reported without being requested. */
export const Ready = { IN: 1, OUT: 4, ERR: 8, HUP: 16 } as const;

/**
 * A descriptor of a guest. Calls return a number of bytes (or 0), or a negated errno. None of them
 * blocks: they return -AGAIN, and the kernel then blocks the guest if the descriptor is blocking.
 */
export abstract class Descriptor {
  filetype: number = Filetype.UNKNOWN;
  /**
   * True for non-blocking. The flag belongs to the socket, so a listener keeps it when another
   * guest takes the socket over.
   */
  nonBlocking = false;
  rights: bigint = Rights.FD_READ | Rights.FD_WRITE;

  get flags(): number {
    return this.nonBlocking ? Fdflags.NONBLOCK : 0;
  }

  /** Returns the readiness as a set of {@link Ready}, for both directions. */
  abstract revents(): number;

  /**
   * Returns the number of bytes to read, as FIONREAD does. A kind for which FIONREAD fails
   * overrides this and throws GuestTrap, since wasmtime traps there.
   */
  readableBytes(): number {
    return 0;
  }

  /** Returns the number of bytes that a write would take. */
  writableBytes(): number {
    return 0;
  }

  /** A call that a kind does not define is answered with EBADF. */
  setFlags?(flags: number): number;
  seek?(offset: bigint, whence: number): bigint | number;
  filestat?(): Filestat | number;
  setSize?(size: bigint): number;
  /** Flushes to the disk. A kind without a disk leaves it out; the call then succeeds. */
  sync?(): number;
  /** The guest's name of a preopened directory. Other kinds have none. */
  readonly preopenName?: string;
  open?(path: string, flags: OpenFlags): Descriptor | number;
  entries?(): DirectoryEntry[] | number;
  unlink?(path: string): number;
  /** The call `fd_read`. */
  read?(targets: readonly Uint8Array[]): number;
  /** The call `fd_write`. */
  write?(pieces: readonly Uint8Array[]): number;
  recv?(targets: readonly Uint8Array[], peek: boolean): number;
  send?(pieces: readonly Uint8Array[]): number;
  shutdown?(how: number): number;
  /** Breaks the connection, for both ends. */
  break?(): void;

  /** Releases the descriptor. Called when the guest closes it, or has ended. */
  close(): void {
    // Most kinds hold nothing that must be released.
  }
}

/**
 * Does `fd_fdstat_set_flags` for a socket.
 *
 * @returns 0, or -EINVAL for a flag other than NONBLOCK
 */
export function setSocketFlags(socket: Descriptor, flags: number): number {
  if (flags !== 0 && flags !== Fdflags.NONBLOCK) return -Errno.INVAL;
  socket.nonBlocking = flags === Fdflags.NONBLOCK;
  return 0;
}
