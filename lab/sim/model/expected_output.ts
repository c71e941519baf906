/**
 * What must stand on stdout or stderr, text by text. It may be that nobody reads for a while: then
 * DESIGN.md allows 64 KiB to be kept, and texts beyond that to be dropped and counted.
 */
import { type Oracle, OracleFailure } from "../failure.js";

const KEPT_BYTES = 65_536;
/** More than the longest text has. */
const TEXT_BYTES_MOST = 16_384;
const NOTICE = /\((\d+) lines? (?:was|were) not written: nobody read (?:it|them) in time\)\n/y;

interface Text {
  expected: string | RegExp;
  /** Bytes that had been written when it was said. */
  writtenBefore: number;
  /** Texts of the same batch may have been said before or after what was written next. */
  batch: number;
}

export class ExpectedOutput {
  readonly #texts: Text[] = [];
  #batches = 0;
  #next = 0;
  #written = 0;
  /** Written, and not compared yet. */
  #unseen = "";
  /** Bytes of what has been compared. */
  #seen = 0;

  /** @param notice says how many lines were dropped */
  constructor(
    private readonly oracle: Oracle,
    private readonly notice = NOTICE,
  ) {}

  /**
   * These must come now; a text that is not known in all is a sticky expression of latin1, byte by
   * byte.
   */
  say(...batch: readonly (string | RegExp)[]): void {
    this.#batches++;
    for (const text of batch) {
      const expected = typeof text === "string" ? Buffer.from(text).toString("latin1") : text;
      this.#texts.push({ expected, writtenBefore: this.#written, batch: this.#batches });
    }
  }

  wrote(bytes: Buffer): void {
    this.#written += bytes.length;
    this.#unseen += bytes.toString("latin1");
  }

  /** Compares what is whole, for an output whose texts are lines. */
  compareLines(): void {
    this.#compare(this.#unseen.lastIndexOf("\n") + 1);
  }

  /** Nothing more will be written. @param mayLack nobody read at the end */
  finish(mayLack: boolean): void {
    this.#compare(this.#unseen.length, mayLack);
    this.#passEmpty();
    const missing = this.#texts[this.#next];
    if (missing === undefined || mayLack) return;
    throw new OracleFailure(this.oracle, `never written: ${show(missing.expected)}`);
  }

  #compare(length: number, mayLack = false): void {
    let at = 0;
    while (at < length) {
      this.#passEmpty();
      const taken = this.#takeText(at) || this.#takeNotice(at);
      if (taken === 0 && mayLack) break;
      if (taken === 0) throw this.#unexpected(at);
      at += taken;
      this.#seen += taken;
    }
    this.#unseen = this.#unseen.slice(at);
  }

  /** Nothing shows whether nothing was said. */
  #passEmpty(): void {
    while (this.#texts[this.#next]?.expected === "") this.#next++;
  }

  /** @returns the bytes of the next text, 0 if it is another that stands there */
  #takeText(at: number): number {
    const text = this.#texts[this.#next];
    const length = text === undefined ? 0 : matched(text.expected, this.#unseen, at);
    if (length === 0) return 0;
    let later = ++this.#next;
    while (this.#texts[later]?.batch === text?.batch) later++;
    const writtenThen = this.#texts[later]?.writtenBefore ?? this.#written;
    if (this.#seen + length - writtenThen > KEPT_BYTES) {
      throw new OracleFailure(this.oracle, `more than ${KEPT_BYTES} bytes were kept`);
    }
    return length;
  }

  /** Some texts were dropped: the first of them must not have had room. */
  #takeNotice(at: number): number {
    this.notice.lastIndex = at;
    const found = this.notice.exec(this.#unseen);
    const first = this.#texts[this.#next];
    if (found === null || first === undefined) return 0;
    if (this.#seen + TEXT_BYTES_MOST - first.writtenBefore <= KEPT_BYTES) {
      throw new OracleFailure(this.oracle, `dropped, though there was room: ${found[0]}`);
    }
    this.#next += Number(found[1]);
    if (this.#next <= this.#texts.length) return found[0].length;
    throw new OracleFailure(this.oracle, `more were dropped than said: ${found[0]}`);
  }

  #unexpected(at: number): OracleFailure {
    const expected = show(this.#texts[this.#next]?.expected ?? "nothing");
    const written = JSON.stringify(this.#unseen.slice(at, at + 120));
    return new OracleFailure(this.oracle, `expected ${expected}, written ${written}`);
  }
}

/** A text as part of an expression, byte by byte. */
export function escaped(text: string): string {
  return Buffer.from(text)
    .toString("latin1")
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** @returns the length of the match, or 0 */
function matched(expected: string | RegExp, text: string, at: number): number {
  if (typeof expected === "string") return text.startsWith(expected, at) ? expected.length : 0;
  expected.lastIndex = at;
  return expected.exec(text)?.[0].length ?? 0;
}

function show(expected: string | RegExp): string {
  return typeof expected === "string" ? JSON.stringify(expected) : String(expected);
}
