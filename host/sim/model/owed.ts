/**
 * What one client is to get: stretches of what was said in the room, and what was said to it
 * alone, in order. The room's words are kept once, for all.
 */

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
  #lastSent = LF;
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
    for (let at = this.#first; at < this.#stretches.length; at++) bytes += this.#part(at).length;
    return bytes;
  }

  #part(index: number): Buffer {
    const stretch = this.#stretches[index];
    if (stretch === undefined) return Buffer.alloc(0);
    return stretch.own ?? this.log.slice(stretch.from, stretch.to ?? this.log.length);
  }

  /** The bytes to be sent next, at most so many. */
  next(most: number): Buffer {
    let part = this.#part(this.#first).subarray(this.#offset);
    if (part.length >= most) return part.subarray(0, most);
    const parts = [part];
    let left = most - part.length;
    for (let at = this.#first + 1; left > 0 && at < this.#stretches.length; at++) {
      part = this.#part(at).subarray(0, left);
      parts.push(part);
      left -= part.length;
    }
    return Buffer.concat(parts);
  }

  /** What has been sent is owed no more. */
  take(count: number): void {
    if (count === 0) return;
    this.#lastSent = this.next(count).at(-1) ?? LF;
    this.sent += count;
    this.#offset += count;
    for (;;) {
      const stretch = this.#stretches[this.#first];
      const length = this.#part(this.#first).length;
      const open = stretch?.own === undefined && stretch?.to === undefined;
      if (open || this.#offset < length) return;
      this.#offset -= length;
      this.#first++;
    }
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
