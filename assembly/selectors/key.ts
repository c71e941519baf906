/** A registered descriptor, and what `select` says of it. */
import { Watcher } from "../wasi/preview3/watcher";

/**
 * A descriptor with the events it is watched for and the caller's own data (Python's
 * `SelectorKey`, without `fileobj`: a descriptor is all that there is here).
 *
 * It stays the same object from `register` to `unregister`; `modify` changes it in place, where
 * Python makes a new one.
 */
export class SelectorKey<T> {
  /** What the last `select` that named this key found wrong with it (an errno), or 0. */
  errno: i32 = 0;
  /** False once it has been unregistered: a list of events may still name it. */
  registered: bool = true;

  // For the selectors of this folder alone.
  /** Its entry in the list of events, so that a `select` allocates nothing. */
  _event: SelectorEvent<T> | null = null;
  /** Events that may be ready and have yet to be verified. */
  _unverified: u32 = 0;
  /** Whether a read can be tried out by PEEK. */
  _peekable: bool = false;
  /** An error that `register` has taken off the socket, for the next `select`; 0: none. */
  _takenErrno: i32 = 0;
  /** Places in the list of subscriptions; -1: none. */
  _readSlot: i32 = -1;
  _writeSlot: i32 = -1;
  /** In which round the key is verified when only a share of the keys is. */
  _phase: u32 = 0;
  /** Notified of changes of its descriptor, on a host that reports single descriptors. */
  _watcher: Watcher | null = null;

  constructor(
    /** The descriptor. */
    public fd: u32,
    /** What it is watched for: EVENT_READ, EVENT_WRITE or both. */
    public events: u32,
    /** Whatever the caller wants to find again. */
    public data: T,
  ) {}

  /** For logs: `SelectorKey(fd=5, events=1)`. */
  toString(): string {
    return `SelectorKey(fd=${this.fd}, events=${this.events})`;
  }
}

/** One entry of the list that `select` returns: Python's `(key, mask)`. */
export class SelectorEvent<T> {
  /** What of `key.events` is ready. */
  mask: u32 = 0;

  constructor(public key: SelectorKey<T>) {}
}
