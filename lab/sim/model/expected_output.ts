/**
 * The expected text on stdout or stderr, compared piece by piece. If the output is not read for a
 * while, DESIGN.md allows the guest to keep 64 KiB and to drop and count the texts beyond that.
 */
import { type Oracle, OracleFailure } from "../failure.js";

const KEPT_BYTES = 65_536;
/** An upper bound of the bytes of one text. */
const TEXT_BYTES_MOST = 16_384;
const NOTICE = /\((\d+) lines? (?:was|were) not written: nobody read (?:it|them) in time\)\n/y;

interface Text {
  expected: string | RegExp;
  /** The bytes that the guest had written when this text became due. */
  writtenBefore: number;
  /** Texts of one batch became due together, so they may be written in one piece. */
  batch: number;
}

export class ExpectedOutput {
  readonly #texts: Text[] = [];
  #batches = 0;
  #next = 0;
  #written = 0;
  /** Text that is written and not compared yet. */
  #unseen = "";
  /** The number of bytes that have been compared. */
  #seen = 0;

  /** @param notice matches the guest's notice of dropped lines; group 1 is their number */
  constructor(
    private readonly oracle: Oracle,
    private readonly notice = NOTICE,
  ) {}

  /**
   * Expects these texts next. Text that the model knows in part is a sticky regular expression over
   * latin1, byte by byte.
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

  /** Compares all whole lines, for an output whose texts are lines. */
  compareLines(): void {
    this.#compare(this.#unseen.lastIndexOf("\n") + 1);
  }

  /**
   * Compares the rest of the output, after the guest has ended.
   *
   * @param mayLack true if the output was no longer read, so that expected texts may be missing
   */
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

  /** Skips empty texts: they leave no trace in the output. */
  #passEmpty(): void {
    while (this.#texts[this.#next]?.expected === "") this.#next++;
  }

  /** @returns the length of the next expected text at this offset, or 0 if another text is there */
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

  /** Handles a notice of dropped lines: the first of them must not have fitted in the 64 KiB. */
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

/** Returns a text as the source of a regular expression over latin1. */
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
