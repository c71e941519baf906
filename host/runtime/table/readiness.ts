/**
 * What `poll_oneoff` answers, in two dialects.
 *
 *   exact        what is ready and nothing else; the bytes are true; each descriptor that is not
 *                open is an event with BADF; clocks that are due are told beside descriptors
 *   wasmtime-36  as wasi-common 36 over poll(2): once one descriptor is ready every one is
 *                reported; a read has max(FIONREAD, 1) bytes, a write none; ERR becomes IO; a
 *                descriptor that is not open fails the call; order: clocks, reads, writes
 */
import { ClockId, Errno, Eventrwflags, Eventtype } from "../abi.js";
import type { ClockSubscription, Event, FdSubscription, Subscription } from "../kernel.js";
import { Ready, type Descriptor } from "./descriptor.js";

export type Dialect = "exact" | "wasmtime-36";

/** A descriptor's subscription with what it speaks of; undefined: it is not open (exact only). */
export interface Watched {
  index: number;
  type: FdSubscription["type"];
  fd: number;
  descriptor: Descriptor | undefined;
}

export interface Clock {
  index: number;
  /** In nanoseconds of the world. */
  deadline: number;
}

export interface Watch {
  clocks: Clock[];
  fds: Watched[];
}

/** What a watch needs of its kernel. */
export interface WatchContext {
  readonly dialect: Dialect;
  readonly clock: { readonly now: number; readonly realtimeNs: bigint };
  find(fd: number): Descriptor | undefined;
}

/** Sorts the subscriptions out, in their order. @returns a negated errno if one is not possible */
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

/** @param sleeps whether it is asked for alone */
function clockError(context: WatchContext, clock: ClockSubscription, sleeps: boolean): number {
  const { clockId, absolute } = clock;
  // A sleep, on whatever clock.
  if (sleeps && !absolute) return 0;
  if (clockId !== ClockId.MONOTONIC && clockId !== ClockId.REALTIME) return Errno.INVAL;
  const refused = clockId === ClockId.REALTIME && absolute && context.dialect === "wasmtime-36";
  return refused ? Errno.NOTSUP : 0;
}

function after(context: WatchContext, clock: ClockSubscription): number {
  const timeout = Number(clock.timeout);
  if (!clock.absolute) return context.clock.now + timeout;
  if (clock.clockId === ClockId.MONOTONIC) return timeout;
  return context.clock.now + Number(clock.timeout - context.clock.realtimeNs);
}

/** When the first of the clocks is due. */
export function deadlineOf({ clocks }: Watch): number {
  return clocks.reduce((first, { deadline }) => Math.min(first, deadline), Infinity);
}

/** Whether one subscription is ready, as poll(2) would say. */
export function isReady({ type, descriptor }: Watched): boolean {
  if (descriptor === undefined) return true;
  const asked = type === Eventtype.FD_READ ? Ready.IN : Ready.OUT;
  return (descriptor.revents() & (asked | Ready.ERR | Ready.HUP)) !== 0;
}

/** The events of a wait that is over; `ready` are those of its descriptors that are. */
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
  // Asked of every read, before anything else: this is where /dev/null traps.
  const asked = type === Eventtype.FD_READ ? Math.max(descriptor.readableBytes(), 1) : 0;
  const revents = descriptor.revents();
  if ((revents & Ready.ERR) !== 0) {
    return { index, error: Errno.IO, type, nbytes: 0, flags: 0 };
  }
  // poll(2) was asked about this direction alone, but says of a hangup unasked.
  const flags = (revents & Ready.HUP) !== 0 ? Eventrwflags.HANGUP : 0;
  return { index, error: Errno.SUCCESS, type, nbytes: asked, flags };
}
