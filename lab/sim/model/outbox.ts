/**
 * The bytes that the server owes one client, in order: spans of its broadcast group's log, and
 * bytes for this client alone. The bytes of a group are stored once.
 */

/** All bytes that were sent to one broadcast group, from the first on. */
export class GroupLog {
  #bytes = Buffer.alloc(1024);
  length = 0;

  /** @param written the logs with bytes that the guest has not delivered, in their order */
  constructor(private readonly written: GroupLog[]) {}

  append(bytes: Uint8Array): void {
    if (!this.written.includes(this)) this.written.push(this);
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
  /** The log that `from` and `to` are offsets in; undefined if `own` has the bytes. */
  log: GroupLog | undefined;
  own: Buffer | undefined;
  from: number;
  to: number;
}

/** A broadcast group that the client is in. */
interface Subscription {
  log: GroupLog;
  /** The offset in the log up to which its bytes are in a span. */
  from: number;
}

const LF = 0x0a;

export class Outbox {
  /** Finished spans; `#first` is the index of the first that is not sent. */
  #spans: Span[] = [];
  #first = 0;
  /** Bytes of the first span that are sent. */
  #offset = 0;
  #wholeBytes = 0;
  /** Its broadcast groups, in the order in which it joined them. */
  #subscriptions: Subscription[] = [];
  #last = LF;
  sent = 0;
  /** Bytes for this client alone, since it connected. */
  answered = 0;

  /** Joins a broadcast group: the client gets all bytes that the log gets from now on. */
  subscribe(log: GroupLog): void {
    this.#subscriptions.push({ log, from: log.length });
  }

  /** Leaves a broadcast group: the client gets the bytes of the log until now, and no more. */
  unsubscribe(log: GroupLog): void {
    this.catchUp(log);
    this.#subscriptions = this.#subscriptions.filter((one) => one.log !== log);
  }

  /** Turns the bytes of a group so far into a span, so that the next bytes come after them. */
  catchUp(log: GroupLog): void {
    const one = this.#subscriptions.find((subscription) => subscription.log === log);
    if (one === undefined || log.length === one.from) return;
    this.#push({ log, own: undefined, from: one.from, to: log.length });
    one.from = log.length;
  }

  /** Drops the bytes of a group so far that are in no span. */
  skip(log: GroupLog): void {
    const one = this.#subscriptions.find((subscription) => subscription.log === log);
    if (one !== undefined) one.from = log.length;
  }

  /** Handles the report that the guest delivers these groups, in this order. */
  deliver(logs: readonly GroupLog[]): void {
    if (this.#subscriptions.length < 2) return;
    for (const log of logs) this.catchUp(log);
  }

  #catchUpAll(): void {
    for (const { log } of this.#subscriptions) this.catchUp(log);
  }

  say(bytes: Buffer): void {
    this.#catchUpAll();
    this.answered += bytes.length;
    if (bytes.length > 0) this.#push({ log: undefined, own: bytes, from: 0, to: bytes.length });
  }

  #push(span: Span): void {
    this.#spans.push(span);
    this.#wholeBytes += span.to - span.from;
  }

  get bytes(): number {
    let bytes = this.#wholeBytes;
    for (const { log, from } of this.#subscriptions) bytes += log.length - from;
    return bytes;
  }

  /** Returns the bytes that must be sent next, at most `most` of them. */
  next(most: number): Buffer {
    if (most > this.#wholeBytes) this.#catchUpAll();
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
    for (const one of this.#subscriptions) one.from = one.log.length;
    this.say(line);
  }
}
