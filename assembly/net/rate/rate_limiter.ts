/**
 * The rate limiter of one connection: its own limit, and its part in the limit of its address.
 * Lines above the limit are not dropped: they wait, first here, then in the kernel's buffers, until
 * the client itself has to wait.
 */
import { cancelTimer, Loop, Task, Timer } from "../../loop/loop";
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";
import { ConnectionLimits } from "../connection/connection_limits";
import { AddressLimiter, AddressShare, TURN_NANOSECONDS } from "./address_limiter";
import { TokenBucket } from "./token_bucket";

const NOT_WAITING: u64 = u64.MAX_VALUE;

/** The input that waits for its turn. */
export interface RateLimited {
  takeTurn(): void;
}

/** The kinds of floods of which a client is warned. */
export enum Flood {
  /** No new flood. */
  NONE = 0,
  /** The connection exceeds its own limit. */
  OWN = 1,
  /** All connections of its address together exceed the limit of the address. */
  SHARED = 2,
}

export class RateLimiter extends AddressShare {
  private bucket: TokenBucket;
  private timer: Timer | null = null;
  /**
   * The timer that ends a throttle: until then, this connection is not read, because slow consumers
   * get its messages.
   */
  private throttleTimer: Timer | null = null;
  /** True while the throttle also holds back lines that have been read. */
  isPaused: bool = false;
  private isInQueue: bool = false;
  /** The time when the current flood began, in nanoseconds of the loop's clock. */
  private floodStart: u64 = NOT_WAITING;
  private addressLimiter: AddressLimiter | null = null;

  constructor(
    private loop: Loop,
    private limits: ConnectionLimits,
    private limited: RateLimited,
  ) {
    super();
    this.bucket = new TokenBucket(limits.rate, limits.burst, loop.now);
    this.bucket.limitTo(limits.firstBurst);
  }

  /** Joins the limiter of the connection's address. */
  joinAddress(addressLimiter: AddressLimiter): void {
    this.addressLimiter = addressLimiter;
    addressLimiter.addConnection();
  }

  /**
   * Forgets the limiter of the address.
   *
   * @returns that limiter, or null; the caller must still remove the connection from its count
   */
  detachAddressLimiter(): AddressLimiter | null {
    const addressLimiter = this.addressLimiter;
    this.addressLimiter = null;
    return addressLimiter;
  }

  /** Returns the limiter of the address, or null. */
  get limiterOfAddress(): AddressLimiter | null {
    return this.addressLimiter;
  }

  /** True if any limit applies. */
  get isBounded(): bool {
    const addressLimiter = this.addressLimiter;
    return this.limits.rate > 0 || (addressLimiter !== null && addressLimiter.isBounded);
  }

  /** True if a line may be handled now. */
  get hasTurn(): bool {
    if (this.secondsUntilOwnToken() > 0) return false;
    const addressLimiter = this.addressLimiter;
    return addressLimiter === null || addressLimiter.hasTurn(this);
  }

  get isWaiting(): bool {
    return this.isQueued || this.throttleTimer !== null;
  }

  /** True if a timer or the queue of the address will give this connection a turn. */
  get isQueued(): bool {
    return this.timer !== null || this.isInQueue;
  }

  /** True if the connection must be closed: its current flood has lasted longer than allowed. */
  get mustCloseForFlood(): bool {
    const addressLimiter = this.addressLimiter;
    if (addressLimiter !== null && addressLimiter.mustCloseForFlood(this)) return true;
    if (this.floodStart == NOT_WAITING) return false;
    const most = this.limits.floodSeconds * <f64>NANOSECONDS_PER_SECOND;
    return <f64>(this.loop.now - this.floodStart) > most;
  }

  /** Counts a line. A flood is over once the bucket is half full. */
  countLine(): void {
    const addressLimiter = this.addressLimiter;
    if (addressLimiter !== null) addressLimiter.countLine(this);
    if (this.limits.rate == 0) return;
    const bucket = this.currentBucket();
    if (bucket.isHalfFull(this.loop.now)) this.floodStart = NOT_WAITING;
    bucket.takeToken(this.loop.now);
  }

  /** Takes `lines` more tokens for the last line, since it was long, or its answers were. */
  chargeTokens(lines: u32): void {
    const addressLimiter = this.addressLimiter;
    if (addressLimiter !== null) addressLimiter.chargeTokens(this, lines);
    if (this.limits.rate > 0) this.currentBucket().takeTokens(this.loop.now, lines);
  }

  /** Gives back `lines` tokens of its own limit: the last line was no part of a flood. */
  refundTokens(lines: u32): void {
    if (this.limits.rate > 0) this.currentBucket().takeTokens(this.loop.now, -(<f64>lines));
  }

  /**
   * Sets a timer for the next token of the client's own limit, or queues for a turn of its address.
   *
   * @returns the kind of flood that begins here, if any
   */
  requestTurn(): Flood {
    const addressLimiter = this.addressLimiter;
    const seconds = this.secondsUntilOwnToken();
    if (seconds == 0 && addressLimiter !== null) {
      this.isInQueue = true;
      return addressLimiter.queueForTurn(this) ? Flood.SHARED : Flood.NONE;
    }
    this.timer = this.loop.callLater(seconds, new Turn(this, false), TURN_NANOSECONDS);
    if (this.floodStart != NOT_WAITING) return Flood.NONE;
    this.floodStart = this.loop.now;
    return Flood.OWN;
  }

  /** Stops reading for at least some seconds, until a common turn. */
  throttle(seconds: f64): void {
    if (this.throttleTimer === null) {
      this.throttleTimer = this.loop.callLater(seconds, new Turn(this, true), TURN_NANOSECONDS);
    }
  }

  /** Stops reading for some seconds, and handles no lines that have been read. */
  pauseLines(seconds: f64): void {
    this.throttle(seconds);
    this.isPaused = true;
  }

  cancelTurns(): void {
    this.timer = cancelTimer(this.timer);
    this.throttleTimer = cancelTimer(this.throttleTimer);
    this.isInQueue = false;
  }

  /**
   * Handles the end of a timer.
   *
   * @param isThrottle true for the timer of {@link throttle}, false for that of {@link requestTurn}
   */
  _onTurnTimer(isThrottle: bool): void {
    if (isThrottle) {
      this.throttleTimer = null;
      this.isPaused = false;
    } else {
      this.timer = null;
    }
    if (!this.isWaiting) this.limited.takeTurn();
  }

  /** Handles a turn that the address gives. */
  _takeAddressTurn(): void {
    if (!this.isInQueue) return;
    this.isInQueue = false;
    if (!this.isWaiting) this.limited.takeTurn();
  }

  /** Returns the seconds until its own bucket has a token. */
  private secondsUntilOwnToken(): f64 {
    return this.limits.rate > 0 ? this.currentBucket().secondsUntilToken(this.loop.now) : 0;
  }

  private currentBucket(): TokenBucket {
    this.bucket.configure(this.limits.rate, this.limits.burst);
    return this.bucket;
  }
}

class Turn extends Task {
  constructor(
    private limiter: RateLimiter,
    private isThrottle: bool,
  ) {
    super();
  }

  run(): void {
    this.limiter._onTurnTimer(this.isThrottle);
  }
}
