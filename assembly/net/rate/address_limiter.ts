/**
 * One address and all connections from it: how many they are, and how fast their lines together
 * are dealt with. Lines beyond that wait, and the connections take turns. Of a flood that does not
 * end, those are closed who sent no less of it than the average: whoever shares an address with a
 * flood, and says little, stays.
 */
import { Loop, Task, Timer } from "../../loop/loop";
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";
import { ConnectionLimits } from "../connection/connection_limits";
import { TokenBucket } from "./token_bucket";

const NONE: u64 = u64.MAX_VALUE;

/** The part of one connection in the lines of its address; its own limiter is one. */
export abstract class AddressShare {
  /** Lines of which flood, and the flood that its client has been told of. */
  _lines: u32 = 0;
  _flood: u32 = 0;
  _told: u32 = 0;

  /** The address has a turn for a line of this connection. */
  abstract _called(): void;
}

export class AddressLimiter extends Task {
  connections: i32 = 0;
  /** Whether it is on the book's list of those that nobody comes from now. */
  _isIdle: bool = false;

  private bucket: TokenBucket;
  private queue: Array<AddressShare> = [];
  private serving: AddressShare | null = null;
  private timer: Timer | null = null;
  /** When the present flood began, and its number: a rest begins a new one. */
  private since: u64 = NONE;
  private flood: u32 = 1;
  /** Lines since that rest, and the most connections that there have been. */
  private lines: u32 = 0;
  private connectionsMost: i32 = 0;

  constructor(
    /** What it is called in the book. */
    public key: string,
    private loop: Loop,
    private limits: ConnectionLimits,
  ) {
    super();
    this.bucket = new TokenBucket(limits.addressRate, limits.addressBurst, loop.now);
  }

  /** Whether there is a bound on its lines at all. */
  get isBounded(): bool {
    return this.limits.addressRate > 0;
  }

  /** Whether it may come again as if it had never been here. */
  get isRecovered(): bool {
    return !this.isBounded || this.tokens().isFull(this.loop.now);
  }

  join(): void {
    this.connections++;
    this.connectionsMost = max(this.connectionsMost, this.connections);
  }

  leave(): void {
    this.connections--;
  }

  /** Whether a line of this one may be dealt with now. */
  hasTurn(limiter: AddressShare): bool {
    if (!this.isBounded) return true;
    if (this.queue.length > 0 && this.serving !== limiter) return false;
    return this.tokens().wait(this.loop.now) == 0;
  }

  /** A line of this one is dealt with. */
  spend(limiter: AddressShare): void {
    if (!this.isBounded) return;
    const bucket = this.tokens();
    const now = this.loop.now;
    if (bucket.isHalfFull(now)) {
      this.since = NONE;
      this.lines = 0;
      this.connectionsMost = this.connections;
      this.flood++;
    }
    bucket.take(now);
    if (limiter._flood != this.flood) limiter._lines = 0;
    limiter._flood = this.flood;
    limiter._lines++;
    this.lines++;
  }

  /** The line of this one that is dealt with costs so many lines more. */
  charge(limiter: AddressShare, lines: u32): void {
    if (!this.isBounded) return;
    this.tokens().pay(this.loop.now, lines);
    limiter._lines += lines;
    this.lines += lines;
  }

  /** Puts this one at the end of those who wait. @returns whether it hears of this flood first */
  wait(limiter: AddressShare): bool {
    this.queue.push(limiter);
    this.arm();
    if (this.since == NONE) this.since = this.loop.now;
    const isNews = limiter._told != this.flood;
    limiter._told = this.flood;
    return isNews;
  }

  /** Whether the flood has gone on for too long, and this one has had its share of it. */
  isOverdue(limiter: AddressShare): bool {
    if (this.since == NONE || limiter._flood != this.flood) return false;
    const most = this.limits.floodSeconds * <f64>NANOSECONDS_PER_SECOND;
    if (<f64>(this.loop.now - this.since) <= most) return false;
    return <u64>limiter._lines * this.connectionsMost >= this.lines;
  }

  /** Gives turns to those who wait, as far as there are tokens. */
  run(): void {
    this.timer = null;
    const now = this.loop.now;
    while (this.queue.length > 0) {
      if (this.isBounded && this.tokens().wait(now) > 0) break;
      const next = this.queue.shift();
      this.serving = next;
      next._called();
      this.serving = null;
    }
    if (this.queue.length > 0) this.arm();
  }

  private arm(): void {
    if (this.timer !== null) return;
    const seconds = this.isBounded ? this.tokens().wait(this.loop.now) : 0;
    this.timer = this.loop.callLater(seconds, this);
  }

  private tokens(): TokenBucket {
    this.bucket.change(this.limits.addressRate, this.limits.addressBurst);
    return this.bucket;
  }
}
