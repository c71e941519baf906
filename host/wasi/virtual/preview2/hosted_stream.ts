/**
 * A connection as a host of WASI 0.2 holds it for its component. Between the two there is the rest
 * of the last write: the component is told that all was taken, and may not write again before it is
 * through. A stream is called readable until a read has found nothing.
 */
import { Errno, Filetype, Sdflags } from "../../abi.js";
import { copyOf } from "../byte_queue.js";
import { Descriptor, Ready } from "../descriptor.js";
import type { After, StreamEnd } from "../stream.js";
import { type Line, socketPermit } from "./line.js";

/** How long the rest of a write waits that a fault has cut. */
const CUT_NS = 200_000;

type Sending = "open" | "closing" | "closed" | "failed";

export class HostedStream extends Descriptor {
  override filetype: number = Filetype.SOCKET_STREAM;
  override nonBlocking = true;
  override readonly takesAll = true;
  #isDoubtful = false;
  #isOver = false;
  #sending: Sending = "open";
  /** What is left of the last write. */
  #rest: Uint8Array | undefined;
  #isHeld = false;
  #isPumping = false;
  /** What the next write hands on at once, at most. */
  #most = Infinity;
  /** Bytes of the permit that was given last, and not used. */
  #permitted = 0;

  constructor(
    private readonly end: StreamEnd,
    private readonly line: Line,
    private readonly after: After,
  ) {
    super();
    end.onRoom = () => this.#pump();
    end.onArrival = () => this.#pump();
  }

  /** Bytes that were taken and are not on their way yet. */
  get restBytes(): number {
    return this.#rest?.length ?? 0;
  }

  /** Whether something was read since a read found nothing. */
  get isDoubtful(): boolean {
    return this.#isDoubtful;
  }

  foundNothing(): void {
    this.#isDoubtful = false;
  }

  foundBroken(): void {
    this.#isDoubtful = false;
    this.#isOver = true;
  }

  /** Where the peer is. */
  get remote(): string | undefined {
    return this.end.remote;
  }

  override revents(): number {
    const seen = this.end.revents();
    const broken = seen & (Ready.HUP | Ready.ERR);
    let ready = 0;
    if ((seen & Ready.IN) !== 0 || broken !== 0 || this.#isDoubtful || this.#isOver) {
      ready |= Ready.IN;
    }
    const isFree = this.#rest === undefined;
    const canGo = this.#sending !== "open" || (seen & Ready.OUT) !== 0 || broken !== 0;
    if (isFree && canGo) ready |= Ready.OUT;
    return ready;
  }

  /** What has been written may go into a buffer of so many bytes. */
  enlarge(bytes: number): void {
    this.end.enlarge(bytes);
  }

  override readableBytes(): number {
    return this.end.readableBytes();
  }

  override recv(targets: readonly Uint8Array[]): number {
    if (this.#isOver) return 0;
    const got = this.end.recv(targets, false);
    this.#isDoubtful = got > 0;
    if (got <= 0 && got !== -Errno.AGAIN) this.#isOver = true;
    return got;
  }

  /** Bytes that one write may have now, or a negated errno: PIPE if it is closed. */
  permit(): number {
    if (this.#sending === "failed") {
      if (this.line === 36) this.#sending = "closed";
      return -Errno.CONNRESET;
    }
    if (this.#sending === "closed") return -Errno.PIPE;
    this.#permitted = (this.revents() & Ready.OUT) !== 0 ? socketPermit(this.line) : 0;
    return this.#permitted;
  }

  /**
   * Whether a write may be tried. The older line forbids it only while the last one is under way;
   * the younger wants it permitted, each by its own permit.
   */
  mayWrite(bytes: number): boolean {
    if (this.#sending === "closed") return true;
    if (this.#sending !== "open" || this.#rest !== undefined) return false;
    return this.line === 36 || bytes <= this.#permitted;
  }

  /** The next write shall not go through at once. */
  cut(mostBytes: number): void {
    this.#most = mostBytes;
  }

  /** Takes all of it, or fails. */
  override send(pieces: readonly Uint8Array[]): number {
    if (this.#sending !== "open") return -Errno.PIPE;
    const content = copyOf(pieces, Infinity);
    if (content.length === 0) return 0;
    this.#permitted = 0;
    const sent = this.end.send([content.subarray(0, this.#most)]);
    if (sent < 0 && sent !== -Errno.AGAIN) {
      if (sent === -Errno.PIPE) this.#sending = "closed";
      // The younger line goes on to say so.
      else if (this.line === 48) this.#sending = "failed";
      return sent;
    }
    const gone = Math.max(0, sent);
    if (gone < content.length) this.#rest = content.subarray(gone);
    if (this.#most !== Infinity && this.#rest !== undefined) {
      this.#isHeld = true;
      this.after(CUT_NS, () => {
        this.#isHeld = false;
        this.#pump();
      });
    }
    this.#most = Infinity;
    this.#pump();
    return content.length;
  }

  override shutdown(how: number): number {
    if ((how & Sdflags.RD) !== 0) this.#isOver = true;
    if ((how & Sdflags.WR) !== 0 && this.#sending === "open") {
      this.#sending = "closing";
      this.#pump();
    }
    return 0;
  }

  /** The output stream is given up, with what is left of the last write. @returns those bytes */
  abandon(): number {
    const lost = this.restBytes;
    this.#rest = undefined;
    if (this.#sending === "closing") this.end.shutdown(Sdflags.WR);
    this.#sending = "closed";
    // The younger line ends the direction by itself.
    if (this.line === 48) this.end.shutdown(Sdflags.WR);
    return lost;
  }

  override break(): void {
    this.end.break();
    this.#pump();
  }

  override close(): void {
    this.#rest = undefined;
    this.end.close();
  }

  /** Hands on what is left, as far as there is room. */
  #pump(): void {
    // What is sent may arrive, and make room, before the call is over.
    if (this.#isPumping) return;
    this.#isPumping = true;
    this.#handOn();
    this.#isPumping = false;
  }

  #handOn(): void {
    while (this.#rest !== undefined && !this.#isHeld) {
      const sent = this.end.send([this.#rest]);
      if (sent === -Errno.AGAIN) return;
      if (sent < 0) {
        this.#rest = undefined;
        this.#sending = sent === -Errno.PIPE && this.line === 48 ? "closed" : "failed";
        return;
      }
      this.#rest = sent < this.#rest.length ? this.#rest.subarray(sent) : undefined;
    }
    if (this.#sending !== "closing" || this.#rest !== undefined) return;
    this.#sending = "closed";
    this.end.shutdown(Sdflags.WR);
  }
}
