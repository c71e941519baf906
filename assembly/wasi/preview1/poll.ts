/**
 * `poll_oneoff`, the only call in which a module waits for events.
 *
 * It differs from poll(2) in four ways. Events are returned in an array of their own, matched by
 * `userdata`. Each direction of a descriptor is a separate subscription. There is no timeout: the
 * caller subscribes to a clock. A call without subscriptions is an error (EINVAL).
 *
 * Hosts differ more than the standard allows. `selectors/host_readiness.ts` lists the differences,
 * and finds out which kind of host runs the module.
 */
import {
  clockid,
  errno,
  EVENT_BYTES,
  event_fd_readwrite,
  eventtype,
  poll_oneoff,
  sched_yield,
  SUBSCRIPTION_BYTES,
  subscription_clock,
  subscription_fd_readwrite,
} from "./abi";
import { countCall } from "../calls";
import { Fd } from "../fd";

export { assertLayout, EVENT_BYTES, SUBSCRIPTION_BYTES } from "./abi";

/** The subscription type for reads. */
export const READ: u8 = eventtype.FD_READ;
/** The subscription type for writes. */
export const WRITE: u8 = eventtype.FD_WRITE;
/** The `userdata` of clocks. Descriptors use their slot number, which is never this large. */
export const CLOCK_USERDATA: u64 = u64.MAX_VALUE;

const count = memory.data(8);
const pair = memory.data(96);
const pairEvents = memory.data(64);

/** Fills the subscription at `at`: an event with `userdata` when `fd` can be read or written. */
export function subscribe(at: usize, fd: Fd, direction: u8, userdata: u64): void {
  memory.fill(at, 0, SUBSCRIPTION_BYTES);
  const subscription = changetype<subscription_fd_readwrite>(at);
  subscription.userdata = userdata;
  subscription.type = direction;
  subscription.file_descriptor = fd;
}

/** Fills the subscription at `at`: an event after `nanoseconds`. */
export function subscribeClock(at: usize, nanoseconds: u64): void {
  memory.fill(at, 0, SUBSCRIPTION_BYTES);
  const clock = changetype<subscription_clock>(at);
  clock.userdata = CLOCK_USERDATA;
  clock.type = eventtype.CLOCK;
  clock.clock_id = clockid.MONOTONIC;
  clock.timeout = nanoseconds;
}

/** Changes only the timeout of a clock's subscription. */
export function setClock(at: usize, nanoseconds: u64): void {
  changetype<subscription_clock>(at).timeout = nanoseconds;
}

/** Changes only the `userdata` of a subscription. */
export function setUserdata(at: usize, userdata: u64): void {
  changetype<subscription_fd_readwrite>(at).userdata = userdata;
}

/**
 * Waits for an event of any of `n` subscriptions.
 *
 * @returns the number of events stored, or -errno
 */
export function poll(subscriptions: usize, events: usize, n: u32): i32 {
  countCall();
  const code = poll_oneoff(subscriptions, events, n, count);
  return code == errno.SUCCESS ? load<i32>(count) : -(<i32>code);
}

/** Returns event `index` of the array that {@link poll} filled. */
// @ts-ignore: decorator
@inline
export function eventAt(events: usize, index: u32): event_fd_readwrite {
  return changetype<event_fd_readwrite>(events + <usize>index * EVENT_BYTES);
}

/** The result of {@link pollOne} if the operation would block. */
export const NOT_READY: i32 = 0;
/** The result of {@link pollOne} if the operation would not block. */
export const READY: i32 = 1;
/** The result of {@link pollOne} after a hangup or an error. */
export const HUNG_UP: i32 = 2;

/**
 * Polls a single descriptor, without waiting. With one descriptor in the call, every known host is
 * exact.
 *
 * @returns NOT_READY, READY, HUNG_UP, or -errno if it cannot be polled
 */
export function pollOne(fd: Fd, direction: u8): i32 {
  subscribe(pair, fd, direction, 0);
  subscribeClock(pair + SUBSCRIPTION_BYTES, 0);
  const n = poll(pair, pairEvents, 2);
  if (n < 0) return n;
  for (let i = 0; i < n; i++) {
    const event = eventAt(pairEvents, i);
    if (event.userdata != 0) continue;
    if (event.error == <u16>errno.BADF) return -(<i32>errno.BADF);
    return event.error == 0 && event.flags == 0 ? READY : HUNG_UP;
  }
  return NOT_READY;
}

/** Sleeps for `nanoseconds`. On a host that cannot wait, yields the processor once instead. */
export function sleep(nanoseconds: u64): void {
  subscribeClock(pair, nanoseconds);
  if (poll(pair, pairEvents, 1) < 0) {
    countCall();
    sched_yield();
  }
}
