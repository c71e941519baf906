/**
 * The outbox of one connection: the bytes that are queued for it, as ranges ("pieces") of shared
 * chunks, in order. Appending cannot block, fail or reorder. The connection decides when the outbox
 * is too full.
 */
import { AGAIN } from "../../wasi/errno";
import { Fd, sendVector } from "../../wasi/socket";
import { setVector, VECTOR_BYTES } from "../../wasi/vector";
import { Chunk } from "./chunk";
import { NO_PLACE, SocketFlag, SocketTable } from "./socket_table";

/** One gathered send has at most this many pieces; hosts take up to 1,024. @limit pieces */
const GATHER_MOST: i32 = 64;
/** A gathered send gets no more pieces once it has this many bytes. @limit bytes */
const GATHER_BYTES: i32 = 262_144;
/** The number of sent pieces from which on the list is compacted. */
const COMPACT_LEAST: i32 = 64;
/** The size of a chunk for copies of small pieces, in bytes. */
const OWN_BYTES: u32 = 4096;
/** A piece is copied if it takes at most 1/4 of the memory that it keeps alive. */
const COPY_SHARE: u32 = 4;
const NEWLINE: u8 = 0x0a;

const vectors = memory.data(512);

export class Outbox {
  /** The socket's place in the {@link SocketTable}; NO_PLACE after `free`. */
  place: i32;

  private owed: u32 = 0;
  private chunks: Array<Chunk> = [];
  /** The range of each piece in its chunk: from, to, from, to, ... */
  private spans: Array<u32> = [];
  /** The index of the first piece that has not been sent completely. */
  private first: i32 = 0;
  /** True if a part of the first piece has been sent. */
  private midPiece: bool = false;
  /** The number of bytes of the last gathered send. */
  private gathered: i32 = 0;
  /** The index of the first piece that {@link copySmallPieces} has not checked. */
  private checked: i32 = 0;
  /** The chunk that holds copies of small pieces. */
  private own: Chunk | null = null;

  constructor(fd: Fd) {
    this.place = SocketTable.add(fd);
  }

  /** The number of queued bytes. */
  get queuedBytes(): u32 {
    return this.owed;
  }

  /** The number of bytes that the socket has taken. */
  get sentBytes(): u64 {
    return SocketTable.sentBytes(this.place);
  }

  /** True if the outbox takes no new bytes. */
  get isEnded(): bool {
    return SocketTable.hasFlag(this.place, SocketFlag.ENDED);
  }

  /** Ends the outbox: it takes no new bytes. The queued bytes may still be sent. */
  stopAccepting(): void {
    SocketTable.setFlag(this.place, SocketFlag.ENDED, true);
  }

  /** Begins or ends gathering: the bytes of all chunks of a tick then go in one send. */
  setGathering(isGathered: bool): void {
    SocketTable.setFlag(this.place, SocketFlag.GATHERED, isGathered);
  }

  /** Frees the place in the table. Call it once, when no bytes are queued. */
  free(): void {
    assert(this.owed == 0, "an outbox is freed that owes something");
    SocketTable.remove(this.place);
    this.place = NO_PLACE;
  }

  /**
   * Queues the bytes from `from` up to, but not including, `to` of a chunk, and references the
   * chunk.
   */
  appendPiece(chunk: Chunk, from: u32, to: u32): void {
    if (from == to) return;
    this.setOwed(this.owed + to - from);
    const last = this.chunks.length - 1;
    if (last >= this.first && this.chunks[last] === chunk && this.spans[last * 2 + 1] == from) {
      this.spans[last * 2 + 1] = to;
      return;
    }
    chunk.retain();
    this.chunks.push(chunk);
    this.spans.push(from);
    this.spans.push(to);
  }

  /**
   * Queues the rest of the bytes `from` to `to` of a chunk, of which `sent` have been sent
   * directly.
   */
  appendRest(chunk: Chunk, from: u32, to: u32, sent: u32): void {
    assert(this.owed == 0, "something has been overtaken");
    if (sent > 0) SocketTable.countSent(this.place, sent);
    this.appendPiece(chunk, from + sent, to);
    this.midPiece = sent > 0 && this.owed > 0;
  }

  /**
   * Sends as many queued bytes as the socket takes.
   *
   * @returns 0 (`bytes` is the number of bytes left), or -errno if the connection is broken
   */
  flush(): i32 {
    while (this.owed > 0) {
      const sent = this.sendSome();
      if (sent == -AGAIN) return 0;
      if (sent < 0) return sent;
      this.advance(sent);
      if (sent < this.gathered) return 0;
    }
    return 0;
  }

  /** Drops all queued bytes. */
  clear(): void {
    for (let i = this.first; i < this.chunks.length; i++) this.chunks[i].release();
    this.forgetPieces();
    this.setOwed(0);
  }

  /** The memory that this outbox holds, in bytes. A shared chunk counts in equal shares. */
  get memoryShare(): u64 {
    let weight: u64 = 0;
    for (let i = this.first; i < this.chunks.length; i++) weight += this.chunks[i].bytesPerHolder;
    return weight;
  }

  /**
   * Copies small pieces out of large chunks that few other outboxes hold, so that a few queued
   * bytes do not keep much memory alive. Call it after a delivery round: the outboxes that are
   * empty by then have released their chunks, so that the shares count only clients that are
   * behind.
   */
  copySmallPieces(): void {
    // Sending shortens only the first piece. The share of another piece may have grown, since other
    // outboxes have released the chunk: it is checked again when it is first. Until then, these
    // outboxes hold no more memory than before together, and `weight` counts it.
    if (this.first < this.checked) this.copyIfSmall(this.first);
    // Checks the new pieces, and joins copies that lie side by side in the outbox's own chunk.
    let kept = max(this.checked, this.first);
    for (let i = kept; i < this.chunks.length; i++) {
      const isCopied = this.copyIfSmall(i);
      const chunk = this.chunks[i];
      const from = this.spans[i * 2];
      const to = this.spans[i * 2 + 1];
      const isNext = kept > this.first && this.chunks[kept - 1] === chunk;
      if (isCopied && isNext && this.spans[kept * 2 - 1] == from) {
        this.spans[kept * 2 - 1] = to;
        chunk.release();
        continue;
      }
      this.chunks[kept] = chunk;
      this.spans[kept * 2] = from;
      this.spans[kept * 2 + 1] = to;
      kept++;
    }
    this.chunks.length = kept;
    this.spans.length = kept * 2;
    this.checked = kept;
  }

  /**
   * Drops the queued bytes, except the rest of a line of which the peer has a part, so that the
   * next bytes begin a new line. Writers must append whole lines.
   */
  dropAfterLine(): void {
    if (this.owed == 0) return;
    const chunk = this.chunks[this.first];
    const from = this.spans[this.first * 2];
    const to = this.spans[this.first * 2 + 1];
    let end = from;
    if (this.midPiece && load<u8>(chunk.addressOf(from - 1)) != NEWLINE) {
      while (end < to && load<u8>(chunk.addressOf(end)) != NEWLINE) end++;
      end = min(end + 1, to);
    }
    chunk.retain();
    this.clear();
    this.appendPiece(chunk, from, end);
    this.midPiece = end > from;
    chunk.release();
  }

  private sendSome(): i32 {
    const most = min(this.chunks.length - this.first, GATHER_MOST);
    let count = 0;
    this.gathered = 0;
    while (count < most && this.gathered < GATHER_BYTES) {
      const piece = this.first + count;
      const from = this.spans[piece * 2];
      const length = this.spans[piece * 2 + 1] - from;
      setVector(vectors + <usize>count * VECTOR_BYTES, this.chunks[piece].addressOf(from), length);
      this.gathered += length;
      count++;
    }
    return sendVector(SocketTable.fdAt(this.place), vectors, count);
  }

  /** Copies a piece, if that frees memory. @returns true if it was copied */
  private copyIfSmall(piece: i32): bool {
    const chunk = this.chunks[piece];
    const from = this.spans[piece * 2];
    // A piece that was sent in part keeps its last sent byte, which tells if a line was cut.
    const extra: u32 = this.midPiece && piece == this.first ? 1 : 0;
    const length = this.spans[piece * 2 + 1] - from + extra;
    if (chunk === this.own || length > chunk.bytesPerHolder / COPY_SHARE) return false;
    const own = this.roomFor(length);
    const place = own.length + extra;
    memory.copy(own.endAddress, chunk.addressOf(from - extra), length);
    own.addWritten(length);
    own.retain();
    chunk.release();
    this.chunks[piece] = own;
    this.spans[piece * 2] = place;
    this.spans[piece * 2 + 1] = own.length;
    return true;
  }

  /** Returns a chunk of the outbox's own with room for `bytes` bytes. */
  private roomFor(bytes: u32): Chunk {
    let own = this.own;
    if (own === null || own.bytesLeft < bytes) {
      if (own !== null) own.release();
      own = Chunk.ofBytes(max(bytes, OWN_BYTES));
      this.own = own;
    }
    return own;
  }

  private setOwed(bytes: u32): void {
    this.owed = bytes;
    SocketTable.setFlag(this.place, SocketFlag.OWED, bytes > 0);
  }

  private advance(sent: i32): void {
    this.setOwed(this.owed - sent);
    SocketTable.countSent(this.place, sent);
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
    if (this.owed == 0) this.forgetPieces();
    else if (this.first >= COMPACT_LEAST) this.dropSentPieces();
  }

  private forgetPieces(): void {
    const own = this.own;
    if (own !== null) own.release();
    this.own = null;
    this.checked = 0;
    this.chunks.length = 0;
    this.spans.length = 0;
    this.first = 0;
    this.midPiece = false;
  }

  private dropSentPieces(): void {
    this.chunks.splice(0, this.first);
    this.spans.splice(0, this.first * 2);
    this.checked = max(this.checked - this.first, 0);
    this.first = 0;
  }
}
