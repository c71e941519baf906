/**
 * The selector on `poll_oneoff`. Its readiness is exact even if the host reports every descriptor
 * as ready.
 *
 * One `select`:
 *
 * 1. It makes one `poll_oneoff` call with all subscriptions. The clock in slot 0 is the timeout.
 * 2. It sorts the events. An event is exact (an error, a hangup, more than one byte, or any event
 *    of an exact host) or doubtful (see host_readiness.ts).
 * 3. It verifies doubtful events without consuming anything: by PEEK for a connection, by a poll of
 *    the single descriptor for a listener, stdin or a write. It verifies listeners and stdin
 *    before the connections, since they are few. If one of them is ready, or there is an exact
 *    event, it verifies only a rotating share of the connections (see poll_throttle.ts); the next
 *    wait reports the others again, since it is level-triggered. Otherwise it verifies all keys.
 * 4. If no key is ready and time is left, it goes back to 1.
 *
 * A descriptor that was closed without `unregister` makes the whole call fail (EBADF). The selector
 * finds it and polls it no more. Each `select` reports it as ready with `key.errno`, until it is
 * unregistered. The other keys are not affected.
 *
 * A host may limit the subscriptions of one call: wasmtime passes each to poll(2), which refuses
 * more than RLIMIT_NOFILE, and a key with both interests needs two. Then the selector polls two
 * halves of its list in turn, until one has an event.
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

/** The initial capacity in slots. It doubles when full. */
const FIRST_CAPACITY: u32 = 64;
/** The slot of the clock. */
const CLOCK_SLOT: usize = 0;
/** The longest wait for one half of the list before the other half is polled, in nanoseconds. */
const HALF_WAIT: u64 = 10_000_000;
/** The longest wait of one call, in nanoseconds: a day, so that no host overflows. */
const MAX_POLL: u64 = 86_400_000_000_000;
const NO_SLOT: i32 = -1;

export class PollOneoffSelector<T> extends BaseSelector<T> {
  private capacity: u32 = FIRST_CAPACITY;
  private subscriptions: usize = heap.alloc(<usize>FIRST_CAPACITY * poll.SUBSCRIPTION_BYTES);
  private events: usize = heap.alloc(<usize>FIRST_CAPACITY * poll.EVENT_BYTES);
  /**
   * The keys by slot: `owners[i]` has slot i + 1. The list is dense: the last slot fills each hole.
   */
  private owners: Array<SelectorKey<T>> = [];
  /** The keys that the current `select` has to verify by PEEK. */
  private unverified: Array<SelectorKey<T>> = [];
  /** The keys that it has to verify by a poll: PEEK cannot. */
  private unpeekable: Array<SelectorKey<T>> = [];
  /** The keys with a bad descriptor. Each `select` reports them; none polls them. */
  private failed: Array<SelectorKey<T>> = [];
  /** The number of times that only a share of the keys was verified. */
  private round: u32 = 0;
  /** The number of registrations: the phase of the next key. */
  private registrations: u32 = 0;
  private throttle: PollThrottle = new PollThrottle();

  /** @param exact true if the host reports ready descriptors only; found by a probe by default */
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
    if (!this.exact) this.throttle.waitForGap(this.owners.length, left);
    while (true) {
      let n = this.wait(left);
      if (n == -INVAL && this.owners.length > 1) n = this.waitInHalves(left);
      // A signal has ended the wait. No key is ready, as in Python.
      if (n == -INTR) return this.ready;
      if (n >= 0) {
        this.sort(n);
        this.verify();
        this.throttle.noteWaitEnd(this.owners.length);
      } else if (this.evict(-n)) {
        // Polls the other keys again, without waiting.
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
    // A descriptor that can be peeked at can be polled, too.
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

  /** Does step 1. @returns the number of events, or -errno */
  private wait(nanoseconds: u64): i32 {
    this.polls++;
    const slots = <u32>this.owners.length;
    if (nanoseconds == NEVER) return poll.poll(this.slotAt(1), this.events, slots);
    poll.setClock(this.slotAt(CLOCK_SLOT), min(nanoseconds, MAX_POLL));
    return poll.poll(this.subscriptions, this.events, slots + 1);
  }

  /**
   * Does step 1 in two calls, for more subscriptions than the host takes at once. The second half
   * has a clock of its own, in the slot after the last one.
   *
   * @returns the number of events, maybe 0 before the timeout, or -errno
   */
  private waitInHalves(nanoseconds: u64): i32 {
    const slots = <u32>this.owners.length;
    const half = slots / 2;
    poll.setClock(this.slotAt(CLOCK_SLOT), 0);
    const first = poll.poll(this.subscriptions, this.events, half + 1);
    if (first < 0) return first;
    // The first call may return its clock only. Then the second call may wait.
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

  /** Does step 2: marks the keys with exact events as ready, and collects the doubtful ones. */
  private sort(n: i32): void {
    for (let i = 0; i < n; i++) {
      const event = poll.eventAt(this.events, i);
      if (event.userdata == poll.CLOCK_USERDATA) continue;
      const key = this.owners[<i32>event.userdata - 1];
      const direction = event.type == <u8>poll.READ ? EVENT_READ : EVENT_WRITE;
      // An event of one direction must not clear the error of the other.
      const listed = key._event!.mask != 0;
      if (event.error != 0 || event.flags != 0) {
        // An error or a hangup makes both directions ready, as in Python.
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

  /** Does step 3: verifies the doubtful keys. */
  private verify(): void {
    for (let i = 0; i < this.unpeekable.length; i++) this.verifyOne(this.unpeekable[i]);
    this.unpeekable.length = 0;
    const all = this.ready.length == 0;
    const rounds = verifyRounds(this.unverified.length);
    if (!all) this.round++;
    for (let i = 0; i < this.unverified.length; i++) {
      const key = this.unverified[i];
      // A key that is ready in one direction is always verified, so that its mask is complete.
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

  /**
   * Moves the keys that made the call fail with `errno` to `failed`.
   *
   * @returns false if there are none
   */
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
    // The slot after the last one must exist, for the second clock of {@link waitInHalves}.
    if (<u32>slot + 1 >= this.capacity) this.grow();
    poll.subscribe(this.slotAt(slot), key.fd, direction, slot);
    return slot;
  }

  /** Removes a subscription. The last one moves into its slot, so that the list stays dense. */
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
