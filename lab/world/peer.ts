/** A client of the guest's, as the simulator holds it: the other end of one connection. */
import { textOf } from "../../host/runtime/bytes.js";
import { ByteQueue, bytesOf, copyOf } from "../../host/runtime/table/byte_queue.js";
import type { Listener } from "./listener.js";
import { StreamEnd, type StreamOptions } from "./stream.js";
import type { Written } from "./stdio.js";
import { Sdflags } from "../../host/runtime/abi.js";

/** A SYN that found the backlog full is sent again after so long. */
const SYN_RETRY_NS = 1_000_000_000;
const WRITE_BYTES = 65536;

export type PeerState = "connecting" | "connected" | "closed";

/** What a peer needs of its world. */
export interface PeerWorld {
  readonly now: number;
  after(nanoseconds: number, action: () => void): unknown;
}

export class Peer {
  /** What it has read, with the virtual time at which it came; see {@link Peer.keeps}. */
  readonly received: Written[] = [];
  /** Whether `received` is filled. Off, only `receivedBytes` and `onData` tell. */
  keeps = true;
  /** Whether it ends its side, too, once the guest has ended; otherwise it stays half open. */
  endsWithGuest = true;
  receivedBytes = 0;
  /** The guest has sent its last. */
  ended = false;
  /** The connection was reset by the guest, or because nobody read there any more. */
  wasReset = false;
  /** These are called as actions of the world, never from within a call of the guest's. */
  onData: ((bytes: Uint8Array) => void) | undefined;
  onEnd: (() => void) | undefined;
  onReset: (() => void) | undefined;

  #state: PeerState = "connecting";
  #end: StreamEnd | undefined;
  #paused = false;
  #reading = false;
  /** Written, and not yet taken by the connection. */
  readonly #backlog = new ByteQueue();
  #finishes = false;

  constructor(
    private readonly world: PeerWorld,
    private readonly listener: Listener,
    private readonly options: StreamOptions,
    /** Where it is, for those hosts that tell. */
    private readonly from: string,
  ) {
    this.#connect();
  }

  get state(): PeerState {
    return this.#state;
  }

  get text(): string {
    return textOf(
      copyOf(
        this.received.map((one) => one.bytes),
        Infinity,
      ),
    );
  }

  /** Bytes that were written and that the guest's side has not received. */
  get unsentBytes(): number {
    return this.#backlog.length + (this.#end?.unreceivedBytes ?? 0);
  }

  #connect(): void {
    if (this.#state !== "connecting") return;
    if (this.listener.isFull) {
      this.world.after(SYN_RETRY_NS, () => this.#connect());
      return;
    }
    const [end, guestEnd] = StreamEnd.pair(this.options, (ns, action) =>
      this.world.after(ns, action),
    );
    this.#end = end;
    this.#state = "connected";
    end.onArrival = () => this.#arrived(end);
    end.onRoom = () => this.#flush(end);
    guestEnd.remote = this.from;
    this.listener.enqueue(guestEnd);
    this.#flush(end);
  }

  /** Never blocks: what does not fit waits here. Ignored once the peer is closed. */
  write(content: string | Uint8Array): void {
    if (this.#state === "closed" || this.#finishes) return;
    this.#backlog.push(bytesOf(content));
    if (this.#end !== undefined) this.#flush(this.#end);
  }

  /** The last has been written; reading goes on. */
  end(): void {
    this.#finishes = true;
    if (this.#end !== undefined) this.#flush(this.#end);
  }

  /** Gives the socket up both ways, as a program that exits: a reset if something is unread. */
  close(): void {
    this.#state = "closed";
    this.#end?.close();
  }

  reset(): void {
    this.#state = "closed";
    this.#end?.reset();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    if (this.#end !== undefined) this.#arrived(this.#end);
  }

  #flush(end: StreamEnd): void {
    for (;;) {
      const piece = this.#backlog.take(WRITE_BYTES);
      if (piece === undefined) break;
      const sent = end.send([piece]);
      if (sent === piece.length) continue;
      // Full, or broken: in the latter case nobody will want it.
      if (sent >= 0 || !end.isDead) this.#unread(piece.subarray(Math.max(sent, 0)));
      return;
    }
    if (this.#finishes) end.shutdown(Sdflags.WR);
  }

  /** Puts what was taken in vain in front again. */
  #unread(piece: Uint8Array): void {
    const rest = this.#backlog.take(Infinity);
    const others: Uint8Array[] = [];
    for (let one = rest; one !== undefined; one = this.#backlog.take(Infinity)) others.push(one);
    this.#backlog.push(piece);
    for (const other of others) this.#backlog.push(other);
  }

  #arrived(end: StreamEnd): void {
    // A read makes room, so more arrives within it: that is for the next round of this loop.
    if (this.#reading) return;
    this.#reading = true;
    while (this.#readOnce(end));
    this.#reading = false;
  }

  /** @returns whether there may be more */
  #readOnce(end: StreamEnd): boolean {
    if (this.#paused || this.#state === "closed") return false;
    const got = end.take();
    if (typeof got !== "number") this.#take(got);
    else if (got === 0) this.#sawEnd();
    else if (end.isDead) this.#sawReset();
    return typeof got !== "number";
  }

  #take(bytes: Uint8Array): void {
    this.receivedBytes += bytes.length;
    if (this.keeps) this.received.push({ at: this.world.now, bytes });
    if (this.onData !== undefined) this.world.after(0, () => this.onData?.(bytes));
  }

  #sawEnd(): void {
    if (this.ended || this.wasReset) return;
    this.ended = true;
    if (this.endsWithGuest) this.world.after(0, () => this.end());
    if (this.onEnd !== undefined) this.world.after(0, () => this.onEnd?.());
  }

  #sawReset(): void {
    if (this.wasReset) return;
    this.wasReset = true;
    this.#state = "closed";
    if (this.onReset !== undefined) this.world.after(0, () => this.onReset?.());
  }
}
