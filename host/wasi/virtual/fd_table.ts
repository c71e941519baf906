/** The guest's descriptors by number: 0 to 2 stdio, then what was handed in, then what it opens. */
import { Errno } from "../abi.js";
import type { Descriptor } from "./descriptor.js";

const FIRST_FD = 3;

export class FdTable {
  readonly #descriptors = new Map<number, Descriptor>();
  #next = FIRST_FD;

  /** @param reuses whether the lowest free number is given, as in POSIX; wasmtime only counts up */
  constructor(
    private readonly reuses: boolean,
    stdio: readonly Descriptor[],
  ) {
    stdio.forEach((descriptor, fd) => this.#descriptors.set(fd, descriptor));
  }

  get fds(): number[] {
    return [...this.#descriptors.keys()];
  }

  find(fd: number): Descriptor | undefined {
    return this.#descriptors.get(fd);
  }

  /** @returns its number */
  add(descriptor: Descriptor): number {
    if (this.reuses) this.#next = FIRST_FD;
    while (this.#descriptors.has(this.#next)) this.#next++;
    const fd = this.#next++;
    this.#descriptors.set(fd, descriptor);
    return fd;
  }

  close(fd: number): number {
    const found = this.#descriptors.get(fd);
    if (found === undefined) return -Errno.BADF;
    this.#descriptors.delete(fd);
    found.close();
    return 0;
  }

  closeAll(): void {
    for (const fd of this.fds) this.close(fd);
  }
}
