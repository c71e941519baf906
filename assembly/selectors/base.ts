/**
 * The base class of all selectors: their API, and all rules that do not depend on how readiness is
 * found out. Modelled on CPython's `selectors.BaseSelector` and `_BaseSelectorImpl`.
 * docs/reference/selectors.md lists the differences from Python, with their reasons.
 */
import { Fd } from "../wasi/socket";
import { SelectorError } from "./errors";
import { EVENT_ALL } from "./events";
import { SelectorEvent, SelectorKey } from "./key";
import { NANOSECONDS_PER_SECOND } from "../wasi/clock";

/** The infinite timeout: `select` waits until a descriptor is ready. Python's `None`. */
export const NO_TIMEOUT: f64 = Infinity;
/** The deadline of an infinite wait, in nanoseconds. */
export const NEVER: u64 = u64.MAX_VALUE;

/** The longest finite wait, in nanoseconds (146 years). A longer one counts as infinite. */
const MAX_WAIT: f64 = 4.6e18;

export abstract class BaseSelector<T> {
  /** The result of the last `select`. */
  error: SelectorError = SelectorError.NONE;
  /** The host's errno when `error` is HOST. */
  errno: i32 = 0;
  closed: bool = false;
  /** The number of times that the host was asked which descriptors are ready. */
  polls: u64 = 0;
  /**
   * True if stdin may be registered although it looks like neither a terminal nor a pipe. wasmtime
   * 36 traps on a `poll` of a stdin that is /dev/null, and to the guest a socket looks the same as
   * /dev/null. Set this only if you know that stdin is a socket, as under a Node parent.
   */
  trustStdin: bool = false;

  protected keys: Map<Fd, SelectorKey<T>> = new Map();
  /** The list that `select` returns. Each `select` clears and refills it. */
  protected ready: Array<SelectorEvent<T>> = [];

  /** The name of this kind of selector, for logs. */
  abstract get name(): string;

  /**
   * Waits until a registered descriptor is ready.
   *
   * @param timeout seconds; {@link NO_TIMEOUT} waits without end; zero, a negative number or NaN
   * does not wait. A fraction of a nanosecond is rounded up, so the wait is never shorter than
   * asked
   * @returns one event for each ready key, with the ready bits of its interest as mask. Empty with
   * `error` NONE after the timeout, or when a signal has ended the wait. Empty with `error` CLOSED,
   * NOTHING_TO_WAIT_FOR or HOST (then `errno` has the cause) if it failed. The next `select` reuses
   * the list
   */
  abstract select(timeout: f64 = NO_TIMEOUT): Array<SelectorEvent<T>>;

  /** Starts to watch a new key: the subclass's part of {@link register}. */
  protected abstract attach(key: SelectorKey<T>): SelectorError;
  /** Applies a change of `key.events`. */
  protected abstract change(key: SelectorKey<T>): void;
  /** Stops watching a key. Never fails, even if the descriptor is closed already. */
  protected abstract detach(key: SelectorKey<T>): void;
  /** Frees the subclass's resources. */
  protected abstract release(): void;

  /**
   * Registers a descriptor. {@link getKey} then returns its key.
   *
   * @param events EVENT_READ, EVENT_WRITE or both
   * @param data any value of the caller, to be found in the key
   * @returns NONE; or CLOSED, BAD_EVENTS, ALREADY_REGISTERED, BAD_FD or UNPOLLABLE, checked in this
   * order. After an error nothing has changed
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
   * Unregisters a descriptor. The descriptor may be closed already. The caller may do this while it
   * iterates over the events of the last `select`: later events of the key stay in the list, with
   * `key.registered` false.
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
   * Changes the interest and the data of a registered descriptor. An equal interest costs nothing.
   *
   * @param events EVENT_READ, EVENT_WRITE or both
   * @returns NONE; or CLOSED, NOT_REGISTERED or BAD_EVENTS, checked in this order. After an error
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

  /** Returns the key of a descriptor, or null if it is not registered or the selector is closed. */
  getKey(fd: Fd): SelectorKey<T> | null {
    return this.keys.has(fd) ? this.keys.get(fd) : null;
  }

  /** Returns all keys by descriptor. This is the selector's own map: do not change it. */
  getMap(): Map<Fd, SelectorKey<T>> {
    return this.keys;
  }

  /**
   * Unregisters all keys and frees the memory. The descriptors stay open. A second call does
   * nothing.
   */
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

  /** Begins a `select`: clears the last list and error. @returns false if the selector is closed */
  protected begin(): bool {
    for (let i = 0; i < this.ready.length; i++) this.ready[i].mask = 0;
    this.ready.length = 0;
    this.errno = 0;
    this.error = this.closed ? SelectorError.CLOSED : SelectorError.NONE;
    return !this.closed;
  }

  /** Appends a key to the ready list, or adds bits to its mask. Drops bits outside its interest. */
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

  /** Ends a `select` that failed as a whole. @returns the ready list */
  protected fail(error: SelectorError, errno: i32 = 0): Array<SelectorEvent<T>> {
    this.error = error;
    this.errno = errno;
    return this.ready;
  }
}

/**
 * Converts seconds to nanoseconds, rounded up.
 *
 * @returns NEVER for an infinite timeout, 0 for zero, negative numbers and NaN
 */
export function toNanoseconds(timeout: f64): u64 {
  if (!(timeout > 0)) return 0;
  if (timeout == NO_TIMEOUT) return NEVER;
  const nanoseconds = Math.ceil(timeout * <f64>NANOSECONDS_PER_SECOND);
  return nanoseconds >= MAX_WAIT ? NEVER : <u64>nanoseconds;
}

function isMask(events: u32): bool {
  return events != 0 && (events & ~EVENT_ALL) == 0;
}
