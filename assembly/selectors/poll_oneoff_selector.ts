/**
 * The selector on `poll_oneoff`: exact readiness, also over a host that reports everything ready.
 *
 * How one `select` goes:
 *   1. One `poll_oneoff` over the kept subscriptions; the clock, in slot 0, is the timeout.
 *   2. Each event is certain (error, hangup, more than one byte; all of them on an exact host), or
 *      in doubt (see host_readiness.ts).
 *   3. What is in doubt is verified without consuming anything: PEEK for a connection, a poll of
 *      that one descriptor for a listener, stdin or a write. Listeners and stdin are few and come
 *      first. If neither they nor anything certain explain the wake, all unverified keys are
 *      verified; otherwise a rotating share of them (see poll_throttle.ts), since level-triggered
 *      means that the next wake reports the rest again.
 *   4. Nothing came of it and the time is not up: again from 1.
 *
 * A descriptor that was closed without `unregister` makes the whole call fail (EBADF). It is then
 * found, no longer polled, and reported as ready with `key.errno` by every `select` until it is
 * unregistered; the others do not notice.
 *
 * A host may take fewer subscriptions in one call than there are: wasmtime hands each to poll(2),
 * which refuses more of them than the process may have files (RLIMIT_NOFILE), and a key with both
 * interests has two. The call is then made in two halves, until one of them has something to say.
 */
import { monotonic } from "../wasi/clock";
import { INTR, INVAL } from "../wasi/errno";
import * as poll from "../wasi/preview1/poll";
import { canRead, canWrite, checkPollable, isBad, isPeekable } from "./single_descriptor";
import { BaseSelector, NEVER, NO_TIMEOUT, toNanoseconds } from "./base";
import { PollThrottle, verifyRounds } from "./poll_throttle";
import { SelectorError } from "./errors";
import { EVENT_ALL, EVENT_READ, EVENT_WRITE } from "./events";
import { HostReadiness, hostReadiness } from "./host_readiness";
import { SelectorEvent, SelectorKey } from "./key";

/** Slots that the first allocation has room for; doubled when full. */
const FIRST_CAPACITY: u32 = 64;
/** Slot 0 is the clock's. */
const CLOCK_SLOT: usize = 0;
/** How long a wait in halves attends to one before it looks at the other, in nanoseconds. */
const HALF_WAIT: u64 = 10_000_000;
/** One call waits no longer than this, in nanoseconds, so that no host overflows: a day. */
const MAX_POLL: u64 = 86_400_000_000_000;
const NO_SLOT: i32 = -1;

export class PollOneoffSelector<T> extends BaseSelector<T> {
  private capacity: u32 = FIRST_CAPACITY;
  private subscriptions: usize = heap.alloc(<usize>FIRST_CAPACITY * poll.SUBSCRIPTION_BYTES);
  private events: usize = heap.alloc(<usize>FIRST_CAPACITY * poll.EVENT_BYTES);
  /** `owners[i]` is the key of slot i + 1; dense, since slots are moved to fill holes. */
  private owners: Array<SelectorKey<T>> = [];
  /** Keys that the `select` under way has to verify: those that PEEK can ask, and the others. */
  private unverified: Array<SelectorKey<T>> = [];
  private unpeekable: Array<SelectorKey<T>> = [];
  /** Keys whose descriptor went bad: reported by every `select`, polled no more. */
  private failed: Array<SelectorKey<T>> = [];
  /** Counts the selects that verify only a share. */
  private round: u32 = 0;
  /** Deals out the phases of new keys. */
  private registrations: u32 = 0;
  private throttle: PollThrottle = new PollThrottle();

  /**
   * @param exact whether the host reports what is ready and nothing else; probed by default
   */
  constructor(private exact: bool = hostReadiness() == HostReadiness.EXACT) {
    super();
    poll.assertLayout();
    poll.subscribeClock(this.slotAt(CLOCK_SLOT), 0);
  }

  get name(): string {
    return this.exact ? "poll_oneoff (exact host)" : "poll_oneoff (verified)";
  }

  select(timeout: f64 = NO_TIMEOUT): Array<SelectorEvent<T>> {
    if (!this.begin()) return this.ready;
    const wait = toNanoseconds(timeout);
    if (wait == NEVER && this.owners.length == 0 && this.failed.length == 0) {
      return this.fail(SelectorError.NOTHING_TO_WAIT_FOR);
    }
    const start = wait == 0 || wait == NEVER ? 0 : monotonic();
    let left = this.failed.length > 0 ? 0 : wait;
    if (!this.exact) this.throttle.before(this.owners.length, left);
    while (true) {
      let n = this.wait(left);
      if (n == -INVAL && this.owners.length > 1) n = this.waitInHalves(left);
      // A signal has ended the wait: nothing is ready, as in Python.
      if (n == -INTR) return this.ready;
      if (n >= 0) {
        this.sort(n);
        this.verify();
        this.throttle.after(this.owners.length);
      } else if (this.evict(-n)) {
        // The others are looked at all the same.
        left = 0;
        continue;
      } else {
        return this.fail(SelectorError.HOST, -n);
      }
      for (let i = 0; i < this.failed.length; i++) this.markReady(this.failed[i], EVENT_ALL);
      if (this.ready.length > 0 || wait == 0) return this.ready;
      if (wait == NEVER) continue;
      const passed = monotonic() - start;
      if (passed >= wait) return this.ready;
      left = wait - passed;
    }
  }

  protected attach(key: SelectorKey<T>): SelectorError {
    key._peekable = isPeekable(key);
    // What can be peeked at can be polled as well.
    if (!key._peekable) {
      const error = checkPollable(key, this.trustStdin);
      if (error != SelectorError.NONE) return error;
    }
    key._phase = this.registrations++;
    this.change(key);
    return SelectorError.NONE;
  }

  protected change(key: SelectorKey<T>): void {
    if (this.failed.includes(key)) return;
    const reads = (key.events & EVENT_READ) != 0;
    const writes = (key.events & EVENT_WRITE) != 0;
    if (reads && key._readSlot == NO_SLOT) key._readSlot = this.addSlot(key, poll.READ);
    if (!reads && key._readSlot != NO_SLOT) this.removeSlot(key._readSlot);
    if (writes && key._writeSlot == NO_SLOT) key._writeSlot = this.addSlot(key, poll.WRITE);
    if (!writes && key._writeSlot != NO_SLOT) this.removeSlot(key._writeSlot);
  }

  protected detach(key: SelectorKey<T>): void {
    if (key._readSlot != NO_SLOT) this.removeSlot(key._readSlot);
    if (key._writeSlot != NO_SLOT) this.removeSlot(key._writeSlot);
    const at = this.failed.indexOf(key);
    if (at >= 0) this.failed.splice(at, 1);
  }

  protected release(): void {
    heap.free(this.subscriptions);
    heap.free(this.events);
    this.owners = [];
    this.unverified = [];
    this.unpeekable = [];
    this.failed = [];
  }

  /** Step 1. @returns the number of events, or -errno */
  private wait(nanoseconds: u64): i32 {
    this.polls++;
    const slots = <u32>this.owners.length;
    if (nanoseconds == NEVER) return poll.poll(this.slotAt(1), this.events, slots);
    poll.setClock(this.slotAt(CLOCK_SLOT), min(nanoseconds, MAX_POLL));
    return poll.poll(this.subscriptions, this.events, slots + 1);
  }

  /**
   * Step 1 for more subscriptions than the host takes at once. The second half is followed by a
   * clock of its own. @returns the number of events, maybe 0 before the time is up, or -errno
   */
  private waitInHalves(nanoseconds: u64): i32 {
    const slots = <u32>this.owners.length;
    const half = slots / 2;
    poll.setClock(this.slotAt(CLOCK_SLOT), 0);
    const first = poll.poll(this.subscriptions, this.events, half + 1);
    if (first < 0) return first;
    // A clock may be among the events; only descriptors make the second wait needless.
    const wait = this.namesDescriptor(first) ? 0 : min(nanoseconds, HALF_WAIT);
    poll.subscribeClock(this.slotAt(slots + 1), wait);
    const events = this.events + <usize>first * poll.EVENT_BYTES;
    const second = poll.poll(this.slotAt(half + 1), events, slots - half + 1);
    return second < 0 ? second : first + second;
  }

  private namesDescriptor(n: i32): bool {
    for (let i = 0; i < n; i++) {
      if (poll.eventAt(this.events, i).userdata != poll.CLOCK_USERDATA) return true;
    }
    return false;
  }

  /** Step 2: marks the certain keys ready, and collects the others, which are to be verified. */
  private sort(n: i32): void {
    for (let i = 0; i < n; i++) {
      const event = poll.eventAt(this.events, i);
      if (event.userdata == poll.CLOCK_USERDATA) continue;
      const key = this.owners[<i32>event.userdata - 1];
      const direction = event.type == <u8>poll.READ ? EVENT_READ : EVENT_WRITE;
      // The error of one direction is not forgotten for the other's sake.
      const listed = key._event!.mask != 0;
      if (event.error != 0 || event.flags != 0) {
        // An error or a hangup ends the wait in both directions, as in Python.
        if (event.error != 0 || !listed) key.errno = event.error;
        this.markReady(key, EVENT_ALL);
      } else if (this.exact || (direction == EVENT_READ && event.nbytes > 1)) {
        if (!listed) key.errno = 0;
        this.markReady(key, direction);
      } else {
        if (key._unverified == 0) (key._peekable ? this.unverified : this.unpeekable).push(key);
        key._unverified |= direction;
      }
    }
  }

  /** Step 3. */
  private verify(): void {
    for (let i = 0; i < this.unpeekable.length; i++) this.verifyOne(this.unpeekable[i]);
    this.unpeekable.length = 0;
    const all = this.ready.length == 0;
    const rounds = verifyRounds(this.unverified.length);
    if (!all) this.round++;
    for (let i = 0; i < this.unverified.length; i++) {
      const key = this.unverified[i];
      // A key that is ready one way is on the list anyhow: its mask is made complete.
      const listed = key._event!.mask != 0;
      if (all || listed || (key._phase + this.round) % rounds == 0) this.verifyOne(key);
      else key._unverified = 0;
    }
    this.unverified.length = 0;
  }

  private verifyOne(key: SelectorKey<T>): void {
    const unverified = key._unverified;
    key._unverified = 0;
    if (key._event!.mask == 0) key.errno = 0;
    if ((unverified & EVENT_READ) != 0 && canRead(key)) this.markReady(key, EVENT_READ);
    if ((unverified & EVENT_WRITE) != 0 && canWrite(key)) this.markReady(key, EVENT_WRITE);
  }

  /** The call failed: finds the keys that it failed for. @returns false if there are none */
  private evict(errno: i32): bool {
    let found = false;
    const keys = this.keys.values();
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      if (key._readSlot == NO_SLOT && key._writeSlot == NO_SLOT) continue;
      if (!isBad(key, errno)) continue;
      this.detach(key);
      key.errno = errno;
      this.failed.push(key);
      found = true;
    }
    return found;
  }

  private addSlot(key: SelectorKey<T>, direction: u8): i32 {
    this.owners.push(key);
    const slot = this.owners.length;
    // One place more than the slots: the second half of a wait in halves needs a clock.
    if (<u32>slot + 1 >= this.capacity) this.grow();
    poll.subscribe(this.slotAt(slot), key.fd, direction, slot);
    return slot;
  }

  /** Moves the last subscription into the hole, so that the list stays dense. */
  private removeSlot(slot: i32): void {
    const owner = this.owners[slot - 1];
    if (owner._readSlot == slot) owner._readSlot = NO_SLOT;
    else owner._writeSlot = NO_SLOT;
    const last = this.owners.length;
    const mover = this.owners.pop();
    if (slot == last) return;
    this.owners[slot - 1] = mover;
    memory.copy(this.slotAt(slot), this.slotAt(last), poll.SUBSCRIPTION_BYTES);
    poll.setUserdata(this.slotAt(slot), slot);
    if (mover._readSlot == last) mover._readSlot = slot;
    else mover._writeSlot = slot;
  }

  private grow(): void {
    this.capacity *= 2;
    const bytes = <usize>this.capacity * poll.SUBSCRIPTION_BYTES;
    this.subscriptions = heap.realloc(this.subscriptions, bytes);
    this.events = heap.realloc(this.events, <usize>this.capacity * poll.EVENT_BYTES);
  }

  // @ts-ignore: decorator
  @inline
  private slotAt(slot: usize): usize {
    return this.subscriptions + slot * poll.SUBSCRIPTION_BYTES;
  }
}
