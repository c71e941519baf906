/**
 * A reader of WebAssembly's binary format: single bytes, and integers in LEB128 (seven bits a
 * byte).
 */

/** The length of the magic number and the version, which precede the first section. */
export const PREAMBLE_BYTES = 8;

/** A cursor over a module's bytes. Its methods throw an Error at the end of the bytes. */
export class WasmReader {
  constructor(
    readonly bytes: Uint8Array,
    public at: number,
  ) {}

  get isDone(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(): number {
    const value = this.bytes[this.at++];
    if (value === undefined) throw new Error("the module is cut off");
    return value;
  }

  /**
   * Reads an unsigned LEB128 integer of up to 32 bits. For a signed or a longer integer the
   * returned value is wrong, but the cursor moves past it correctly.
   */
  number(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }
}
