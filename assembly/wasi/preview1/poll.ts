/**
 * `poll_oneoff`: the one call in which this module waits.
 *
 * It differs from poll(2) in four ways that matter here. Events come back in an array of their
 * own, matched by `userdata`. Each direction of a descriptor is a subscription of its own. There is
 * no timeout: a clock is subscribed to. And no subscription at all is an error (EINVAL).
 *
 * How a host answers varies more than the standard lets one hope; what this project found is in
 * `selectors/host_readiness.ts`, where it is dealt with.
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

/** Wait for something to read. */
export const READ: u8 = eventtype.FD_READ;
/** Wait for room to write. */
export const WRITE: u8 = eventtype.FD_WRITE;
/** The `userdata` of a clock's event; descriptors use their slot, which is never this. */
export const CLOCK_USERDATA: u64 = u64.MAX_VALUE;

const count = memory.data(8);
const pair = memory.data(96);
const pairEvents = memory.data(64);

/** Fills a subscription: "tell me, with `userdata`, when `fd` can be read or written". */
export function subscribe(at: usize, fd: Fd, direction: u8, userdata: u64): void {
  memory.fill(at, 0, SUBSCRIPTION_BYTES);
  const subscription = changetype<subscription_fd_readwrite>(at);
  subscription.userdata = userdata;
  subscription.type = direction;
  subscription.file_descriptor = fd;
}

/** Fills a subscription: "wake me in `nanoseconds`, whatever happens". */
export function subscribeClock(at: usize, nanoseconds: u64): void {
  memory.fill(at, 0, SUBSCRIPTION_BYTES);
  const clock = changetype<subscription_clock>(at);
  clock.userdata = CLOCK_USERDATA;
  clock.type = eventtype.CLOCK;
  clock.clock_id = clockid.MONOTONIC;
  clock.timeout = nanoseconds;
}

/** Changes only the time of a clock filled before. */
export function setClock(at: usize, nanoseconds: u64): void {
  changetype<subscription_clock>(at).timeout = nanoseconds;
}

/** Changes only the `userdata` of a subscription filled before. */
export function setUserdata(at: usize, userdata: u64): void {
  changetype<subscription_fd_readwrite>(at).userdata = userdata;
}

/** Waits for any of `n` subscriptions. @returns how many events were stored, or -errno */
export function poll(subscriptions: usize, events: usize, n: u32): i32 {
  countCall();
  const code = poll_oneoff(subscriptions, events, n, count);
  return code == errno.SUCCESS ? load<i32>(count) : -(<i32>code);
}

/** One event of the array that {@link poll} filled. */
// @ts-ignore: decorator
@inline
export function eventAt(events: usize, index: u32): event_fd_readwrite {
  return changetype<event_fd_readwrite>(events + <usize>index * EVENT_BYTES);
}

/** What {@link pollOne} answers: an operation would wait, would not, or would find a wreck. */
export const NOT_READY: i32 = 0;
export const READY: i32 = 1;
export const HUNG_UP: i32 = 2;

/**
 * Whether one descriptor is ready, asked about it alone: with only one descriptor in the call
 * every known host answers exactly. Does not wait.
 *
 * @returns NOT_READY, READY, HUNG_UP (also for an error), or -errno if it cannot be asked
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

/** Does nothing for `nanoseconds`; gives the processor away once where the host cannot wait. */
export function sleep(nanoseconds: u64): void {
  subscribeClock(pair, nanoseconds);
  if (poll(pair, pairEvents, 1) < 0) {
    countCall();
    sched_yield();
  }
}
