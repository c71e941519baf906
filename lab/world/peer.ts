/** A simulated client: the other end of one of the guest's connections. */
import { textOf } from "../../host/runtime/bytes.js";
import { ByteQueue, bytesOf, copyOf } from "../../host/runtime/table/byte_queue.js";
import type { Listener } from "./listener.js";
import { StreamEnd, type StreamOptions } from "./stream.js";
import type { Written } from "./stdio.js";
import { Sdflags } from "../../host/runtime/abi.js";

/** A SYN that found the backlog full is sent again after this time. */
const SYN_RETRY_NS = 1_000_000_000;
const WRITE_BYTES = 65536;

export type PeerState = "connecting" | "connected" | "closed";

/** The part of the world that a peer needs. */
export interface PeerWorld {
  readonly now: number;
  after(nanoseconds: number, action: () => void): unknown;
}

export class Peer {
  /** The bytes that it read, with the virtual time of each piece; see {@link Peer.keeps}. */
  readonly received: Written[] = [];
  /** If false, `received` stays empty; `receivedBytes` and `onData` still work. */
  keeps = true;
  /**
   * If true, it ends its side once the guest has ended; otherwise the connection stays half open.
   */
  endsWithGuest = true;
  receivedBytes = 0;
  /** True once the guest has sent its FIN. */
  ended = false;
  /** True if the guest reset the connection, or sent an RST because its end was closed. */
  wasReset = false;
  /** These callbacks run as actions of the world, never within a call of the guest. */
  onData: ((bytes: Uint8Array) => void) | undefined;
  onEnd: (() => void) | undefined;
  onReset: (() => void) | undefined;

  #state: PeerState = "connecting";
  #end: StreamEnd | undefined;
  #paused = false;
  #reading = false;
  /** Written bytes that the connection has not taken yet. */
  readonly #backlog = new ByteQueue();
  #finishes = false;

  constructor(
    private readonly world: PeerWorld,
    private readonly listener: Listener,
    private readonly options: StreamOptions,
    /** The client's address, for hosts that report it. */
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

  /** Written bytes that the guest's end has not received. */
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

  /** Writes without blocking: bytes that do not fit are queued here. Ignored after a close. */
  write(content: string | Uint8Array): void {
    if (this.#state === "closed" || this.#finishes) return;
    this.#backlog.push(bytesOf(content));
    if (this.#end !== undefined) this.#flush(this.#end);
  }

  /** Shuts the write side once everything is sent; reading goes on. */
  end(): void {
    this.#finishes = true;
    if (this.#end !== undefined) this.#flush(this.#end);
  }

  /**
   * Closes the socket both ways, as the exit of a program does: with unread bytes it is a reset.
   */
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
      // The connection is full, or broken. If it is broken, the bytes are of no use any more.
      if (sent >= 0 || !end.isDead) this.#unread(piece.subarray(Math.max(sent, 0)));
      return;
    }
    if (this.#finishes) end.shutdown(Sdflags.WR);
  }

  /** Puts a piece that could not be sent back in front. */
  #unread(piece: Uint8Array): void {
    const rest = this.#backlog.take(Infinity);
    const others: Uint8Array[] = [];
    for (let one = rest; one !== undefined; one = this.#backlog.take(Infinity)) others.push(one);
    this.#backlog.push(piece);
    for (const other of others) this.#backlog.push(other);
  }

  #arrived(end: StreamEnd): void {
    // A read makes room, so that more may arrive during it. The loop below handles that.
    if (this.#reading) return;
    this.#reading = true;
    while (this.#readOnce(end));
    this.#reading = false;
  }

  /** @returns true if there may be more to read */
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
