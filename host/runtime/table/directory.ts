/**
 * Preopened directories and their files: preview1's rules for both, over a {@link Volume}, which
 * stores the bytes. A directory has no subdirectories.
 */
import { utf8 } from "../bytes.js";
import { Errno, Fdflags, Filetype, Oflags, Rights, Whence } from "../abi.js";
import type { DirectoryEntry, Filestat, OpenFlags } from "../kernel.js";
import { totalLength } from "./byte_queue.js";
import { Descriptor, Ready } from "./descriptor.js";

/** The options of {@link Volume.open}, as those of open(2). */
export interface VolumeOpen {
  create: boolean;
  exclusive: boolean;
  truncate: boolean;
  write: boolean;
}

/**
 * A store of files in one directory. Numbers are zero or positive on success, or a negated errno.
 */
export interface Volume {
  names(): string[] | number;
  open(name: string, how: VolumeOpen): VolumeFile | number;
  unlink(name: string): number;
}

/** An open file of a volume. Methods return 0 or more, or a negated errno. */
export interface VolumeFile {
  size(): number;
  /** Reads at an offset. @returns the number of bytes; 0 at the end */
  readAt(offset: number, targets: readonly Uint8Array[]): number;
  /** Writes at an offset. @returns the number of bytes written, maybe not all */
  writeAt(offset: number, pieces: readonly Uint8Array[]): number;
  setSize(size: number): number;
  sync(): number;
  close(): void;
}

/** An open file, with its offset. */
export class FileDescriptor extends Descriptor {
  override filetype: number = Filetype.REGULAR_FILE;
  #offset = 0;

  constructor(
    private readonly file: VolumeFile,
    override readonly rights: bigint,
    private readonly appends: boolean,
  ) {
    super();
  }

  override get flags(): number {
    return this.appends ? Fdflags.APPEND : 0;
  }

  override revents(): number {
    return Ready.IN | Ready.OUT;
  }

  override filestat(): Filestat | number {
    const size = this.file.size();
    return size < 0 ? size : { filetype: this.filetype, size: BigInt(size) };
  }

  override seek(offset: bigint, whence: number): bigint | number {
    const size = whence === Whence.END ? this.file.size() : 0;
    if (size < 0) return size;
    const from = whence === Whence.SET ? 0 : whence === Whence.CUR ? this.#offset : size;
    const wanted = from + Number(offset);
    if (wanted < 0) return -Errno.INVAL;
    this.#offset = wanted;
    return BigInt(wanted);
  }

  override read(targets: readonly Uint8Array[]): number {
    if ((this.rights & Rights.FD_READ) === 0n) return -Errno.BADF;
    const got = this.file.readAt(this.#offset, targets);
    if (got > 0) this.#offset += got;
    return got;
  }

  override write(pieces: readonly Uint8Array[]): number {
    if ((this.rights & Rights.FD_WRITE) === 0n) return -Errno.BADF;
    if (totalLength(pieces) === 0) return 0;
    const at = this.appends ? this.file.size() : this.#offset;
    if (at < 0) return at;
    const put = this.file.writeAt(at, pieces);
    if (put > 0) this.#offset = at + put;
    return put;
  }

  override setSize(size: bigint): number {
    if ((this.rights & Rights.FD_WRITE) === 0n) return -Errno.INVAL;
    return this.file.setSize(Number(size));
  }

  override sync(): number {
    return this.file.sync();
  }

  override close(): void {
    this.file.close();
  }
}

/** A preopened directory. */
export class DirectoryDescriptor extends Descriptor {
  override filetype: number = Filetype.DIRECTORY;
  override rights = 0n;

  constructor(
    private readonly volume: Volume,
    /** The name under which the guest finds the directory. */
    override readonly preopenName: string,
  ) {
    super();
  }

  override revents(): number {
    return Ready.IN | Ready.OUT;
  }

  override filestat(): Filestat {
    return { filetype: this.filetype, size: 0n };
  }

  override open(path: string, flags: OpenFlags): Descriptor | number {
    const errno = pathError(path);
    if (errno !== 0) return -errno;
    const { oflags, rightsBase, fdflags } = flags;
    if ((oflags & Oflags.DIRECTORY) !== 0) return -Errno.NOTDIR;
    const write = (rightsBase & Rights.FD_WRITE) !== 0n;
    const file = this.volume.open(path, {
      create: (oflags & Oflags.CREAT) !== 0,
      exclusive: (oflags & Oflags.EXCL) !== 0,
      truncate: (oflags & Oflags.TRUNC) !== 0,
      write,
    });
    if (typeof file === "number") return file;
    const rights = write ? rightsBase & (Rights.FD_READ | Rights.FD_WRITE) : Rights.FD_READ;
    return new FileDescriptor(file, rights, (fdflags & Fdflags.APPEND) !== 0);
  }

  /** Fails, as in wasmtime, although POSIX allows it. */
  override sync(): number {
    return -Errno.BADF;
  }

  override entries(): DirectoryEntry[] | number {
    const names = this.volume.names();
    if (typeof names === "number") return names;
    const entry = (filetype: number) => (name: string) => ({ name: utf8(name), filetype });
    const files = names.map(entry(Filetype.REGULAR_FILE));
    return [...[".", ".."].map(entry(Filetype.DIRECTORY)), ...files];
  }

  override unlink(path: string): number {
    const errno = pathError(path);
    return errno === 0 ? this.volume.unlink(path) : -errno;
  }
}

/**
 * Checks that a path is a plain file name, so that it leads neither out of the directory nor into
 * another.
 *
 * @returns 0 or an errno
 */
function pathError(path: string): number {
  if (path === "" || path.includes("\0")) return path === "" ? Errno.NOENT : Errno.INVAL;
  if (path === ".") return Errno.ISDIR;
  return path === ".." || path.includes("/") ? Errno.PERM : 0;
}
