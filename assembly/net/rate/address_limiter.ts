/**
 * The rate limit of one address, and its number of connections. Its connections share one token
 * bucket. Without a token their lines wait, and the connections take turns. If a flood lasts too
 * long, the connections that sent at least the average number of its lines are closed. So a quiet
 * client that shares an address with a flood stays.
 */
import { Loop, Task, Timer } from "../../loop/loop";
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";
import { ConnectionLimits } from "../connection/connection_limits";
import { TokenBucket } from "./token_bucket";

const NONE: u64 = u64.MAX_VALUE;

/** One connection's share in the lines of its address. Its own limiter is a subclass. */
export abstract class AddressShare {
  /**
   * The number of lines in a flood, the number of that flood, and the last flood that the client
   * was warned of.
   */
  _lines: u32 = 0;
  _flood: u32 = 0;
  _told: u32 = 0;

  /** Gives this connection the address's turn to handle a line. */
  abstract _called(): void;
}

export class AddressLimiter extends Task {
  connections: i32 = 0;
  /** True if it is in the registry's list of addresses without connections. */
  _isIdle: bool = false;

  private bucket: TokenBucket;
  private queue: Array<AddressShare> = [];
  private serving: AddressShare | null = null;
  private timer: Timer | null = null;
  /** The time when the current flood began, and its number. A quiet time begins a new one. */
  private since: u64 = NONE;
  private flood: u32 = 1;
  /** The number of lines since that quiet time, and the largest number of connections. */
  private lines: u32 = 0;
  private connectionsMost: i32 = 0;

  constructor(
    /** The key in the registry. */
    public key: string,
    private loop: Loop,
    private limits: ConnectionLimits,
  ) {
    super();
    this.bucket = new TokenBucket(limits.addressRate, limits.addressBurst, loop.now);
  }

  /** True if the lines of the address are limited. */
  get isBounded(): bool {
    return this.limits.addressRate > 0;
  }

  /** True if the address has no debt left, so that it can be forgotten. */
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

  /** Returns true if a line of this connection may be handled now. */
  hasTurn(limiter: AddressShare): bool {
    if (!this.isBounded) return true;
    if (this.queue.length > 0 && this.serving !== limiter) return false;
    return this.tokens().wait(this.loop.now) == 0;
  }

  /** Counts a line of this connection. */
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

  /**
   * Queues this connection for a turn.
   *
   * @returns true if its client has not been warned of this flood
   */
  wait(limiter: AddressShare): bool {
    this.queue.push(limiter);
    this.arm();
    if (this.since == NONE) this.since = this.loop.now;
    const isNews = limiter._told != this.flood;
    limiter._told = this.flood;
    return isNews;
  }

  /** Returns true if the flood has lasted too long and this connection has sent its share of it. */
  isOverdue(limiter: AddressShare): bool {
    if (this.since == NONE || limiter._flood != this.flood) return false;
    const most = this.limits.floodSeconds * <f64>NANOSECONDS_PER_SECOND;
    if (<f64>(this.loop.now - this.since) <= most) return false;
    return <u64>limiter._lines * this.connectionsMost >= this.lines;
  }

  /** Gives turns to waiting connections, as far as there are tokens. */
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
