/** Splits an input into lines. A line that is too long is dropped and counted. */

const NEWLINE = 0x0a;

export class InputLines {
  /** The number of lines that were too long since the last {@link takeTooLong}. */
  #tooLong = 0;
  #partial: Buffer[] = [];
  #length = 0;

  constructor(private readonly bytesMost: number) {}

  /** Adds bytes. @returns the lines that they complete, without line ends and empty lines */
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

  /** Returns the line so far, unless it is empty or too long, and begins another one. */
  rest(): string[] {
    const line = Buffer.concat(this.#partial).toString("utf8").replace(/\r$/, "");
    const isTooLong = this.#length > this.bytesMost;
    this.#partial = [];
    this.#length = 0;
    if (isTooLong) this.#tooLong++;
    return isTooLong || line === "" ? [] : [line];
  }

  /** Returns the number of lines that were dropped since the last call. */
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
