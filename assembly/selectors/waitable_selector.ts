/**
 * The selector on WASI 0.3: the host tells of single descriptors. So a `select` looks at the
 * keys that have had an event, and its cost does not depend on how many are registered.
 *
 * It looks at keys that are new or changed, that were ready last, and whose descriptor has had an
 * event: they are pending. A look starts the next read unless one is under way, and the event of
 * that read makes the key pending. So a key is ready, or pending, or has a read under way.
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

/** Watches the descriptor of a key, and makes the key pending when something has happened. */
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

  /** The selector looks at the key now. */
  clearPending(): void {
    this.isPending = false;
  }
}

/** The keys that a selector has to look at, each once. */
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
    this.look();
    while (this.ready.length == 0 && most > 0) {
      if (end != NEVER) this.timer.set(end);
      this.polls++;
      // A timer may go off as it is set.
      if (end == NEVER || this.timer.isSet) wait();
      drainEvents();
      this.look();
      if (end != NEVER && monotonic() >= end) return this.ready;
      if (this.ready.length > 0) return this.ready;
    }
    // The host works only while the program waits or lets it: it has not waited.
    this.polls++;
    drainEvents();
    this.look();
    return this.ready;
  }

  protected attach(key: SelectorKey<T>): SelectorError {
    const descriptor = openStandard(key.fd);
    if (descriptor === null) return SelectorError.BAD_FD;
    const reads = (key.events & EVENT_READ) != 0 && descriptor.canBeRead;
    const writes = (key.events & EVENT_WRITE) != 0 && descriptor.canBeWritten;
    // A listener may be watched for writing, as in Python: it never is ready.
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

  /** Looks at the pending keys. Keys that become pending meanwhile are looked at next time. */
  private look(): void {
    const all = this.pending.all;
    this.pending.all = this.looked;
    this.looked = all;
    for (let i = 0; i < all.length; i++) {
      const watcher = all[i];
      watcher.clearPending();
      if (watcher.key.registered) this.lookAt(watcher);
    }
    all.length = 0;
  }

  private lookAt(watcher: KeyWatcher<T>): void {
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
