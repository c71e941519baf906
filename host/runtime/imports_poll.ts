/**
 * The import `poll_oneoff`: reads subscriptions from the guest's memory, and writes events there.
 */
import { ClockId, Errno, Event as E, Eventtype, Subclockflags, Subscription as S } from "./abi.js";
import type { Event, Subscription } from "./kernel.js";
import type { Host, Imports } from "./preview1.js";
import type { Tracer } from "./trace.js";

/** Returns the import `poll_oneoff`, by name. */
export function pollImports(host: Host): Imports {
  return {
    poll_oneoff: (input: number, output: number, count: number, storedAt: number) => {
      const { kernel, memory, trace } = host;
      const size = count >>> 0;
      trace.number(size);
      if (size === 0) return Errno.INVAL;
      memory.check(storedAt, 4, 4);
      memory.check(output, size * E.size, E.align);
      // The input is copied, because the guest may let the events overwrite the subscriptions.
      memory.check(input, size * S.size, S.align);
      const asked = viewOf(memory.bytes(input, size * S.size).slice());
      const subscriptions = readAll(trace, asked, size);
      if (subscriptions === undefined) return Errno.INVAL;
      const events = kernel.poll(subscriptions);
      if (typeof events === "number") return -events;
      writeAll(host, output, events, asked);
      memory.setU32(storedAt, events.length);
      return Errno.SUCCESS;
    },
  };
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** Decodes the subscriptions. @returns undefined if one is of an unknown type, clock or flag */
function readAll(trace: Tracer, asked: DataView, count: number): Subscription[] | undefined {
  const all: Subscription[] = [];
  for (let base = 0; base < count * S.size; base += S.size) {
    const one = readOne(asked, base);
    if (one === undefined) return undefined;
    trace.number(asked.getInt32(base + S.userdata, true));
    trace.number(asked.getInt32(base + S.userdata + 4, true));
    trace.number(one.type);
    if (one.type === Eventtype.CLOCK) trace.bigint(one.timeout);
    else trace.number(one.fd);
    all.push(one);
  }
  return all;
}

function readOne(view: DataView, base: number): Subscription | undefined {
  const type = view.getUint8(base + S.type);
  if (type === Eventtype.FD_READ || type === Eventtype.FD_WRITE) {
    return { type, fd: view.getUint32(base + S.fd, true) };
  }
  if (type !== Eventtype.CLOCK) return undefined;
  const clockId = view.getUint32(base + S.clockId, true);
  const flags = view.getUint16(base + S.clockFlags, true);
  if (clockId > ClockId.THREAD_CPUTIME || (flags & ~Subclockflags.ABSTIME) !== 0) return undefined;
  return {
    type: Eventtype.CLOCK,
    clockId,
    timeout: view.getBigUint64(base + S.timeout, true),
    absolute: (flags & Subclockflags.ABSTIME) !== 0,
  };
}

function writeAll(
  { memory, trace }: Host,
  at: number,
  events: readonly Event[],
  asked: DataView,
): void {
  const view = memory.view(at, events.length * E.size, E.align);
  let base = 0;
  for (const { index, error, type, nbytes, flags } of events) {
    const from = index * S.size + S.userdata;
    setU64(view, base + E.userdata, asked.getUint32(from, true), asked.getUint32(from + 4, true));
    // One write sets the error, the type and the padding.
    setU64(view, base + E.error, error | (type << 16), 0);
    setU64(view, base + E.nbytes, nbytes, Math.floor(nbytes / 2 ** 32));
    setU64(view, base + E.flags, flags, 0);
    trace.number(index);
    trace.number((error << 16) | (type << 8) | flags);
    trace.number(nbytes);
    base += E.size;
  }
}

/** Writes a u64 as two u32. A bigint for each event would cost more than all the rest. */
function setU64(view: DataView, at: number, low: number, high: number): void {
  view.setUint32(at, low, true);
  view.setUint32(at + 4, high, true);
}
