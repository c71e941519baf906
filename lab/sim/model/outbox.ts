/**
 * The bytes that the server owes one client, in order: spans of its broadcast group's log, and
 * bytes for this client alone. The bytes of a group are stored once.
 */

/** All bytes that were sent to one broadcast group, from the first on. */
export class GroupLog {
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

interface Span {
  /** The log that `from` and `to` are offsets in; undefined if the bytes are the client's own. */
  log: GroupLog | undefined;
  own: Buffer | undefined;
  from: number;
  to: number;
}

const LF = 0x0a;

export class Outbox {
  /** Finished spans; `#first` is the index of the first that is not sent. */
  #spans: Span[] = [];
  #first = 0;
  /** Bytes of the first span that are sent. */
  #offset = 0;
  #wholeBytes = 0;
  /** The log of its broadcast group, and the offset up to which it is in a span. */
  #groupLog: GroupLog | undefined;
  #from = 0;
  #last = LF;
  sent = 0;
  /** Bytes for this client alone, since it connected. */
  answered = 0;

  /** Joins a broadcast group: the client gets all bytes that the log gets from now on. */
  subscribe(log: GroupLog): void {
    this.#groupLog = log;
    this.#from = log.length;
  }

  /** Leaves the broadcast group: the client gets the bytes of the log until now, and no more. */
  unsubscribe(): void {
    this.#catchUp();
    this.#groupLog = undefined;
  }

  /** Makes a span of the group's bytes until now, so that the next bytes come after them. */
  #catchUp(): void {
    const log = this.#groupLog;
    if (log === undefined || log.length === this.#from) return;
    this.#push({ log, own: undefined, from: this.#from, to: log.length });
    this.#from = log.length;
  }

  say(bytes: Buffer): void {
    this.#catchUp();
    this.answered += bytes.length;
    if (bytes.length > 0) this.#push({ log: undefined, own: bytes, from: 0, to: bytes.length });
  }

  #push(span: Span): void {
    this.#spans.push(span);
    this.#wholeBytes += span.to - span.from;
  }

  get bytes(): number {
    return this.#wholeBytes + this.#groupBytes;
  }

  /** Bytes of the group that are in no span yet. */
  get #groupBytes(): number {
    return this.#groupLog === undefined ? 0 : this.#groupLog.length - this.#from;
  }

  /** Returns the bytes that must be sent next, at most `most` of them. */
  next(most: number): Buffer {
    if (most > this.#wholeBytes) this.#catchUp();
    const parts: Buffer[] = [];
    let left = most;
    for (let at = this.#first; left > 0 && at < this.#spans.length; at++) {
      const part = this.#part(at, at === this.#first ? this.#offset : 0, left);
      parts.push(part);
      left -= part.length;
    }
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  }

  #part(index: number, skip: number, most: number): Buffer {
    const { log, own, from, to } = this.#spans[index] as Span;
    const end = Math.min(from + skip + most, to);
    return own === undefined
      ? (log as GroupLog).slice(from + skip, end)
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

  /**
   * Removes bytes from the front, since the socket took them.
   *
   * @returns these bytes
   */
  take(count: number): Buffer {
    const taken = this.next(count);
    this.sent += count;
    this.#wholeBytes -= count;
    this.#last = taken.at(-1) ?? this.#last;
    this.#offset += count;
    for (;;) {
      const span = this.#spans[this.#first];
      if (span === undefined || this.#offset < span.to - span.from) break;
      this.#offset -= span.to - span.from;
      this.#first++;
    }
    if (this.#first > 64 && this.#first * 2 > this.#spans.length) {
      this.#spans = this.#spans.slice(this.#first);
      this.#first = 0;
    }
    return taken;
  }

  /** Drops everything but the rest of a line that the socket took in part. */
  dropAfterLine(): void {
    // Everything in an outbox is whole lines, except an answer to telnet, which does not end with
    // LF.
    const isCut = this.#offset > 0 && this.#last !== LF;
    const rest = isCut ? this.next(this.bytes) : Buffer.alloc(0);
    const line = Buffer.from(rest.subarray(0, rest.indexOf(LF) + 1));
    this.#spans = [];
    this.#first = 0;
    this.#offset = 0;
    this.#wholeBytes = 0;
    this.#from = this.#groupLog?.length ?? 0;
    this.say(line);
  }
}
