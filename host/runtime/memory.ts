/** The guest's memory as the imports see it: every access is checked for bounds and alignment. */
import { Errno, Iovec } from "./abi.js";
import type { WasmMemory } from "./webassembly.js";

/** An argument that no call can do anything with; preview1.ts answers it. */
export class BadArgument extends Error {
  override readonly name = "BadArgument";

  constructor(
    readonly errno: number,
    message: string,
  ) {
    super(message);
  }
}

/** Refuses flags that are not defined. */
export function checkFlags(flags: number, known: number): void {
  if ((flags & ~known) !== 0) throw new BadArgument(Errno.INVAL, `flags ${flags} are not known`);
}

/** Refuses a value of an enumeration beyond its last. */
export function checkEnum(value: number, last: number): void {
  if (value >>> 0 > last) throw new BadArgument(Errno.INVAL, `value ${value} is not known`);
}

export class GuestMemory {
  #memory: WasmMemory | undefined;
  #view = new DataView(new ArrayBuffer(0));
  #bytes = new Uint8Array(0);

  /** The memory exists only once the module does, and the module needs its imports first. */
  attach(memory: WasmMemory): void {
    this.#memory = memory;
    this.#renew();
  }

  /** Pointers come as i32 and are u32. Growing gives the memory another buffer. */
  #renew(): void {
    if (this.#memory === undefined) throw new Error("a guest called before its memory was known");
    this.#view = new DataView(this.#memory.buffer);
    this.#bytes = new Uint8Array(this.#memory.buffer);
  }

  /** @returns where it is, as a number that cannot be negative */
  check(pointer: number, length: number, align: number): number {
    // Empty since the memory has grown; to ask it for its buffer each time would cost more.
    if (this.#bytes.length === 0) this.#renew();
    const at = pointer >>> 0;
    if (at % align !== 0)
      throw new BadArgument(Errno.FAULT, `pointer ${at} is not aligned to ${align}`);
    if (at + length > this.#bytes.length) {
      throw new BadArgument(
        Errno.FAULT,
        `${length} bytes at ${at} are not within ${this.#bytes.length}`,
      );
    }
    return at;
  }

  view(pointer: number, length: number, align: number): DataView {
    const at = this.check(pointer, length, align);
    return new DataView(this.#view.buffer, at, length);
  }

  bytes(pointer: number, length: number): Uint8Array {
    const at = this.check(pointer, length >>> 0, 1);
    return this.#bytes.subarray(at, at + (length >>> 0));
  }

  // A check may renew the view: it comes first.
  setU16(pointer: number, value: number): void {
    const at = this.check(pointer, 2, 2);
    this.#view.setUint16(at, value, true);
  }

  setU32(pointer: number, value: number): void {
    const at = this.check(pointer, 4, 4);
    this.#view.setUint32(at, value, true);
  }

  setU64(pointer: number, value: bigint): void {
    const at = this.check(pointer, 8, 8);
    this.#view.setBigUint64(at, value, true);
  }

  /** The pieces of memory that an array of iovec (or ciovec) names. */
  vectors(pointer: number, count: number): Uint8Array[] {
    const pieces: Uint8Array[] = [];
    const base = pointer >>> 0;
    for (let index = 0; index < count >>> 0; index++) {
      const at = this.check(base + index * Iovec.size, Iovec.size, Iovec.align);
      const buffer = this.#view.getUint32(at + Iovec.buf, true);
      pieces.push(this.bytes(buffer, this.#view.getUint32(at + Iovec.bufLen, true)));
    }
    return pieces;
  }
}
