/**
 * Computes the events of `poll_oneoff`, in two dialects.
 *
 *   exact        Reports exactly the ready descriptors, with the true number of bytes. A descriptor
 *                that is not open gets an event with BADF. Due clocks are reported as well.
 *   wasmtime-36  Behaves as wasi-common 36 over poll(2). Once one descriptor is ready, all are
 *                reported. A read has max(FIONREAD, 1) bytes, a write 0. ERR becomes the error IO.
 *                A descriptor that is not open fails the whole call. Order: clocks, reads, writes.
 */
import { ClockId, Errno, Eventrwflags, Eventtype } from "../abi.js";
import type { ClockSubscription, Event, FdSubscription, Subscription } from "../kernel.js";
import { Ready, type Descriptor } from "./descriptor.js";

export type Dialect = "exact" | "wasmtime-36";

/**
 * A subscription to a descriptor. `descriptor` is undefined if it is not open (only in `exact`).
 * `index` is the position among the call's subscriptions.
 */
export interface Watched {
  index: number;
  type: FdSubscription["type"];
  fd: number;
  descriptor: Descriptor | undefined;
}

export interface Clock {
  index: number;
  /** Nanoseconds on the monotonic clock of the kernel. */
  deadline: number;
}

/** The decoded subscriptions of one call. */
export interface Watch {
  clocks: Clock[];
  fds: Watched[];
}

/** The parts of a kernel that {@link watch} uses. */
export interface WatchContext {
  readonly dialect: Dialect;
  readonly clock: { readonly now: number; readonly realtimeNs: bigint };
  find(fd: number): Descriptor | undefined;
}

/**
 * Looks up descriptors, and computes the clocks' deadlines. Keeps the order of the subscriptions.
 * @returns the watch, or a negated errno for a subscription that the dialect refuses
 */
export function watch(
  context: WatchContext,
  subscriptions: readonly Subscription[],
): Watch | number {
  const found: Watch = { clocks: [], fds: [] };
  const sleeps = subscriptions.length === 1;
  for (let index = 0; index < subscriptions.length; index++) {
    const subscription = subscriptions[index];
    if (subscription === undefined) continue;
    if (subscription.type === Eventtype.CLOCK) {
      const errno = clockError(context, subscription, sleeps);
      if (errno !== 0) return -errno;
      found.clocks.push({ index, deadline: after(context, subscription) });
    } else {
      const { type, fd } = subscription;
      const descriptor = context.find(fd);
      if (descriptor === undefined && context.dialect === "wasmtime-36") return -Errno.BADF;
      found.fds.push({ index, type, fd, descriptor });
    }
  }
  return found;
}

/**
 * Returns 0, or the errno for a clock that cannot be waited for.
 *
 * @param sleeps true if the clock is the only subscription
 */
function clockError(context: WatchContext, clock: ClockSubscription, sleeps: boolean): number {
  const { clockId, absolute } = clock;
  // A plain sleep is allowed on each clock.
  if (sleeps && !absolute) return 0;
  if (clockId !== ClockId.MONOTONIC && clockId !== ClockId.REALTIME) return Errno.INVAL;
  const refused = clockId === ClockId.REALTIME && absolute && context.dialect === "wasmtime-36";
  return refused ? Errno.NOTSUP : 0;
}

/** Returns the deadline of a clock, in nanoseconds of the monotonic clock. */
function after(context: WatchContext, clock: ClockSubscription): number {
  const timeout = Number(clock.timeout);
  if (!clock.absolute) return context.clock.now + timeout;
  if (clock.clockId === ClockId.MONOTONIC) return timeout;
  return context.clock.now + Number(clock.timeout - context.clock.realtimeNs);
}

/** Returns the earliest deadline of the clocks, in nanoseconds, or Infinity if there is none. */
export function deadlineOf({ clocks }: Watch): number {
  return clocks.reduce((first, { deadline }) => Math.min(first, deadline), Infinity);
}

/**
 * Returns true if poll(2) would report the subscription. A descriptor that is not open is ready: it
 * gets an event with an error.
 */
export function isReady({ type, descriptor }: Watched): boolean {
  if (descriptor === undefined) return true;
  const asked = type === Eventtype.FD_READ ? Ready.IN : Ready.OUT;
  return (descriptor.revents() & (asked | Ready.ERR | Ready.HUP)) !== 0;
}

/**
 * Returns the events at the end of a wait.
 *
 * @param now nanoseconds on the monotonic clock
 * @param ready the descriptors of `waited` for which {@link isReady} is true
 */
export function eventsOf(
  dialect: Dialect,
  now: number,
  waited: Watch,
  ready: readonly Watched[],
): Event[] {
  const due = waited.clocks.filter((clock) => clock.deadline <= now).map(clockEvent);
  if (ready.length === 0) return due;
  if (dialect === "exact") return [...due, ...ready.map(exactEvent)];
  const reads = waited.fds.filter((one) => one.type === Eventtype.FD_READ);
  const writes = waited.fds.filter((one) => one.type === Eventtype.FD_WRITE);
  return [...due, ...reads.map(wasmtimeEvent), ...writes.map(wasmtimeEvent)];
}

function clockEvent({ index }: Clock): Event {
  return { index, error: Errno.SUCCESS, type: Eventtype.CLOCK, nbytes: 0, flags: 0 };
}

function exactEvent({ index, type, descriptor }: Watched): Event {
  if (descriptor === undefined) {
    return { index, error: Errno.BADF, type, nbytes: 0, flags: 0 };
  }
  const reads = type === Eventtype.FD_READ;
  const nbytes = reads ? descriptor.readableBytes() : Math.max(0, descriptor.writableBytes());
  const over = (descriptor.revents() & (Ready.HUP | Ready.ERR)) !== 0;
  const flags = over ? Eventrwflags.HANGUP : 0;
  return { index, error: Errno.SUCCESS, type, nbytes, flags };
}

function wasmtimeEvent({ index, type, descriptor }: Watched): Event {
  if (descriptor === undefined) throw new Error("a stale descriptor fails the whole call");
  // wasmtime calls FIONREAD for each read before it looks at poll's result. With /dev/null this is
  // where it traps.
  const asked = type === Eventtype.FD_READ ? Math.max(descriptor.readableBytes(), 1) : 0;
  const revents = descriptor.revents();
  if ((revents & Ready.ERR) !== 0) {
    return { index, error: Errno.IO, type, nbytes: 0, flags: 0 };
  }
  // poll(2) reports a hangup for each direction, without being asked.
  const flags = (revents & Ready.HUP) !== 0 ? Eventrwflags.HANGUP : 0;
  return { index, error: Errno.SUCCESS, type, nbytes: asked, flags };
}
