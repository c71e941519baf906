/**
 * What one client is to get: stretches of what was said in the room, and what was said to it
 * alone, in order. The room's words are kept once, for all.
 */
import { totalLength } from "../../wasi/virtual/byte_queue.js";

/** Everything said in a room, from the first byte on. */
export class RoomLog {
  #bytes = Buffer.alloc(65536);
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
  /** Of the room's log; undefined: `own` it is. */
  from: number;
  /** Undefined: to the end, and on. */
  to: number | undefined;
  own: Buffer | undefined;
}

const LF = 0x0a;

export class Owed {
  readonly #stretches: Stretch[] = [];
  /** Stretches before this one are sent; of it, so many bytes. */
  #first = 0;
  #offset = 0;
  sent = 0;

  constructor(private readonly log: RoomLog) {}

  /** From now on it hears the room. */
  join(): void {
    this.#stretches.push({ from: this.log.length, to: undefined, own: undefined });
  }

  leave(): void {
    const last = this.#stretches.at(-1);
    if (last !== undefined && last.own === undefined) last.to ??= this.log.length;
  }

  get isMember(): boolean {
    const last = this.#stretches.at(-1);
    return last !== undefined && last.own === undefined && last.to === undefined;
  }

  say(text: string): void {
    const member = this.isMember;
    this.leave();
    this.#stretches.push({ from: 0, to: undefined, own: Buffer.from(text) });
    if (member) this.join();
  }

  get bytes(): number {
    let bytes = -this.#offset;
    for (let at = this.#first; at < this.#stretches.length; at++) bytes += this.#lengthAt(at);
    return bytes;
  }

  /** Asked often: no view of the log is made for it. */
  #lengthAt(index: number): number {
    const stretch = this.#stretches[index];
    if (stretch === undefined) return 0;
    return stretch.own?.length ?? (stretch.to ?? this.log.length) - stretch.from;
  }

  #part(index: number, from: number, most: number): Buffer {
    const stretch = this.#stretches[index];
    if (stretch === undefined) return Buffer.alloc(0);
    const to = Math.min(from + most, this.#lengthAt(index));
    if (stretch.own !== undefined) return stretch.own.subarray(from, to);
    return this.log.slice(stretch.from + from, stretch.from + to);
  }

  /** The bytes to be sent next, at most so many. */
  next(most: number): Buffer {
    const first = this.#part(this.#first, this.#offset, most);
    if (first.length === most) return first;
    const parts = [first];
    let left = most - first.length;
    for (let at = this.#first + 1; left > 0 && at < this.#stretches.length; at++) {
      const part = this.#part(at, 0, left);
      parts.push(part);
      left -= part.length;
    }
    return Buffer.concat(parts);
  }

  startsWith(pieces: readonly Uint8Array[]): boolean {
    const next = this.next(totalLength(pieces));
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
    this.#offset += count;
    for (;;) {
      const stretch = this.#stretches[this.#first];
      const length = this.#lengthAt(this.#first);
      const open = stretch?.own === undefined && stretch?.to === undefined;
      if (open || this.#offset < length) return taken;
      this.#offset -= length;
      this.#first++;
    }
  }

  /** What was sent last; a line's end if that was nothing. */
  get #lastSent(): number | undefined {
    let [index, offset] = [this.#first, this.#offset];
    while (offset === 0 && index > 0) offset = this.#lengthAt(--index);
    return offset === 0 ? LF : this.#part(index, offset - 1, 1)[0];
  }

  /** What a client hears that is cut off: the rest of a line that it has part of, and a reason. */
  cutOff(words: string): Buffer {
    if (this.#lastSent === LF) return Buffer.from(words);
    const rest = this.next(this.bytes);
    const end = rest.indexOf(LF);
    return Buffer.concat([rest.subarray(0, end + 1), Buffer.from(words)]);
  }

  /** Nothing else is owed any more. */
  replace(bytes: Buffer): void {
    this.#stretches.length = 0;
    this.#stretches.push({ from: 0, to: undefined, own: bytes });
    this.#first = 0;
    this.#offset = 0;
  }
}
