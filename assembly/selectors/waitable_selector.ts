/**
 * The selector on WASI 0.3, whose host says which descriptors are ready, instead of waking for all.
 * A `select` checks only the keys with an event, so its cost does not depend on the number of
 * registered keys.
 *
 * A key is pending, and will be checked, if it is new or changed, if it was ready at the last
 * `select`, or if its descriptor had an event. A check starts a read unless one is in flight, and
 * the event of that read makes the key pending again. So each key is ready, or pending, or has a
 * read in flight.
 *
 * A descriptor that was closed without `unregister` is reported as ready with `key.errno` by every
 * `select` until it is unregistered.
 */
import { monotonic } from "../wasi/clock";
import { BADF } from "../wasi/errno";
import { openStandard } from "../wasi/preview3/stdio";
import { Descriptor, Kind } from "../wasi/preview3/table";
import { Timer } from "../wasi/preview3/timer";
import { drainEvents, wait } from "../wasi/preview3/waitables";
import { Watcher } from "../wasi/preview3/watcher";
import { BaseSelector, NEVER, NO_TIMEOUT, toNanoseconds } from "./base";
import { SelectorError } from "./errors";
import { EVENT_ALL, EVENT_READ, EVENT_WRITE } from "./events";
import { SelectorEvent, SelectorKey } from "./key";

/** Observes the descriptor of a key, and makes the key pending when the descriptor has an event. */
class KeyWatcher<T> extends Watcher {
  private isPending: bool = false;

  constructor(
    public key: SelectorKey<T>,
    public descriptor: Descriptor,
    private list: PendingKeys<T>,
  ) {
    super();
    descriptor.watch(this);
    this.onChange();
  }

  onChange(): void {
    if (this.isPending) return;
    this.isPending = true;
    this.list.all.push(this);
  }

  /** Takes the key out of the pending state, before the selector checks it. */
  clearPending(): void {
    this.isPending = false;
  }
}

/** The pending keys of a selector, each once. */
class PendingKeys<T> {
  all: Array<KeyWatcher<T>> = [];
}

export class WaitableSelector<T> extends BaseSelector<T> {
  private pending: PendingKeys<T> = new PendingKeys<T>();
  private looked: Array<KeyWatcher<T>> = [];
  private timer: Timer = new Timer();

  get name(): string {
    return "waitable set";
  }

  select(timeout: f64 = NO_TIMEOUT): Array<SelectorEvent<T>> {
    for (let i = 0; i < this.ready.length; i++) watcherOf(this.ready[i].key).onChange();
    if (!this.begin()) return this.ready;
    const most = toNanoseconds(timeout);
    if (most == NEVER && this.keys.size == 0) return this.fail(SelectorError.NOTHING_TO_WAIT_FOR);
    const end = most == NEVER ? NEVER : monotonic() + most;
    this.checkPending();
    while (this.ready.length == 0 && most > 0) {
      if (end != NEVER) this.timer.set(end);
      this.polls++;
      // The timer may be due at once; then it is not set.
      if (end == NEVER || this.timer.isSet) wait();
      drainEvents();
      this.checkPending();
      if (end != NEVER && monotonic() >= end) return this.ready;
      if (this.ready.length > 0) return this.ready;
    }
    // The host makes progress only while the program waits or yields, and this call has not waited.
    this.polls++;
    drainEvents();
    this.checkPending();
    return this.ready;
  }

  protected attach(key: SelectorKey<T>): SelectorError {
    const descriptor = openStandard(key.fd);
    if (descriptor === null) return SelectorError.BAD_FD;
    const reads = (key.events & EVENT_READ) != 0 && descriptor.canBeRead;
    const writes = (key.events & EVENT_WRITE) != 0 && descriptor.canBeWritten;
    // A listener may be registered for writing, as in Python, but never becomes writable.
    if (!reads && !writes && descriptor.kind != Kind.LISTENER) return SelectorError.UNPOLLABLE;
    key._watcher = new KeyWatcher<T>(key, descriptor, this.pending);
    return SelectorError.NONE;
  }

  protected change(key: SelectorKey<T>): void {
    watcherOf(key).onChange();
  }

  protected detach(key: SelectorKey<T>): void {
    const watcher = watcherOf(key);
    watcher.descriptor.unwatch(watcher);
  }

  protected release(): void {
    this.timer.stop();
    this.pending.all = [];
    this.looked = [];
  }

  /** Checks the pending keys. A key that becomes pending meanwhile is checked next time. */
  private checkPending(): void {
    const all = this.pending.all;
    this.pending.all = this.looked;
    this.looked = all;
    for (let i = 0; i < all.length; i++) {
      const watcher = all[i];
      watcher.clearPending();
      if (watcher.key.registered) this.checkKey(watcher);
    }
    all.length = 0;
  }

  private checkKey(watcher: KeyWatcher<T>): void {
    const key = watcher.key;
    const descriptor = watcher.descriptor;
    key.errno = descriptor.isOpen ? 0 : BADF;
    if (!descriptor.isOpen) {
      this.markReady(key, EVENT_ALL);
      return;
    }
    const reads = (key.events & EVENT_READ) != 0 && descriptor.canBeRead;
    if (reads && descriptor.pollReadable()) this.markReady(key, EVENT_READ);
    const writes = (key.events & EVENT_WRITE) != 0 && descriptor.canBeWritten;
    if (writes && descriptor.pollWritable()) this.markReady(key, EVENT_WRITE);
  }
}

function watcherOf<T>(key: SelectorKey<T>): KeyWatcher<T> {
  return changetype<KeyWatcher<T>>(key._watcher!);
}
