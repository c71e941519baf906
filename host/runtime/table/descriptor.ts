/** What a descriptor of the virtual kernel can do; each kind overrides what it can do itself. */
import { Errno, Fdflags, Filetype, Rights } from "../abi.js";
import type { DirectoryEntry, Filestat, OpenFlags } from "../kernel.js";

/** What poll(2) says of a descriptor; an error and a hangup are said unasked. */
export const Ready = { IN: 1, OUT: 4, ERR: 8, HUP: 16 } as const;

/** A result is bytes, or a negated errno; -AGAIN also where the kernel then blocks the guest. */
export abstract class Descriptor {
  filetype: number = Filetype.UNKNOWN;
  /** A flag of the socket itself, so a listener keeps it from one guest to the next. */
  nonBlocking = false;
  rights: bigint = Rights.FD_READ | Rights.FD_WRITE;

  get flags(): number {
    return this.nonBlocking ? Fdflags.NONBLOCK : 0;
  }

  /** A set of {@link Ready}, whatever was asked for. */
  abstract revents(): number;

  /** What FIONREAD says; a wasmtime that cannot ask it traps, and so does this. */
  readableBytes(): number {
    return 0;
  }

  writableBytes(): number {
    return 0;
  }

  /** What a kind has not, it answers with EBADF. */
  setFlags?(flags: number): number;
  seek?(offset: bigint, whence: number): bigint | number;
  filestat?(): Filestat | number;
  setSize?(size: bigint): number;
  /** What has no disk behind it has nothing to do. */
  sync?(): number;
  /** Of a directory that was handed in. */
  readonly preopenName?: string;
  open?(path: string, flags: OpenFlags): Descriptor | number;
  entries?(): DirectoryEntry[] | number;
  unlink?(path: string): number;
  /** For fd_read. */
  read?(targets: readonly Uint8Array[]): number;
  /** For fd_write. */
  write?(pieces: readonly Uint8Array[]): number;
  recv?(targets: readonly Uint8Array[], peek: boolean): number;
  send?(pieces: readonly Uint8Array[]): number;
  shutdown?(how: number): number;
  /** Breaks the connection for both ends. */
  break?(): void;

  /** The guest has given it up, or has ended. */
  close(): void {
    // Most descriptors outlive the guest.
  }
}

/** `fd_fdstat_set_flags` on a socket: NONBLOCK or nothing. */
export function setSocketFlags(socket: Descriptor, flags: number): number {
  if (flags !== 0 && flags !== Fdflags.NONBLOCK) return -Errno.INVAL;
  socket.nonBlocking = flags === Fdflags.NONBLOCK;
  return 0;
}
