/**
 * A base class of kernels: the calls that neither wait nor move bytes. It looks the descriptor up
 * and calls its method. The subclasses add reads, writes, accepts and polls.
 */
import { textOf, utf8 } from "../bytes.js";
import { Errno } from "../abi.js";
import type { DirectoryEntry, Fdstat, Filestat, OpenFlags } from "../kernel.js";
import type { FdTable } from "./fd_table.js";

export abstract class TableKernel {
  constructor(protected readonly table: FdTable) {}

  exit(): void {
    this.table.closeAll();
  }

  yield(): number {
    return 0;
  }

  isOpen(fd: number): boolean {
    return this.table.find(fd) !== undefined;
  }

  close(fd: number): number {
    return this.table.close(fd);
  }

  fdstat(fd: number): Fdstat | number {
    const found = this.table.find(fd);
    if (found === undefined) return -Errno.BADF;
    const { filetype, flags, rights } = found;
    return { filetype, flags, rightsBase: rights, rightsInheriting: 0n };
  }

  setFlags(fd: number, flags: number): number {
    return this.table.find(fd)?.setFlags?.(flags) ?? -Errno.BADF;
  }

  /** Descriptors that are no files report their type alone, with a size of 0. */
  filestat(fd: number): Filestat | number {
    const found = this.table.find(fd);
    if (found === undefined) return -Errno.BADF;
    return found.filestat?.() ?? { filetype: found.filetype, size: 0n };
  }

  setSize(fd: number, size: bigint): number {
    return this.table.find(fd)?.setSize?.(size) ?? -Errno.BADF;
  }

  seek(fd: number, offset: bigint, whence: number): bigint | number {
    return this.table.find(fd)?.seek?.(offset, whence) ?? -Errno.BADF;
  }

  sync(fd: number): number {
    const found = this.table.find(fd);
    return found === undefined ? -Errno.BADF : (found.sync?.() ?? 0);
  }

  preopen(fd: number): Uint8Array | number {
    const name = this.table.find(fd)?.preopenName;
    return name === undefined ? -Errno.BADF : utf8(name);
  }

  open(directory: number, path: Uint8Array, flags: OpenFlags): number {
    const found = this.table.find(directory);
    if (found === undefined) return -Errno.BADF;
    const opened = found.open?.(textOf(path), flags) ?? -Errno.NOTDIR;
    return typeof opened === "number" ? opened : this.table.add(opened);
  }

  unlink(directory: number, path: Uint8Array): number {
    return this.table.find(directory)?.unlink?.(textOf(path)) ?? -Errno.BADF;
  }

  entries(directory: number): DirectoryEntry[] | number {
    return this.table.find(directory)?.entries?.() ?? -Errno.BADF;
  }
}
