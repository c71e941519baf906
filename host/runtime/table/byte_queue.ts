/**
 * A queue of bytes, kept as the pieces that were pushed, and helpers for lists of pieces. The queue
 * has no limit of its own: its owner checks `length`.
 */

import { utf8 } from "../bytes.js";
export class ByteQueue {
  readonly #pieces: Uint8Array[] = [];
  /**
   * The index of the first piece that is still in the queue. The pieces before it have been read;
   * the array drops them in batches.
   */
  #first = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /**
   * Appends a piece without copying it. A caller that will change the bytes later passes a copy.
   */
  push(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#length += piece.length;
  }

  /** Copies bytes into the targets, in order, and removes them. @returns the number of bytes */
  read(targets: readonly Uint8Array[]): number {
    const copied = this.peek(targets);
    this.drop(copied);
    return copied;
  }

  /** Copies as {@link read} does, and removes nothing. */
  peek(targets: readonly Uint8Array[]): number {
    let copied = 0;
    let index = this.#first;
    let offset = 0;
    for (const target of targets) {
      let filled = 0;
      while (filled < target.length) {
        const piece = this.#pieces[index];
        if (piece === undefined) return copied;
        const part = piece.subarray(offset, offset + target.length - filled);
        target.set(part, filled);
        filled += part.length;
        copied += part.length;
        offset += part.length;
        if (offset < piece.length) continue;
        index++;
        offset = 0;
      }
    }
    return copied;
  }

  /** Removes and returns the first piece, or its first `most` bytes. Returns undefined if empty. */
  take(most: number): Uint8Array | undefined {
    const piece = this.#pieces[this.#first];
    if (piece === undefined || most <= 0) return undefined;
    const part = piece.subarray(0, most);
    this.drop(part.length);
    return part;
  }

  /** Removes the first `count` bytes. @throws if there are fewer */
  drop(count: number): void {
    let rest = count;
    while (rest > 0) {
      const piece = this.#pieces[this.#first];
      if (piece === undefined) throw new Error("more bytes dropped than there were");
      if (piece.length > rest) {
        this.#pieces[this.#first] = piece.subarray(rest);
        this.#length -= rest;
        return;
      }
      rest -= piece.length;
      this.#length -= piece.length;
      this.#first++;
    }
    if (this.#first < 64 || this.#first * 2 < this.#pieces.length) return;
    this.#pieces.splice(0, this.#first);
    this.#first = 0;
  }

  clear(): void {
    this.drop(this.#length);
  }
}

/** Returns the number of bytes in all pieces. */
export function totalLength(pieces: readonly Uint8Array[]): number {
  let total = 0;
  for (const piece of pieces) total += piece.length;
  return total;
}

/** Returns views of the first `most` bytes of the pieces. Nothing is copied. */
export function firstBytes(pieces: readonly Uint8Array[], most: number): Uint8Array[] {
  const kept: Uint8Array[] = [];
  let rest = most;
  for (const piece of pieces) {
    if (rest <= 0) break;
    kept.push(piece.subarray(0, rest));
    rest -= piece.length;
  }
  return kept;
}

/** Returns a copy of the first `most` bytes of the pieces, in one array. */
export function copyOf(pieces: readonly Uint8Array[], most: number): Uint8Array {
  const copy = new Uint8Array(Math.min(most, totalLength(pieces)));
  let at = 0;
  for (const piece of pieces) {
    const room = copy.length - at;
    if (room <= 0) break;
    copy.set(piece.length > room ? piece.subarray(0, room) : piece, at);
    at += piece.length;
  }
  return copy;
}

/** Returns text as UTF-8, or a copy of the bytes. */
export function bytesOf(content: string | Uint8Array): Uint8Array {
  // Bytes are copied, because the caller may change them later.
  return typeof content === "string" ? utf8(content) : content.slice();
}
