/** Splits a stream of bytes into lines. */

const NEWLINE = 0x0a;

/** Collects bytes until a line is complete. A line that is too long is returned in parts. */
export class LineSplitter {
  #partial: Buffer[] = [];
  #length = 0;

  constructor(private readonly bytesMost: number) {}

  /** Adds bytes. @returns the lines that are complete now, without line ends */
  take(chunk: Buffer | string): string[] {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    const lines: string[] = [];
    let from = 0;
    for (;;) {
      const end = bytes.indexOf(NEWLINE, from);
      const rest = bytes.subarray(from, end < 0 ? undefined : end);
      this.#partial.push(rest);
      this.#length += rest.length;
      if (end >= 0 || this.#length > this.bytesMost) lines.push(this.rest());
      if (end < 0) return lines;
      from = end + 1;
    }
  }

  /** Returns and removes the unfinished line. */
  rest(): string {
    const text = Buffer.concat(this.#partial).toString("utf8");
    this.#partial = [];
    this.#length = 0;
    return text;
  }
}
