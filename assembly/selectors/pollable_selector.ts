/**
 * The selector on WASI 0.2's pollables: one for each direction of a descriptor, kept from select to
 * select. `poll` names those that are ready, so little has to be verified; but it does not name all
 * of them.
 *
 * wasmtime looks at some 128 pollables at a time, the oldest first, and answers as soon as it has
 * found one among them. While those are busy, the others are never named. So with many descriptors
 * all are asked by themselves now and then (SWEEP_NANOSECONDS): a read takes a byte ahead, which is
 * kept for whoever reads next. A select that must not wait may find nothing for the same reason,
 * and asks likewise.
 *
 * A descriptor that was closed without `unregister` is reported as ready with `key.errno` by every
 * `select` until it is unregistered. Sockets that are closed but still have bytes on their way out
 * are watched beside the keys (wasi/preview2/remains.ts).
 */
import { monotonic } from "../wasi/clock";
import { BADF } from "../wasi/errno";
import { isReadable, isWritable } from "../wasi/preview2/descriptors";
import { HANDLE_BYTES, poll, startTimer, stopTimer } from "../wasi/preview2/poll";
import { listRemains, remainCount, remainsDue, sweepRemains } from "../wasi/preview2/remains";
import { openStandard } from "../wasi/preview2/stdio";
import { closings, Descriptor, doubts, kept, Kind } from "../wasi/preview2/table";
import { readablePollable, writablePollable } from "../wasi/preview2/wait";
import { BaseSelector, NEVER, NO_TIMEOUT, toNanoseconds } from "./base";
import { Spacing } from "./crowd";
import { SelectorError } from "./errors";
import { EVENT_ALL, EVENT_READ, EVENT_WRITE } from "./events";
import { SelectorEvent, SelectorKey } from "./key";

/** With so many entries or fewer, `poll` looks at them all. */
const SURE_ENTRIES: i32 = 100;
/** How long an entry beyond those may go unseen, in nanoseconds. */
const SWEEP_NANOSECONDS: u64 = 50_000_000;
/** Entries that the first allocation has room for; doubled when full. */
const FIRST_CAPACITY: u32 = 64;
const NO_SLOT: i32 = -1;

export class PollableSelector<T> extends BaseSelector<T> {
  private capacity: u32 = FIRST_CAPACITY;
  private handles: usize = heap.alloc(<usize>FIRST_CAPACITY * HANDLE_BYTES);
  private answer: usize = heap.alloc(<usize>FIRST_CAPACITY * HANDLE_BYTES);
  /** `owners[i]` is the key of entry i, and `descriptors[i]` what it watches. */
  private owners: Array<SelectorKey<T>> = [];
  private descriptors: Array<Descriptor> = [];
  /** Keys whose descriptor was closed: reported by every `select`, polled no more. */
  private failed: Array<SelectorKey<T>> = [];
  /** Closings that have been looked after. */
  private closings: u32 = closings;
  private sweptAt: u64 = 0;
  private spacing: Spacing = new Spacing();

  get name(): string {
    return "pollable";
  }

  select(timeout: f64 = NO_TIMEOUT): Array<SelectorEvent<T>> {
    if (!this.begin()) return this.ready;
    if (this.closings != closings) this.evict();
    const wait = toNanoseconds(timeout);
    if (wait == NEVER && this.owners.length == 0 && this.failed.length == 0) {
      return this.fail(SelectorError.NOTHING_TO_WAIT_FOR);
    }
    const start = wait == 0 || wait == NEVER ? 0 : monotonic();
    let left = wait;
    this.spacing.before(this.owners.length, left);
    while (true) {
      if (doubts > 0) this.settle();
      if (kept > 0) this.markKept();
      for (let i = 0; i < this.failed.length; i++) this.markReady(this.failed[i], EVENT_ALL);
      this.sort(this.wait(this.ready.length > 0 ? 0 : left));
      if (this.isUnsure(wait == 0)) this.sweep();
      this.spacing.after(this.owners.length);
      if (this.ready.length > 0 || wait == 0) return this.ready;
      if (wait == NEVER) continue;
      const passed = monotonic() - start;
      if (passed >= wait) return this.ready;
      left = wait - passed;
    }
  }

  protected attach(key: SelectorKey<T>): SelectorError {
    const descriptor = openStandard(key.fd);
    if (descriptor === null) return SelectorError.BAD_FD;
    const reads = (key.events & EVENT_READ) != 0 && canBeRead(descriptor);
    const writes = (key.events & EVENT_WRITE) != 0 && canBeWritten(descriptor);
    // A listener may be watched for writing, as in Python: it never is ready.
    if (!reads && !writes && descriptor.kind != Kind.LISTENER) return SelectorError.UNPOLLABLE;
    this.change(key);
    return SelectorError.NONE;
  }

  protected change(key: SelectorKey<T>): void {
    if (this.failed.includes(key)) return;
    const reads = (key.events & EVENT_READ) != 0;
    const writes = (key.events & EVENT_WRITE) != 0;
    if (reads && key._readSlot == NO_SLOT) key._readSlot = this.addSlot(key, false);
    if (!reads && key._readSlot != NO_SLOT) this.removeSlot(key._readSlot);
    if (writes && key._writeSlot == NO_SLOT) key._writeSlot = this.addSlot(key, true);
    if (!writes && key._writeSlot != NO_SLOT) this.removeSlot(key._writeSlot);
  }

  protected detach(key: SelectorKey<T>): void {
    if (key._readSlot != NO_SLOT) this.removeSlot(key._readSlot);
    if (key._writeSlot != NO_SLOT) this.removeSlot(key._writeSlot);
    const at = this.failed.indexOf(key);
    if (at >= 0) this.failed.splice(at, 1);
  }

  protected release(): void {
    heap.free(this.handles);
    heap.free(this.answer);
    this.owners = [];
    this.descriptors = [];
    this.failed = [];
  }

  /** Waits for the entries, for what remains of closed sockets, and for the time. */
  private wait(nanoseconds: u64): u32 {
    const entries = <u32>this.owners.length;
    const remains = <u32>remainCount();
    this.reserve(entries + remains + 1);
    let count = entries;
    let most = nanoseconds;
    if (remains > 0) {
      count += listRemains(this.handles + <usize>entries * HANDLE_BYTES);
      const now = monotonic();
      const due = remainsDue();
      most = min(most, due > now ? due - now : 0);
    }
    // A host gives way to its own work only for a timer that is new, also for one of no time.
    const timer = most == NEVER ? 0 : startTimer(most);
    if (most != NEVER) {
      store<i32>(this.handles + <usize>count * HANDLE_BYTES, timer);
      count++;
    }
    const named = poll(this.handles, count, this.answer);
    if (most != NEVER) stopTimer(timer);
    if (remains > 0) sweepRemains();
    return named;
  }

  private sort(named: u32): void {
    const entries = <u32>this.owners.length;
    for (let i: u32 = 0; i < named; i++) {
      const slot = load<u32>(this.answer + <usize>i * HANDLE_BYTES);
      if (slot >= entries) continue;
      const key = this.owners[slot];
      const isRead = key._readSlot == <i32>slot;
      if (key._event!.mask == 0) key.errno = 0;
      this.markReady(key, isRead ? EVENT_READ : EVENT_WRITE);
    }
  }

  /** Of what has been read a host says "ready" until a read finds nothing: so it is tried first. */
  private settle(): void {
    for (let i = 0; i < this.owners.length; i++) {
      const key = this.owners[i];
      if (!this.descriptors[i].doubtful || key._readSlot != i) continue;
      if (isReadable(key.fd) == 1) this.markReady(key, EVENT_READ);
    }
  }

  /** What somebody looked at and left. */
  private markKept(): void {
    for (let i = 0; i < this.owners.length; i++) {
      const isRead = this.owners[i]._readSlot == i;
      if (isRead && this.descriptors[i].keepsSomething) this.markReady(this.owners[i], EVENT_READ);
    }
  }

  /** Whether entries may be ready that were not named. */
  private isUnsure(onlyLooked: bool): bool {
    if (this.owners.length <= SURE_ENTRIES) return onlyLooked && this.ready.length == 0;
    const now = monotonic();
    if (now - this.sweptAt < SWEEP_NANOSECONDS) return false;
    this.sweptAt = now;
    return true;
  }

  /** Asks every entry by itself. */
  private sweep(): void {
    for (let i = 0; i < this.owners.length; i++) {
      const key = this.owners[i];
      const event = key._readSlot == i ? EVENT_READ : EVENT_WRITE;
      if ((key._event!.mask & event) != 0) continue;
      const isReady = event == EVENT_READ ? isReadable(key.fd) : isWritable(key.fd);
      if (isReady == 1) this.markReady(key, event);
    }
  }

  /** Finds those that were closed behind our back. */
  private evict(): void {
    this.closings = closings;
    for (let i = this.owners.length - 1; i >= 0; i--) {
      if (i >= this.owners.length || this.descriptors[i].isOpen) continue;
      const key = this.owners[i];
      this.detach(key);
      key.errno = BADF;
      this.failed.push(key);
    }
  }

  /** @returns its place, or NO_SLOT where the descriptor has no such direction */
  private addSlot(key: SelectorKey<T>, toWrite: bool): i32 {
    const descriptor = openStandard(key.fd);
    if (descriptor === null) return NO_SLOT;
    if (toWrite ? !canBeWritten(descriptor) : !canBeRead(descriptor)) return NO_SLOT;
    const slot = this.owners.length;
    this.owners.push(key);
    this.descriptors.push(descriptor);
    this.reserve(<u32>slot + 1);
    const pollable = toWrite ? writablePollable(descriptor) : readablePollable(descriptor);
    store<i32>(this.handles + <usize>slot * HANDLE_BYTES, pollable);
    return slot;
  }

  /** Moves the last entry into the hole, so that the list stays dense. */
  private removeSlot(slot: i32): void {
    const owner = this.owners[slot];
    if (owner._readSlot == slot) owner._readSlot = NO_SLOT;
    else owner._writeSlot = NO_SLOT;
    const mover = this.owners.pop();
    const moved = this.descriptors.pop();
    const last = this.owners.length;
    if (slot == last) return;
    this.owners[slot] = mover;
    this.descriptors[slot] = moved;
    const handle = load<i32>(this.handles + <usize>last * HANDLE_BYTES);
    store<i32>(this.handles + <usize>slot * HANDLE_BYTES, handle);
    if (mover._readSlot == last) mover._readSlot = slot;
    else mover._writeSlot = slot;
  }

  private reserve(entries: u32): void {
    if (entries <= this.capacity) return;
    while (this.capacity < entries) this.capacity *= 2;
    const bytes = <usize>this.capacity * HANDLE_BYTES;
    this.handles = heap.realloc(this.handles, bytes);
    this.answer = heap.realloc(this.answer, bytes);
  }
}

function canBeRead(descriptor: Descriptor): bool {
  return descriptor.kind != Kind.OUTPUT;
}

function canBeWritten(descriptor: Descriptor): bool {
  return descriptor.kind == Kind.OUTPUT || descriptor.kind == Kind.CONNECTION;
}
