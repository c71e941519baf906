/**
 * The guest's descriptor table: 0 to 2 are stdio, then come the listeners and directories that the
 * host hands in, then what the guest opens.
 */
import { Errno } from "../abi.js";
import type { Descriptor } from "./descriptor.js";

const FIRST_FD = 3;

/** The descriptors of one guest, by number. */
export class FdTable {
  /** The open descriptors. The index is the number; undefined is a closed one. */
  readonly #descriptors: (Descriptor | undefined)[] = [];
  #next = FIRST_FD;

  /**
   * Creates the table.
   *
   * @param reuses true: `add` gives the lowest free number, as in POSIX. false: numbers only count
   *   up, as in wasmtime
   * @param stdio the descriptors 0, 1 and 2
   */
  constructor(
    private readonly reuses: boolean,
    stdio: readonly Descriptor[],
  ) {
    this.#descriptors.push(...stdio);
  }

  /** The numbers of the open descriptors, in order. */
  get fds(): number[] {
    return [...this.#descriptors.keys()].filter((fd) => this.#descriptors[fd] !== undefined);
  }

  find(fd: number): Descriptor | undefined {
    return this.#descriptors[fd];
  }

  /** Adds a descriptor. @returns its number */
  add(descriptor: Descriptor): number {
    if (this.reuses) this.#next = FIRST_FD;
    while (this.#descriptors[this.#next] !== undefined) this.#next++;
    const fd = this.#next++;
    this.#descriptors[fd] = descriptor;
    return fd;
  }

  /** Closes a descriptor. @returns 0, or -EBADF if it is not open */
  close(fd: number): number {
    const found = this.#descriptors[fd];
    if (found === undefined) return -Errno.BADF;
    this.#descriptors[fd] = undefined;
    found.close();
    return 0;
  }

  closeAll(): void {
    for (const fd of this.fds) this.close(fd);
  }
}
