/** Lines as the README promises them: LF ends one, a CR before it is part of the end. */

const LF = 0x0a;
const CR = 0x0d;
const NOTHING: Buffer = Buffer.alloc(0);

export interface Line {
  kind: "line" | "too long";
  /** Of one that is too long, the first, as many as it may have. */
  bytes: Buffer;
}

export class LineSplitter {
  /** Of what was offered, what has not been looked at. */
  #rest = NOTHING;
  #held = NOTHING;
  #skipping = false;

  constructor(private limit: number) {}

  /** What was received, once all before it has been looked at; the limit may be another now. */
  offer(received: Buffer, limit = this.limit): void {
    this.#rest = received;
    this.limit = limit;
  }

  get hasMore(): boolean {
    return this.#rest.length > 0;
  }

  /** Whether a line has begun that has not ended. */
  get isUnfinished(): boolean {
    return this.#held.length > 0 || this.#skipping;
  }

  /** Whether the rest of a line that is too long is passed over. */
  get isSkipping(): boolean {
    return this.#skipping;
  }

  /** The next line, its parts before included; undefined: none is whole. */
  next(): Line | undefined {
    for (;;) {
      const newline = this.#rest.indexOf(LF);
      const part = newline < 0 ? this.#rest : this.#rest.subarray(0, newline);
      this.#rest = newline < 0 ? NOTHING : this.#rest.subarray(newline + 1);
      if (newline < 0) return this.#skipping ? undefined : this.#hold(part);
      if (!this.#skipping) return this.#whole(part);
      this.#skipping = false;
    }
  }

  *split(received: Buffer): Generator<Line> {
    this.offer(received);
    for (let line = this.next(); line !== undefined; line = this.next()) yield line;
  }

  /** The stream is over: what was held is a line, too. */
  last(): Line | undefined {
    return this.#held.length === 0 ? undefined : this.#whole(NOTHING);
  }

  #whole(part: Buffer): Line {
    const all = this.#held.length === 0 ? part : Buffer.concat([this.#held, part]);
    this.#held = NOTHING;
    const bytes = all.at(-1) === CR ? all.subarray(0, -1) : all;
    return bytes.length > this.limit ? this.#tooLong(all) : { kind: "line", bytes };
  }

  #tooLong(all: Buffer): Line {
    return { kind: "too long", bytes: all.subarray(0, this.limit) };
  }

  /** @returns the line, if it is too long, whatever comes */
  #hold(part: Buffer): Line | undefined {
    const all = Buffer.concat([this.#held, part]);
    const mayEnd = all.length === this.limit + 1 && all.at(-1) === CR;
    this.#skipping = all.length > this.limit && !mayEnd;
    this.#held = this.#skipping ? NOTHING : all;
    return this.#skipping ? this.#tooLong(all) : undefined;
  }
}
