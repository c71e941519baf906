/** The verbs of a kernel that only ask its descriptors; what waits or moves bytes is its heirs'. */
import { Errno } from "../abi.js";
import type { Fdstat } from "../kernel.js";
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

  seek(fd: number): number {
    return this.table.find(fd)?.seek?.() ?? -Errno.BADF;
  }

  sync(fd: number): number {
    return this.isOpen(fd) ? 0 : -Errno.BADF;
  }

  preopen(): number {
    return -Errno.BADF;
  }

  open(): number {
    return -Errno.BADF;
  }
}
