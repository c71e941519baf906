/** The imports of the canonical ABI itself: waitable sets, subtasks, streams and futures. */
import { GuestTrap } from "../../../host/runtime/outcome.js";
import { CopyEnd, type Direction, type Element, FutureEnd } from "./copying.js";
import { MAX_ELEMENTS, StreamEnd } from "./copying.js";
import type { ComponentHost, ComponentImport, ComponentImports } from "./host.js";
import type { Pending } from "./progress.js";
import { Subtask } from "./subtask.js";
import { EventCode, Waitable, WaitableSet } from "./waitable.js";

const PAYLOAD_AT = 4;

export function asyncImports(host: ComponentHost): ComponentImports {
  const { handles, progress, trace } = host;
  return {
    $root: {
      ...setImports(host),
      "[waitable-join]": (handle: number, set: number) => {
        trace.number(handle);
        trace.number(set);
        const waitable = handles.get(handle, Waitable);
        waitable.join(set === 0 ? undefined : handles.get(set, WaitableSet));
      },
      "[subtask-cancel]": (handle: number) => {
        trace.number(handle);
        return told(host, handles.get(handle, Subtask).cancel());
      },
      "[subtask-drop]": (handle: number) => {
        trace.number(handle);
        handles.get(handle, Subtask).close();
        handles.drop(handle, Subtask);
      },
      "[thread-yield]": () => {
        progress.work();
        return 0;
      },
    },
  };
}

function setImports(host: ComponentHost): Record<string, ComponentImport> {
  const { handles, progress, trace } = host;
  return {
    "[waitable-set-new]": () => told(host, handles.push(new WaitableSet())),
    "[waitable-set-wait]": (handle: number, at: number) => {
      const set = handles.get(handle, WaitableSet);
      progress.wait(set);
      return deliver(host, set, at);
    },
    "[waitable-set-poll]": (handle: number, at: number) => {
      return deliver(host, handles.get(handle, WaitableSet), at);
    },
    "[waitable-set-drop]": (handle: number) => {
      trace.number(handle);
      const { members } = handles.get(handle, WaitableSet);
      if (members.size > 0) throw new GuestTrap("resource has children");
      handles.drop(handle, WaitableSet);
    },
  };
}

/**
 * Delivers an event of a set.
 *
 * @returns the event's code; the waitable's handle and the payload are stored at `at`
 */
function deliver(host: ComponentHost, set: WaitableSet, at: number): number {
  const { memory, progress } = host;
  const { ready } = set;
  const waitable = ready.length > 0 ? ready[progress.pace.first(ready.length)] : undefined;
  if (waitable === undefined) return told(host, EventCode.NONE);
  const { code, payload } = waitable.takeEvent();
  memory.setU32(at, told(host, waitable.handle));
  memory.setU32(at + PAYLOAD_AT, told(host, payload));
  return told(host, code);
}

/** Adds a value to the trace. @returns the value as an i32 */
export function told({ trace }: ComponentHost, value: number): number {
  trace.number(value | 0);
  return value | 0;
}

/** Returns the stream operations for a host function that has a stream in its signature. */
export function streamImports(
  host: ComponentHost,
  { name, direction, element }: { name: string; direction: Direction; element: Element },
): Record<string, ComponentImport> {
  const { handles } = host;
  const end = (handle: number): StreamEnd => {
    const found = handles.get(handle, StreamEnd);
    if (found.isReadable === (direction === "read") && found.element === element) return found;
    throw new GuestTrap(`handle is not a stream of ${element} to ${direction}`);
  };
  const suffix = `${direction === "read" ? "readable" : "writable"}-0]${name}`;
  return {
    [`[async-lower][stream-${direction}-0]${name}`]: (at: number, pointer: number, count: number) =>
      copy(host, end(at), pointer, count),
    [`[stream-cancel-${direction}-0]${name}`]: (at: number) => cancel(host, end(at)),
    [`[stream-drop-${suffix}`]: (at: number) => {
      drop(host, end(at));
    },
  };
}

/**
 * Returns the operations for a host function that has a future in its signature. The component has
 * the readable end.
 */
export function futureImports(host: ComponentHost, name: string): Record<string, ComponentImport> {
  const end = (handle: number) => host.handles.get(handle, FutureEnd);
  return {
    [`[async-lower][future-read-1]${name}`]: (at: number, pointer: number) =>
      copy(host, end(at), pointer, 1),
    [`[future-cancel-read-1]${name}`]: (at: number) => cancel(host, end(at)),
    [`[future-drop-readable-1]${name}`]: (at: number) => {
      drop(host, end(at));
    },
  };
}

function copy(host: ComponentHost, end: CopyEnd & Pending, pointer: number, count: number): number {
  told(host, end.handle);
  told(host, count);
  const isOfBytes = end instanceof StreamEnd && end.element === "u8";
  if (isOfBytes && count >>> 0 <= MAX_ELEMENTS) checkPointer(host, end, pointer, count);
  const result = end.start(pointer, count);
  if (end.isPending) host.progress.add(end);
  return told(host, result);
}

function checkPointer(host: ComponentHost, end: StreamEnd, pointer: number, count: number): void {
  if (host.memory.has(pointer, count)) return;
  throw new GuestTrap(`${end.isReadable ? "write" : "read"} pointer out of bounds of memory`);
}

function cancel(host: ComponentHost, end: CopyEnd): number {
  told(host, end.handle);
  return told(host, end.cancel());
}

function drop({ handles, trace }: ComponentHost, end: CopyEnd): void {
  trace.number(end.handle);
  end.close();
  handles.drop(end.handle, CopyEnd);
}
