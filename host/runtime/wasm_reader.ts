/** Reads the binary format of WebAssembly: bytes, and numbers of seven bits a byte (LEB128). */

/** Magic and version, before the first section. */
export const PREAMBLE_BYTES = 8;

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

  /** An unsigned number of up to 32 bits; of a signed or longer one, the bytes alone are right. */
  number(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }
}
