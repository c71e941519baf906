/**
 * The contract of every selector, and the rules that do not depend on how readiness is found out.
 * Model: CPython's `selectors.BaseSelector` and `_BaseSelectorImpl`. Where this departs from
 * Python, docs/reference/selectors.md says how and why.
 */
import { Fd } from "../wasi/socket";
import { SelectorError } from "./errors";
import { EVENT_ALL } from "./events";
import { SelectorEvent, SelectorKey } from "./key";
import { NANOSECONDS_PER_SECOND } from "../wasi/clock";

/** A timeout without end: wait until something is ready. Python's `None`. */
export const NO_TIMEOUT: f64 = Infinity;
/** A deadline that never comes, in nanoseconds. */
export const NEVER: u64 = u64.MAX_VALUE;

/** A wait of more nanoseconds than this (146 years) is one without end. */
const MAX_WAIT: f64 = 4.6e18;

export abstract class BaseSelector<T> {
  /** How the last `select` went. */
  error: SelectorError = SelectorError.NONE;
  /** The host's errno when `error` is HOST. */
  errno: i32 = 0;
  closed: bool = false;
  /** How often the host was asked which descriptors are ready. */
  polls: u64 = 0;
  /**
   * Whether stdin may be watched although it looks like neither a terminal nor a pipe. wasmtime
   * 36 traps on `poll` of a stdin that is /dev/null, and a socket looks the same from in here: set
   * this only if you know that stdin is a socket (as a Node parent makes it).
   */
  trustStdin: bool = false;

  protected keys: Map<Fd, SelectorKey<T>> = new Map();
  /** The list that `select` returns, emptied and filled again by each. */
  protected ready: Array<SelectorEvent<T>> = [];

  /** What this selector is called in logs. */
  abstract get name(): string;

  /**
   * Waits until a registered descriptor is ready.
   *
   * @param timeout seconds; {@link NO_TIMEOUT} waits for ever, zero or less only looks (so does
   * NaN). Fractions of a nanosecond round up: the wait is never shorter than asked
   * @returns one entry for each ready key, its mask cut to what the key is watched for. Empty with
   * `error` NONE when the time is up or a signal has ended the wait; empty with `error` CLOSED,
   * NOTHING_TO_WAIT_FOR or HOST (then `errno` says why). The next `select` reuses the list
   */
  abstract select(timeout: f64 = NO_TIMEOUT): Array<SelectorEvent<T>>;

  /** Starts to watch; the implementation's part of {@link register}. */
  protected abstract attach(key: SelectorKey<T>): SelectorError;
  /** Follows a change of `key.events`. */
  protected abstract change(key: SelectorKey<T>): void;
  /** Stops watching; never fails, also not for a descriptor that is closed by now. */
  protected abstract detach(key: SelectorKey<T>): void;
  /** Gives back what the implementation holds. */
  protected abstract release(): void;

  /**
   * Watches a descriptor. {@link getKey} then returns its key.
   *
   * @param events EVENT_READ, EVENT_WRITE or both
   * @returns NONE; or CLOSED, BAD_EVENTS, ALREADY_REGISTERED, BAD_FD or UNPOLLABLE, checked in this
   * order; after an error nothing has changed
   */
  register(fd: Fd, events: u32, data: T): SelectorError {
    if (this.closed) return SelectorError.CLOSED;
    if (!isMask(events)) return SelectorError.BAD_EVENTS;
    if (this.keys.has(fd)) return SelectorError.ALREADY_REGISTERED;
    const key = new SelectorKey<T>(fd, events, data);
    key._event = new SelectorEvent<T>(key);
    const refused = this.attach(key);
    if (refused != SelectorError.NONE) return refused;
    this.keys.set(fd, key);
    return SelectorError.NONE;
  }

  /**
   * Stops watching. Legal for a descriptor that has been closed already, and during the walk over
   * the events of the last `select`: later entries stay, with `key.registered` false.
   *
   * @returns NONE; or CLOSED or NOT_REGISTERED, checked in this order
   */
  unregister(fd: Fd): SelectorError {
    if (this.closed) return SelectorError.CLOSED;
    const key = this.getKey(fd);
    if (key === null) return SelectorError.NOT_REGISTERED;
    this.detach(key);
    key.registered = false;
    this.keys.delete(fd);
    return SelectorError.NONE;
  }

  /**
   * Changes what a descriptor is watched for, and its data; does no work for what stays the same.
   *
   * @returns NONE; or CLOSED, NOT_REGISTERED or BAD_EVENTS, checked in this order; after an error
   * nothing has changed
   */
  modify(fd: Fd, events: u32, data: T): SelectorError {
    if (this.closed) return SelectorError.CLOSED;
    const key = this.getKey(fd);
    if (key === null) return SelectorError.NOT_REGISTERED;
    if (!isMask(events)) return SelectorError.BAD_EVENTS;
    key.data = data;
    if (key.events != events) {
      key.events = events;
      this.change(key);
    }
    return SelectorError.NONE;
  }

  /** @returns the key of a descriptor; null if it is not registered, and after {@link close} */
  getKey(fd: Fd): SelectorKey<T> | null {
    return this.keys.has(fd) ? this.keys.get(fd) : null;
  }

  /** @returns all keys by descriptor: the selector's own map, to read and not to change */
  getMap(): Map<Fd, SelectorKey<T>> {
    return this.keys;
  }

  /** Forgets every key and frees the memory; descriptors stay open. A second call does nothing. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    const keys = this.keys.values();
    for (let i = 0; i < keys.length; i++) {
      this.detach(keys[i]);
      keys[i].registered = false;
    }
    this.keys.clear();
    this.ready = [];
    this.release();
  }

  /** Begins a `select`: the old list is gone, no error yet. @returns whether to go on */
  protected begin(): bool {
    for (let i = 0; i < this.ready.length; i++) this.ready[i].mask = 0;
    this.ready.length = 0;
    this.errno = 0;
    this.error = this.closed ? SelectorError.CLOSED : SelectorError.NONE;
    return !this.closed;
  }

  /** Puts a key on the list, or adds to its mask; bits it is not watched for are dropped. */
  protected markReady(key: SelectorKey<T>, mask: u32): void {
    const wanted = mask & key.events;
    const event = key._event;
    if (wanted == 0 || event === null) return;
    if (event.mask == 0) this.ready.push(event);
    event.mask |= wanted;
    if (key._takenErrno == 0) return;
    key.errno = key._takenErrno;
    key._takenErrno = 0;
  }

  /** Ends a `select` that failed as a whole. */
  protected fail(error: SelectorError, errno: i32 = 0): Array<SelectorEvent<T>> {
    this.error = error;
    this.errno = errno;
    return this.ready;
  }
}

/** Seconds to nanoseconds. @returns NEVER without end, 0 for zero, less and NaN, else rounded up */
export function toNanoseconds(timeout: f64): u64 {
  if (!(timeout > 0)) return 0;
  if (timeout == NO_TIMEOUT) return NEVER;
  const nanoseconds = Math.ceil(timeout * <f64>NANOSECONDS_PER_SECOND);
  return nanoseconds >= MAX_WAIT ? NEVER : <u64>nanoseconds;
}

function isMask(events: u32): bool {
  return events != 0 && (events & ~EVENT_ALL) == 0;
}
