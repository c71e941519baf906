/** A registered descriptor, and the events that `select` returns. */
import { Watcher } from "../wasi/preview3/watcher";

/**
 * A registered descriptor with its interest and the caller's data. Python's `SelectorKey`, without
 * `fileobj`, since WASI has descriptors only.
 *
 * It is the same object from `register` to `unregister`: `modify` changes it in place, where Python
 * makes a new one.
 */
export class SelectorKey<T> {
  /** The errno that the last `select` to report this key found, or 0. */
  errno: i32 = 0;
  /** False after `unregister`. A list of events may still hold the key. */
  registered: bool = true;

  // The fields below belong to the selectors of this folder.
  /** The event of this key, allocated once, so that a `select` allocates nothing. */
  _event: SelectorEvent<T> | null = null;
  /** The events that the host has reported and the selector has not verified yet. */
  _unverified: u32 = 0;
  /** True if `peek` works on the descriptor: a non-blocking connection. */
  _peekable: bool = false;
  /** An error that the `peek` in `register` has consumed, for the next `select`; 0: none. */
  _takenErrno: i32 = 0;
  /** Indexes into the list of subscriptions; -1: none. */
  _readSlot: i32 = -1;
  _writeSlot: i32 = -1;
  /** The offset of this key when the selector verifies only every n-th key. */
  _phase: u32 = 0;
  /** The observer of the descriptor's events, on WASI 0.3 only. */
  _watcher: Watcher | null = null;

  constructor(
    /** The descriptor. */
    public fd: u32,
    /** The interest: EVENT_READ, EVENT_WRITE or both. */
    public events: u32,
    /** Any value of the caller. */
    public data: T,
  ) {}

  /** Formats the key for logs: `SelectorKey(fd=5, events=1)`. */
  toString(): string {
    return `SelectorKey(fd=${this.fd}, events=${this.events})`;
  }
}

/** One event of the list that `select` returns: Python's `(key, mask)`. */
export class SelectorEvent<T> {
  /** The bits of `key.events` that are ready. */
  mask: u32 = 0;

  constructor(public key: SelectorKey<T>) {}
}
