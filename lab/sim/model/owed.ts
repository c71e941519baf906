/**
 * What one client is to get: stretches of what was said to an audience, and what was said to it
 * alone, in order. The words of an audience are kept once, for all.
 */

/** Everything said to those who hear the same, from the first byte on. */
export class SpokenLog {
  #bytes = Buffer.alloc(1024);
  length = 0;

  append(bytes: Uint8Array): void {
    while (this.length + bytes.length > this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)]);
    }
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  slice(from: number, to: number): Buffer {
    return this.#bytes.subarray(from, to);
  }
}

interface Stretch {
  /** What `from` and `to` are places in. */
  log: SpokenLog | undefined;
  own: Buffer | undefined;
  from: number;
  to: number;
}

const LF = 0x0a;

export class Owed {
  /** Those that are whole, from the first that is not sent. */
  #stretches: Stretch[] = [];
  #first = 0;
  /** Of the first, so many bytes are sent. */
  #offset = 0;
  #wholeBytes = 0;
  /** What it hears now, from a place on. */
  #hears: SpokenLog | undefined;
  #from = 0;
  #last = LF;
  sent = 0;
  /** Bytes that were said to it alone. */
  answered = 0;

  /** From now on it hears this. */
  hear(log: SpokenLog): void {
    this.#hears = log;
    this.#from = log.length;
  }

  /** What has been said until now is owed, and what comes is not. */
  stopHearing(): void {
    this.#catchUp();
    this.#hears = undefined;
  }

  /** What comes next stands behind all that was said. */
  #catchUp(): void {
    const log = this.#hears;
    if (log === undefined || log.length === this.#from) return;
    this.#push({ log, own: undefined, from: this.#from, to: log.length });
    this.#from = log.length;
  }

  say(bytes: Buffer): void {
    this.#catchUp();
    this.answered += bytes.length;
    if (bytes.length > 0) this.#push({ log: undefined, own: bytes, from: 0, to: bytes.length });
  }

  #push(stretch: Stretch): void {
    this.#stretches.push(stretch);
    this.#wholeBytes += stretch.to - stretch.from;
  }

  get bytes(): number {
    return this.#wholeBytes + this.#heard;
  }

  /** Bytes heard that are no stretch yet. */
  get #heard(): number {
    return this.#hears === undefined ? 0 : this.#hears.length - this.#from;
  }

  /** The bytes to be sent next, at most so many. */
  next(most: number): Buffer {
    if (most > this.#wholeBytes) this.#catchUp();
    const parts: Buffer[] = [];
    let left = most;
    for (let at = this.#first; left > 0 && at < this.#stretches.length; at++) {
      const part = this.#part(at, at === this.#first ? this.#offset : 0, left);
      parts.push(part);
      left -= part.length;
    }
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  }

  #part(index: number, skip: number, most: number): Buffer {
    const { log, own, from, to } = this.#stretches[index] as Stretch;
    const end = Math.min(from + skip + most, to);
    return own === undefined
      ? (log as SpokenLog).slice(from + skip, end)
      : own.subarray(from + skip, end);
  }

  startsWith(pieces: readonly Uint8Array[]): boolean {
    let bytes = 0;
    for (const piece of pieces) bytes += piece.length;
    const next = this.next(bytes);
    let at = 0;
    for (const piece of pieces) {
      if (at + piece.length > next.length) return false;
      if (next.compare(piece, 0, piece.length, at, at + piece.length) !== 0) return false;
      at += piece.length;
    }
    return true;
  }

  /** What has been sent is owed no more. @returns it */
  take(count: number): Buffer {
    const taken = this.next(count);
    this.sent += count;
    this.#wholeBytes -= count;
    this.#last = taken.at(-1) ?? this.#last;
    this.#offset += count;
    for (;;) {
      const stretch = this.#stretches[this.#first];
      if (stretch === undefined || this.#offset < stretch.to - stretch.from) break;
      this.#offset -= stretch.to - stretch.from;
      this.#first++;
    }
    if (this.#first > 64 && this.#first * 2 > this.#stretches.length) {
      this.#stretches = this.#stretches.slice(this.#first);
      this.#first = 0;
    }
    return taken;
  }

  /** Of what is owed, all but the rest of a line that it has part of is dropped. */
  dropAfterLine(): void {
    // What is said is whole lines, but for an answer to telnet, which ends with no LF.
    const isCut = this.#offset > 0 && this.#last !== LF;
    const rest = isCut ? this.next(this.bytes) : Buffer.alloc(0);
    const line = Buffer.from(rest.subarray(0, rest.indexOf(LF) + 1));
    this.#stretches = [];
    this.#first = 0;
    this.#offset = 0;
    this.#wholeBytes = 0;
    this.#from = this.#hears?.length ?? 0;
    this.say(line);
  }
}
