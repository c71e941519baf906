/**
 * The bytes owed to one connection: pieces of shared chunks, in order, each sent once. Appending
 * cannot block, fail or reorder; whether too much is owed is for the connection to judge.
 */
import { AGAIN } from "../wasi/errno";
import { Fd, IOVEC_BYTES, sendVector, setVector } from "../wasi/socket";
import { Chunk } from "./chunk";
import { Traffic } from "./traffic";

/** Pieces handed over in one call. The host takes up to 1024; hardly anybody is owed this many. */
const GATHER_MOST: i32 = 64;
/** Sent pieces are cleared out of the list once there are this many of them. */
const COMPACT_LEAST: i32 = 64;
const NEWLINE: u8 = 0x0a;

const vectors = memory.data(512);

export class Outbox {
  /** Bytes owed. */
  bytes: u32 = 0;
  /** Bytes that the socket has taken. */
  sent: u64 = 0;

  private chunks: Array<Chunk> = [];
  /** Where each piece begins and ends in its chunk: from, to, from, to, ... */
  private spans: Array<u32> = [];
  /** Pieces before this one have been sent. */
  private first: i32 = 0;
  /** Whether the first piece has been sent in part. */
  private midPiece: bool = false;
  /** Bytes of the last attempt. */
  private gathered: i32 = 0;

  /** Owes the bytes `from` (included) to `to` (excluded) of a chunk, and holds the chunk. */
  append(chunk: Chunk, from: u32, to: u32): void {
    if (from == to) return;
    this.bytes += to - from;
    const last = this.chunks.length - 1;
    if (last >= this.first && this.chunks[last] === chunk && this.spans[last * 2 + 1] == from) {
      this.spans[last * 2 + 1] = to;
      return;
    }
    chunk.hold();
    this.chunks.push(chunk);
    this.spans.push(from);
    this.spans.push(to);
  }

  /**
   * Sends as much as the socket takes.
   *
   * @returns 0 (look at `bytes` for what is left), or -errno if the connection is broken
   */
  flush(fd: Fd): i32 {
    while (this.bytes > 0) {
      const sent = this.sendSome(fd);
      if (sent == -AGAIN) return 0;
      if (sent < 0) return sent;
      this.advance(sent);
      if (sent < this.gathered) return 0;
    }
    return 0;
  }

  /** Owes nothing any more. */
  clear(): void {
    for (let i = this.first; i < this.chunks.length; i++) this.chunks[i].release();
    this.forget();
    this.bytes = 0;
  }

  /**
   * Drops what is owed, except for the rest of a line that the peer has part of: what is appended
   * next begins on a line of its own. Pieces are whole lines, by the writers' agreement.
   */
  dropAfterLine(): void {
    if (this.bytes == 0) return;
    const chunk = this.chunks[this.first];
    const from = this.spans[this.first * 2];
    const to = this.spans[this.first * 2 + 1];
    let end = from;
    if (this.midPiece && load<u8>(chunk.at(from - 1)) != NEWLINE) {
      while (end < to && load<u8>(chunk.at(end)) != NEWLINE) end++;
      end = min(end + 1, to);
    }
    chunk.hold();
    this.clear();
    this.append(chunk, from, end);
    this.midPiece = end > from;
    chunk.release();
  }

  private sendSome(fd: Fd): i32 {
    const count = min(this.chunks.length - this.first, GATHER_MOST);
    this.gathered = 0;
    for (let i = 0; i < count; i++) {
      const piece = this.first + i;
      const from = this.spans[piece * 2];
      const length = this.spans[piece * 2 + 1] - from;
      setVector(vectors + <usize>i * IOVEC_BYTES, this.chunks[piece].at(from), length);
      this.gathered += length;
    }
    return sendVector(fd, vectors, count);
  }

  private advance(sent: i32): void {
    this.bytes -= sent;
    this.sent += sent;
    Traffic.sends.add(sent);
    let left: u32 = sent;
    while (left > 0) {
      const from = this.spans[this.first * 2];
      const length = this.spans[this.first * 2 + 1] - from;
      if (left < length) {
        this.spans[this.first * 2] = from + left;
        this.midPiece = true;
        return;
      }
      left -= length;
      this.chunks[this.first].release();
      this.first++;
      this.midPiece = false;
    }
    if (this.bytes == 0) this.forget();
    else if (this.first >= COMPACT_LEAST) this.compact();
  }

  private forget(): void {
    this.chunks.length = 0;
    this.spans.length = 0;
    this.first = 0;
    this.midPiece = false;
  }

  private compact(): void {
    this.chunks.splice(0, this.first);
    this.spans.splice(0, this.first * 2);
    this.first = 0;
  }
}
