/**
 * The selector on WASI 0.3: the host tells of single descriptors. So a `select` looks at those keys
 * of which it has heard, and its cost does not depend on how many are registered.
 *
 * It looks at keys that are new or changed, that were ready last, and whose descriptor has had an
 * event. A look hands the next read to the host unless one is under way, and that read will be
 * heard of. So no key is deaf: it is ready, or it is to be looked at, or something is under way.
 *
 * A descriptor that was closed without `unregister` is reported as ready with `key.errno` by every
 * `select` until it is unregistered.
 */
import { monotonic } from "../wasi/clock";
import { BADF } from "../wasi/errno";
import { openStandard } from "../wasi/preview3/stdio";
import { Descriptor, Kind } from "../wasi/preview3/table";
import { Timer } from "../wasi/preview3/timer";
import { gather, wait } from "../wasi/preview3/waitables";
import { Watcher } from "../wasi/preview3/watcher";
import { BaseSelector, NEVER, NO_TIMEOUT, toNanoseconds } from "./base";
import { SelectorError } from "./errors";
import { EVENT_ALL, EVENT_READ, EVENT_WRITE } from "./events";
import { SelectorEvent, SelectorKey } from "./key";

/** A key on its descriptor, which puts itself on its selector's list when something happens. */
class Watch<T> extends Watcher {
  private isListed: bool = false;

  constructor(
    public key: SelectorKey<T>,
    public descriptor: Descriptor,
    private list: Suspects<T>,
  ) {
    super();
    descriptor.watch(this);
    this.onChange();
  }

  onChange(): void {
    if (this.isListed) return;
    this.isListed = true;
    this.list.all.push(this);
  }

  /** It has been looked at. */
  isDone(): void {
    this.isListed = false;
  }
}

/** The keys that a selector is to look at, each once. */
class Suspects<T> {
  all: Array<Watch<T>> = [];
}

export class WaitableSelector<T> extends BaseSelector<T> {
  private suspects: Suspects<T> = new Suspects<T>();
  private looked: Array<Watch<T>> = [];
  private timer: Timer = new Timer();

  get name(): string {
    return "waitable set";
  }

  select(timeout: f64 = NO_TIMEOUT): Array<SelectorEvent<T>> {
    for (let i = 0; i < this.ready.length; i++) watchOf(this.ready[i].key).onChange();
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
      gather();
      this.look();
      if (end != NEVER && monotonic() >= end) return this.ready;
      if (this.ready.length > 0) return this.ready;
    }
    // The host works only while the program waits or lets it: it has not waited.
    this.polls++;
    gather();
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
    key._watcher = new Watch<T>(key, descriptor, this.suspects);
    return SelectorError.NONE;
  }

  protected change(key: SelectorKey<T>): void {
    watchOf(key).onChange();
  }

  protected detach(key: SelectorKey<T>): void {
    const watch = watchOf(key);
    watch.descriptor.unwatch(watch);
  }

  protected release(): void {
    this.timer.stop();
    this.suspects.all = [];
    this.looked = [];
  }

  /** Looks at the suspects. New suspects are looked at next time. */
  private look(): void {
    const all = this.suspects.all;
    this.suspects.all = this.looked;
    this.looked = all;
    for (let i = 0; i < all.length; i++) {
      const watch = all[i];
      watch.isDone();
      if (watch.key.registered) this.lookAt(watch);
    }
    all.length = 0;
  }

  private lookAt(watch: Watch<T>): void {
    const key = watch.key;
    const descriptor = watch.descriptor;
    key.errno = descriptor.isOpen ? 0 : BADF;
    if (!descriptor.isOpen) {
      this.markReady(key, EVENT_ALL);
      return;
    }
    const reads = (key.events & EVENT_READ) != 0 && descriptor.canBeRead;
    if (reads && descriptor.isReadable()) this.markReady(key, EVENT_READ);
    const writes = (key.events & EVENT_WRITE) != 0 && descriptor.canBeWritten;
    if (writes && descriptor.isWritable()) this.markReady(key, EVENT_WRITE);
  }
}

function watchOf<T>(key: SelectorKey<T>): Watch<T> {
  return changetype<Watch<T>>(key._watcher!);
}
