/**
 * The rate limit of one address, and its number of connections. Its connections share one token
 * bucket. Without a token their lines wait, and the connections take turns of one line each.
 *
 * A line with a long answer costs many tokens. Near the end of the tokens, the bucket bears only a
 * part of them, so that all waiting connections get a turn soon. The connection's own limiter bears
 * the whole cost in any case.
 *
 * A period begins with the first line after the bucket was half full. A flood is the part of it
 * from the first waiting line on. If a flood lasts too long, the connections that sent at least the
 * average number of lines in the period are closed. So a quiet client that shares an address with a
 * flood stays.
 *
 * All connections whose addresses are unknown share one limiter, with larger limits.
 */
import { Loop, Task, Timer } from "../../loop/loop";
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";
import { ConnectionLimits } from "../connection/connection_limits";
import { Allowance } from "./allowance";
import { TokenBucket } from "./token_bucket";

const NONE: u64 = u64.MAX_VALUE;
/** An address may use its arrivals of this time at once. @limit seconds */
export const ARRIVALS_SECONDS: f64 = 30;
/**
 * The further costs of one line from each connection of an address take at most the tokens of this
 * time once the tokens are used up. @limit seconds
 */
export const ROUND_SECONDS: f64 = 0.5;
/** A charge for the length of a line or its answers takes this part of the tokens at most. */
const CHARGE_PART: f64 = 0.1;
/**
 * Waiting clients get their turns at multiples of this time. Then one send to each member of a room
 * carries the lines of many clients. @limit nanoseconds
 */
export const TURN_NANOSECONDS: u64 = 50_000_000;

/**
 * One connection's share in the lines of its address. RateLimiter, the connection's own limiter, is
 * a subclass.
 */
export abstract class AddressShare {
  /** The number of its lines in the last period in which it sent lines. */
  _periodLines: u32 = 0;
  /** The number of that period. */
  _periodNumber: u32 = 0;
  /** The number of the last period in which the client was warned of a flood. */
  _warnedPeriod: u32 = 0;

  /** Gives this connection the address's turn to handle a line. */
  abstract _takeAddressTurn(): void;
}

export class AddressLimiter extends Task {
  connections: i32 = 0;
  /** True if it is in the registry's list of addresses without connections. */
  _isIdle: bool = false;

  private bucket!: TokenBucket;
  private arrivals: Allowance = new Allowance();
  private rooms: Allowance = new Allowance();
  private queue: Array<AddressShare> = [];
  private serving: AddressShare | null = null;
  private timer: Timer | null = null;
  /** The time when the current flood began, in nanoseconds of the loop's clock, or NONE. */
  private floodStart: u64 = NONE;
  /** The number of the current period. */
  private periodNumber: u32 = 1;
  /** The number of lines in the current period. */
  private periodLines: u32 = 0;
  /** The most connections at a time in the current period. */
  private connectionsMost: i32 = 0;

  constructor(
    /** The key in the registry; empty for the limiter of all clients with unknown addresses. */
    public key: string,
    private loop: Loop,
    private limits: ConnectionLimits,
  ) {
    super();
    const share = this.limitFactor;
    this.bucket = new TokenBucket(
      limits.addressRate * share,
      limits.addressBurst * share,
      loop.now,
    );
  }

  /** True if the lines of the address are limited. */
  get isBounded(): bool {
    return this.limits.addressRate > 0 && this.limitFactor > 0;
  }

  /** True if the address has as many connections as it may have. */
  get isCrowded(): bool {
    const most = this.limits.maxPerAddress;
    return most > 0 && this.key != "" && this.connections >= most;
  }

  /** True if the address has no debt left, so that it can be forgotten. */
  get isRecovered(): bool {
    const now = this.loop.now;
    if (!this.arrivals.isFull(now) || !this.rooms.isFull(now)) return false;
    return !this.isBounded || this.currentBucket().isFull(now);
  }

  addConnection(): void {
    this.connections++;
    this.connectionsMost = max(this.connectionsMost, this.connections);
  }

  removeConnection(): void {
    this.connections--;
  }

  /** Counts an arrival. @returns false if there are too many */
  countArrival(): bool {
    const rate = this.limits.addressArrivals * this.limitFactor;
    return this.arrivals.use(rate, rate * ARRIVALS_SECONDS, this.loop.now);
  }

  /** Counts a new room. @returns false if there are too many */
  countNewRoom(): bool {
    return this.rooms.useOnce(this.limits.addressRooms * this.limitFactor, this.loop.now);
  }

  /** Returns true if a line of this connection may be handled now. */
  hasTurn(limiter: AddressShare): bool {
    if (!this.isBounded) return true;
    if (this.queue.length > 0 && this.serving !== limiter) return false;
    return this.currentBucket().secondsUntilToken(this.loop.now) == 0;
  }

  /** Counts a line of this connection. */
  countLine(limiter: AddressShare): void {
    if (!this.isBounded) return;
    const bucket = this.currentBucket();
    const now = this.loop.now;
    if (bucket.isHalfFull(now)) {
      this.floodStart = NONE;
      this.periodLines = 0;
      this.connectionsMost = this.connections;
      this.periodNumber++;
    }
    bucket.takeToken(now);
    // A turn is one line, whatever it costs: then the next waiting connection has its turn.
    if (this.serving === limiter) this.serving = null;
    if (limiter._periodNumber != this.periodNumber) limiter._periodLines = 0;
    limiter._periodNumber = this.periodNumber;
    limiter._periodLines++;
    this.periodLines++;
  }

  /**
   * Charges `lines` more lines for the last line of this connection, which was long or had long
   * answers. All of them count as lines of the period. The bucket bears a tenth of its tokens, or
   * the connection's part in the tokens of {@link ROUND_SECONDS} if that is more.
   */
  chargeTokens(limiter: AddressShare, lines: u32): void {
    if (!this.isBounded) return;
    const bucket = this.currentBucket();
    const now = this.loop.now;
    const round = this.limits.addressRate * this.limitFactor * ROUND_SECONDS;
    const share = round / <f64>max(this.connectionsMost, 1);
    const most = max(share, bucket.tokensAt(now) * CHARGE_PART);
    bucket.takeTokens(now, min(<f64>lines, most));
    limiter._periodLines += lines;
    this.periodLines += lines;
  }

  /**
   * Queues this connection until its address has a token for its next line.
   *
   * @returns true if the client must be warned now: it has not been warned in this period
   */
  queueForTurn(limiter: AddressShare): bool {
    this.queue.push(limiter);
    this.startTimer();
    if (this.floodStart == NONE) this.floodStart = this.loop.now;
    const isNews = limiter._warnedPeriod != this.periodNumber;
    limiter._warnedPeriod = this.periodNumber;
    return isNews;
  }

  /**
   * Returns true if the flood has lasted longer than allowed and this connection has sent its share
   * of it.
   */
  mustCloseForFlood(limiter: AddressShare): bool {
    if (this.floodStart == NONE || limiter._periodNumber != this.periodNumber) return false;
    const most = this.limits.floodSeconds * <f64>NANOSECONDS_PER_SECOND;
    if (<f64>(this.loop.now - this.floodStart) <= most) return false;
    return <u64>limiter._periodLines * this.connectionsMost >= this.periodLines;
  }

  /** Gives turns to waiting connections, as far as there are tokens. */
  run(): void {
    this.timer = null;
    const now = this.loop.now;
    while (this.queue.length > 0) {
      if (this.isBounded && this.currentBucket().secondsUntilToken(now) > 0) break;
      const next = this.queue.shift();
      this.serving = next;
      next._takeAddressTurn();
      this.serving = null;
    }
    if (this.queue.length > 0) this.startTimer();
  }

  private startTimer(): void {
    if (this.timer !== null) return;
    const seconds = this.isBounded ? this.currentBucket().secondsUntilToken(this.loop.now) : 0;
    this.timer = this.loop.callLater(seconds, this, TURN_NANOSECONDS);
  }

  private currentBucket(): TokenBucket {
    const share = this.limitFactor;
    this.bucket.configure(this.limits.addressRate * share, this.limits.addressBurst * share);
    return this.bucket;
  }

  /** The number by which the limits of one address are multiplied. */
  private get limitFactor(): f64 {
    return this.key == "" ? this.limits.unknownShare : 1;
  }
}
