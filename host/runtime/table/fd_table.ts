/** The guest's descriptors by number: 0 to 2 stdio, then what was handed in, then what it opens. */
import { Errno } from "../abi.js";
import type { Descriptor } from "./descriptor.js";

const FIRST_FD = 3;

export class FdTable {
  /** By number. */
  readonly #descriptors: (Descriptor | undefined)[] = [];
  #next = FIRST_FD;

  /** @param reuses whether the lowest free number is given, as in POSIX; wasmtime only counts up */
  constructor(
    private readonly reuses: boolean,
    stdio: readonly Descriptor[],
  ) {
    this.#descriptors.push(...stdio);
  }

  get fds(): number[] {
    return [...this.#descriptors.keys()].filter((fd) => this.#descriptors[fd] !== undefined);
  }

  find(fd: number): Descriptor | undefined {
    return this.#descriptors[fd];
  }

  /** @returns its number */
  add(descriptor: Descriptor): number {
    if (this.reuses) this.#next = FIRST_FD;
    while (this.#descriptors[this.#next] !== undefined) this.#next++;
    const fd = this.#next++;
    this.#descriptors[fd] = descriptor;
    return fd;
  }

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
