/** Lines as the README promises them: LF ends one, a CR before it is part of the end. */

const LF = 0x0a;
const CR = 0x0d;

export type Line = { kind: "line"; bytes: Buffer } | { kind: "too long" };

export class LineSplitter {
  #held: Buffer = Buffer.alloc(0);
  #skipping = false;

  constructor(private readonly limit: number) {}

  /** The next line of what was received, its parts before included; undefined: none is whole. */
  *split(received: Buffer): Generator<Line> {
    let from = 0;
    for (;;) {
      const newline = received.indexOf(LF, from);
      const part = received.subarray(from, newline < 0 ? received.length : newline);
      if (newline < 0) {
        if (!this.#skipping && this.#hold(part)) yield { kind: "too long" };
        return;
      }
      from = newline + 1;
      if (this.#skipping) this.#skipping = false;
      else yield this.#whole(part);
    }
  }

  /** The stream is over: what was held is a line, too. */
  last(): Line | undefined {
    return this.#held.length === 0 ? undefined : this.#whole(Buffer.alloc(0));
  }

  #whole(part: Buffer): Line {
    const all = this.#held.length === 0 ? part : Buffer.concat([this.#held, part]);
    this.#held = Buffer.alloc(0);
    const bytes = all.at(-1) === CR ? all.subarray(0, -1) : all;
    return bytes.length > this.limit ? { kind: "too long" } : { kind: "line", bytes };
  }

  /** @returns whether the line is too long, whatever comes */
  #hold(part: Buffer): boolean {
    const all = Buffer.concat([this.#held, part]);
    const mayEnd = all.length === this.limit + 1 && all.at(-1) === CR;
    this.#skipping = all.length > this.limit && !mayEnd;
    this.#held = this.#skipping ? Buffer.alloc(0) : all;
    return this.#skipping;
  }
}
