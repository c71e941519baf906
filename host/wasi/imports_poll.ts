/** `poll_oneoff`: subscriptions out of the guest's memory, events into it. */
import { ClockId, Errno, Event as E, Eventtype, Subclockflags, Subscription as S } from "./abi.js";
import type { Event, Subscription } from "./kernel.js";
import type { Host, Imports } from "./preview1.js";

export function pollImports(host: Host): Imports {
  return {
    poll_oneoff: (input: number, output: number, count: number, storedAt: number) => {
      const { kernel, memory, trace } = host;
      const size = count >>> 0;
      trace.number(size);
      if (size === 0) return Errno.INVAL;
      memory.check(storedAt, 4, 4);
      memory.check(output, size * E.size, E.align);
      const subscriptions = readAll(host, input, size);
      if (subscriptions === undefined) return Errno.INVAL;
      const events = kernel.poll(subscriptions);
      if (typeof events === "number") return -events;
      writeAll(host, output, events);
      memory.setU32(storedAt, events.length);
      return Errno.SUCCESS;
    },
  };
}

/** @returns undefined if one of them is of no known kind */
function readAll({ memory, trace }: Host, at: number, count: number): Subscription[] | undefined {
  const view = memory.view(at, count * S.size, S.align);
  const all: Subscription[] = [];
  for (let base = 0; base < count * S.size; base += S.size) {
    const one = readOne(view, base);
    if (one === undefined) return undefined;
    trace.bigint(one.userdata);
    trace.number(one.type);
    if (one.type === Eventtype.CLOCK) trace.bigint(one.timeout);
    else trace.number(one.fd);
    all.push(one);
  }
  return all;
}

function readOne(view: DataView, base: number): Subscription | undefined {
  const userdata = view.getBigUint64(base + S.userdata, true);
  const type = view.getUint8(base + S.type);
  if (type === Eventtype.FD_READ || type === Eventtype.FD_WRITE) {
    return { type, userdata, fd: view.getUint32(base + S.fd, true) };
  }
  if (type !== Eventtype.CLOCK) return undefined;
  const clockId = view.getUint32(base + S.clockId, true);
  const flags = view.getUint16(base + S.clockFlags, true);
  if (clockId > ClockId.THREAD_CPUTIME || (flags & ~Subclockflags.ABSTIME) !== 0) return undefined;
  return {
    type: Eventtype.CLOCK,
    userdata,
    clockId,
    timeout: view.getBigUint64(base + S.timeout, true),
    absolute: (flags & Subclockflags.ABSTIME) !== 0,
  };
}

function writeAll({ memory, trace }: Host, at: number, events: readonly Event[]): void {
  const view = memory.view(at, events.length * E.size, E.align);
  events.forEach((event, index) => {
    const base = index * E.size;
    view.setBigUint64(base + E.userdata, event.userdata, true);
    // Sets the padding as well.
    view.setBigUint64(base + E.error, 0n);
    view.setUint16(base + E.error, event.error, true);
    view.setUint8(base + E.type, event.type);
    view.setBigUint64(base + E.nbytes, event.nbytes, true);
    view.setBigUint64(base + E.flags, 0n);
    view.setUint16(base + E.flags, event.flags, true);
    trace.bigint(event.userdata);
    trace.number((event.error << 16) | (event.type << 8) | event.flags);
    trace.bigint(event.nbytes);
  });
}
