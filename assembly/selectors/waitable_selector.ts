/** The selector on WASI 0.3's waitable set: O(ready). */
import { monotonic } from "../wasi/clock";
import { BADF } from "../wasi/errno";
import * as abi from "../wasi/preview3/abi";
import * as hub from "../wasi/preview3/hub";
import { openStandard } from "../wasi/preview3/stdio";
import { Descriptor, Kind } from "../wasi/preview3/table";
import { BaseSelector, NEVER, NO_TIMEOUT, toNanoseconds } from "./base";
import { SelectorError } from "./errors";
import { EVENT_ALL, EVENT_READ, EVENT_WRITE } from "./events";
import { SelectorEvent, SelectorKey } from "./key";

export class WaitableSelector<T> extends BaseSelector<T> {
  /** Keys to look at: new ones, those that were ready last, those of whom something was heard. */
  private suspects: Array<SelectorKey<T>> = [];
  private spare: Array<SelectorKey<T>> = [];
  private queue: Array<Descriptor> = hub.newQueue();
  private timer: i32 = 0;
  private timerAt: u64 = NEVER;

  get name(): string { return "waitable"; }

  select(timeout: f64 = NO_TIMEOUT): Array<SelectorEvent<T>> {
    for (let i = 0; i < this.ready.length; i++) this.suspects.push(this.ready[i].key);
    if (!this.begin()) return this.ready;
    const wait = toNanoseconds(timeout);
    if (wait == NEVER && this.keys.size == 0) return this.fail(SelectorError.NOTHING_TO_WAIT_FOR);
    const end = wait == 0 || wait == NEVER ? wait : monotonic() + wait;
    this.heard();
    this.look();
    // The host works only while this waits.
    if (this.ready.length > 0 || wait == 0) {
      this.gather();
      this.heard();
      this.look();
      return this.ready;
    }
    while (true) {
      this.setTimer(end);
      hub.take(true);
      this.gather();
      if (hub.timerFired) {
        hub.resetTimer();
        abi.subtaskDrop(this.timer);
        this.timer = 0;
        this.timerAt = NEVER;
      }
      this.heard();
      this.look();
      if (this.ready.length > 0 || (end != NEVER && monotonic() >= end)) return this.ready;
    }
  }
  private setTimer(end: u64): void {
    if (end >= this.timerAt || end == NEVER) return;
    if (this.timer != 0) {
      abi.join(this.timer, 0);
      abi.subtaskCancel(this.timer);
      abi.subtaskDrop(this.timer);
    }
    const now = monotonic();
    const r = abi.waitFor(end > now ? end - now : 1);
    this.timer = <i32>(r >> 4);
    this.timerAt = end;
    if (this.timer != 0) abi.join(this.timer, hub.set());
    else this.timerAt = NEVER;
  }
  /** The host works only while this waits or yields: each yield lets it finish one thing more. */
  private gather(): void {
    for (let i = 0; i < 64; i++) {
      abi.yieldNow();
      if (!hub.take(false)) return;
      while (hub.take(false));
    }
  }
  private heard(): void {
    const stirred = this.queue;
    for (let i = 0; i < stirred.length; i++) {
      const fd = stirred[i].fd;
      if (this.keys.has(fd)) this.suspects.push(this.keys.get(fd));
    }
    stirred.length = 0;
  }
  private look(): void {
    const list = this.suspects;
    this.suspects = this.spare;
    for (let i = 0; i < list.length; i++) {
      const key = list[i];
      if (!key.registered) continue;
      const d = openStandard(key.fd);
      if (d === null) { key.errno = BADF; this.markReady(key, EVENT_ALL); continue; }
      if ((key.events & EVENT_READ) != 0 && canBeRead(d) && hub.isReadableNow(d)) this.markReady(key, EVENT_READ);
      if ((key.events & EVENT_WRITE) != 0 && canBeWritten(d) && (d.kind != Kind.CONNECTION || hub.isWritableNow(d))) this.markReady(key, EVENT_WRITE);
    }
    list.length = 0;
    this.spare = list;
  }
  protected attach(key: SelectorKey<T>): SelectorError {
    const d = openStandard(key.fd);
    if (d === null) return SelectorError.BAD_FD;
    const reads = (key.events & EVENT_READ) != 0 && canBeRead(d);
    const writes = (key.events & EVENT_WRITE) != 0 && canBeWritten(d);
    if (!reads && !writes && d.kind != Kind.LISTENER) return SelectorError.UNPOLLABLE;
    this.suspects.push(key);
    return SelectorError.NONE;
  }
  protected change(key: SelectorKey<T>): void { this.suspects.push(key); }
  protected detach(key: SelectorKey<T>): void {}
  protected release(): void { this.suspects = []; hub.endQueue(this.queue); }
}
function canBeRead(descriptor: Descriptor): bool {
  return descriptor.kind != Kind.OUTPUT;
}

function canBeWritten(descriptor: Descriptor): bool {
  return descriptor.kind == Kind.OUTPUT || descriptor.kind == Kind.CONNECTION;
}
