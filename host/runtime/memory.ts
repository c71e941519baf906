/**
 * Access to the guest's memory for the imports. Each access is checked for bounds and alignment.
 */
import { Errno, Iovec } from "./abi.js";
import type { WasmMemory } from "./webassembly.js";

/**
 * An argument that an import refuses. preview1.ts catches it: it returns `errno` to the guest, or
 * it ends the guest, as the kernel's `badArguments` says.
 */
export class BadArgument extends Error {
  override readonly name = "BadArgument";

  constructor(
    readonly errno: number,
    message: string,
  ) {
    super(message);
  }
}

/** Checks the flags of a call. @throws BadArgument (EINVAL) for a bit that is not in `known` */
export function checkFlags(flags: number, known: number): void {
  if ((flags & ~known) !== 0) throw new BadArgument(Errno.INVAL, `flags ${flags} are not known`);
}

/** Checks a value of an enumeration. @throws BadArgument (EINVAL) for a value above `last` */
export function checkEnum(value: number, last: number): void {
  if (value >>> 0 > last) throw new BadArgument(Errno.INVAL, `value ${value} is not known`);
}

/**
 * The memory of one guest. Each method throws BadArgument (EFAULT) for bytes out of bounds, or for
 * a pointer that is not a multiple of `align`. Pointers come as i32 and are read as u32.
 */
export class GuestMemory {
  #memory: WasmMemory | undefined;
  #view = new DataView(new ArrayBuffer(0));
  #bytes = new Uint8Array(0);

  /**
   * Sets the memory. It comes after the constructor, because an instance, which owns the memory,
   * needs its imports first.
   */
  attach(memory: WasmMemory): void {
    this.#memory = memory;
    this.#renew();
  }

  /** Makes new views. A memory that grows gets a new buffer, and the old one becomes empty. */
  #renew(): void {
    if (this.#memory === undefined) throw new Error("a guest called before its memory was known");
    this.#view = new DataView(this.#memory.buffer);
    this.#bytes = new Uint8Array(this.#memory.buffer);
  }

  /** Checks that `length` bytes at `pointer` are inside the memory. @returns the pointer as u32 */
  check(pointer: number, length: number, align: number): number {
    // The view is empty after the memory has grown. Reading `memory.buffer` on each access would be
    // slower.
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

  /** Returns a view of `length` bytes at `pointer`. Valid until the memory grows. */
  view(pointer: number, length: number, align: number): DataView {
    const at = this.check(pointer, length, align);
    return new DataView(this.#view.buffer, at, length);
  }

  /** Returns `length` bytes at `pointer`, not copied. Valid until the memory grows. */
  bytes(pointer: number, length: number): Uint8Array {
    const at = this.check(pointer, length >>> 0, 1);
    return this.#bytes.subarray(at, at + (length >>> 0));
  }

  // In the setters, `check` comes first, because it may replace the view.
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

  /**
   * Reads an array of `count` iovec (or ciovec) structs at `pointer`, and returns the buffers that
   * they name, not copied.
   */
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
