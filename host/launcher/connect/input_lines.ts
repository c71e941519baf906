/** Lines of an input. One that is too long is left out as a whole, and counted. */

const NEWLINE = 0x0a;

export class InputLines {
  /** How many lines were too long since {@link takeTooLong}. */
  #tooLong = 0;
  #partial: Buffer[] = [];
  #length = 0;

  constructor(private readonly bytesMost: number) {}

  /** @returns the lines that are complete now, without their ends */
  take(chunk: Buffer): string[] {
    const lines: string[] = [];
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      this.#add(chunk.subarray(from, end));
      lines.push(...this.rest());
      from = end + 1;
    }
    this.#add(chunk.subarray(from));
    return lines;
  }

  /** @returns the line that the input ends with, if it is not empty and not too long */
  rest(): string[] {
    const line = Buffer.concat(this.#partial).toString("utf8").replace(/\r$/, "");
    const isTooLong = this.#length > this.bytesMost;
    this.#partial = [];
    this.#length = 0;
    if (isTooLong) this.#tooLong++;
    return isTooLong || line === "" ? [] : [line];
  }

  /** @returns how many lines were left out since the last call */
  takeTooLong(): number {
    const count = this.#tooLong;
    this.#tooLong = 0;
    return count;
  }

  #add(piece: Buffer): void {
    this.#length += piece.length;
    if (this.#length > this.bytesMost) this.#partial = [];
    else this.#partial.push(piece);
  }
}
