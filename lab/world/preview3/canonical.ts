/**
 * A component's memory, by the rules of the canonical ABI: results are stored where the caller has
 * room for them, lists where its `cabi_realloc` says. A bad pointer ends the guest.
 */
import { BadArgument, GuestMemory } from "../../../host/runtime/memory.js";
import type { WasmMemory } from "../../../host/runtime/webassembly.js";

type Realloc = (old: number, oldBytes: number, align: number, bytes: number) => number;

/** The layout of a list: offsets of its pointer and its length, and its size in bytes. */
const LIST = { pointer: 0, length: 4, size: 8 };
const WORD_BYTES = 4;

export class Canonical {
  readonly #memory = new GuestMemory();
  #realloc: Realloc | undefined;

  attach(memory: WasmMemory, realloc: Realloc): void {
    this.#memory.attach(memory);
    this.#realloc = realloc;
  }

  bytes(pointer: number, length: number): Uint8Array {
    return this.#memory.bytes(pointer, length);
  }

  /** Returns true if the range is within the memory. */
  has(pointer: number, length: number): boolean {
    try {
      this.bytes(pointer, length);
      return true;
    } catch (error) {
      if (error instanceof BadArgument) return false;
      throw error;
    }
  }

  setU8(at: number, value: number): void {
    this.#memory.bytes(at, 1)[0] = value;
  }

  setU16(at: number, value: number): void {
    this.#memory.setU16(at, value);
  }

  setU32(at: number, value: number): void {
    this.#memory.setU32(at, value);
  }

  setU64(at: number, value: bigint): void {
    this.#memory.setU64(at, value);
  }

  /** Allocates and stores a list of bytes; its pointer and length go to `at`. */
  setBytes(at: number, content: Uint8Array): void {
    const pointer = this.#allocate(1, content.length);
    if (content.length > 0) this.bytes(pointer, content.length).set(content);
    this.#setList(at, pointer, content.length);
  }

  setStrings(at: number, texts: readonly string[]): void {
    const pointer = this.#allocate(WORD_BYTES, texts.length * LIST.size);
    texts.forEach((text, index) => this.setBytes(pointer + index * LIST.size, Buffer.from(text)));
    this.#setList(at, pointer, texts.length);
  }

  /** Stores a list of handles, each with a name. */
  setNamed(at: number, all: readonly (readonly [number, string])[]): void {
    const each = WORD_BYTES + LIST.size;
    const pointer = this.#allocate(WORD_BYTES, all.length * each);
    all.forEach(([handle, name], index) => {
      this.setU32(pointer + index * each, handle);
      this.setBytes(pointer + index * each + WORD_BYTES, Buffer.from(name));
    });
    this.#setList(at, pointer, all.length);
  }

  #setList(at: number, pointer: number, length: number): void {
    this.setU32(at + LIST.pointer, pointer);
    this.setU32(at + LIST.length, length);
  }

  /** Allocates with the guest's `cabi_realloc`; for no bytes it is not called. */
  #allocate(align: number, bytes: number): number {
    if (this.#realloc === undefined) throw new Error("a component called before it was known");
    return bytes === 0 ? align : this.#realloc(0, 0, align, bytes) >>> 0;
  }
}
