/**
 * Splits a byte stream into lines as guide/chat.md says: LF, CR, CR LF or CR NUL ends a line, BS
 * and DEL erase its last character, and telnet commands are taken out.
 */
import { Telnet } from "./telnet.js";

const [NUL, BS, LF, CR, DEL, IAC] = [0x00, 0x08, 0x0a, 0x0d, 0x7f, 0xff] as const;

export interface Line {
  kind: "line" | "too long";
  /** The bytes of the line; if it is too long, as many as the limit allows. */
  bytes: Buffer;
}

export class LineSplitter {
  readonly telnet = new Telnet();
  /** True if the last offer had bytes that are not text: BS, DEL or a telnet command. */
  isEdited = false;
  /** The bytes that were offered last; `#at` is the offset of the first that was not examined. */
  #rest: Buffer = Buffer.alloc(0);
  #at = 0;
  #held: number[] = [];
  #skipping = false;
  #isAfterReturn = false;

  constructor(private limit: number) {}

  /** Offers received bytes, after all earlier bytes were examined. @param limit bytes of a line */
  offer(received: Buffer, limit = this.limit): void {
    this.#rest = received;
    this.#at = 0;
    this.limit = limit;
    this.isEdited = false;
  }

  get hasMore(): boolean {
    return this.#at < this.#rest.length;
  }

  /** True if a line has begun and not ended. */
  get isUnfinished(): boolean {
    return this.#held.length > 0 || this.#skipping;
  }

  /** True while the rest of a line that is too long is skipped. */
  get isSkipping(): boolean {
    return this.#skipping;
  }

  /** Returns the next whole line, including bytes of earlier offers; undefined if there is none. */
  next(): Line | undefined {
    while (this.hasMore) {
      const line = this.#take(this.#rest[this.#at++] ?? 0);
      if (line !== undefined) return line;
    }
    return undefined;
  }

  *split(received: Buffer): Generator<Line> {
    this.offer(received);
    for (let line = this.next(); line !== undefined; line = this.next()) yield line;
  }

  /** Returns the unfinished line at the end of the stream, or undefined. */
  last(): Line | undefined {
    return this.#held.length === 0 ? undefined : this.#whole();
  }

  #take(byte: number): Line | undefined {
    const isAfterReturn = this.#isAfterReturn;
    this.#isAfterReturn = false;
    if (isAfterReturn && (byte === LF || byte === NUL)) return undefined;
    if (this.telnet.isWithin) return this.#takeCommand(byte);
    if (byte === LF || byte === CR) {
      this.#isAfterReturn = byte === CR;
      if (!this.#skipping) return this.#whole();
      this.#skipping = false;
      return undefined;
    }
    const isText = isTextByte(byte);
    if (!isText) this.isEdited = true;
    if (byte === IAC) this.telnet.begin();
    const line = this.#hold(isText ? [byte] : []);
    if (byte === BS || byte === DEL) this.#erase();
    if (isText && line !== undefined) this.#passOver();
    return line;
  }

  /**
   * Skips the rest of a line that is too long, and the byte behind it: the guest does so in one
   * step.
   */
  #passOver(): void {
    while (this.hasMore) {
      const byte = this.#rest[this.#at++] ?? 0;
      if (isTextByte(byte)) continue;
      this.#take(byte);
      return;
    }
  }

  #takeCommand(byte: number): Line | undefined {
    this.isEdited = true;
    const effect = this.telnet.take(byte);
    if (effect === "text") return this.#take(byte);
    if (effect === "byte") return this.#hold([byte]);
    if (effect === "erase character") this.#erase();
    if (effect === "erase line") {
      this.#held = [];
      this.#skipping = false;
    }
    return undefined;
  }

  /** @returns the line, if these bytes make it too long */
  #hold(bytes: readonly number[]): Line | undefined {
    if (this.#skipping) return undefined;
    this.#held.push(...bytes);
    if (this.#held.length <= this.limit) return undefined;
    this.#skipping = true;
    return this.#whole();
  }

  #whole(): Line {
    const kind = this.#held.length > this.limit ? "too long" : "line";
    const bytes = Buffer.from(this.#held.slice(0, this.limit));
    this.#held = [];
    return { kind, bytes };
  }

  /** Erases a character: its first byte and the UTF-8 continuation bytes that follow it. */
  #erase(): void {
    while (((this.#held.pop() ?? 0) & 0xc0) === 0x80) continue;
  }
}

function isTextByte(byte: number): boolean {
  return ![BS, LF, CR, DEL, IAC].some((one) => one === byte);
}
