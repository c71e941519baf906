/** `wasi:io`: streams that are read and written, what is waited for, and what has gone wrong. */
import { Errno } from "../../abi.js";
import { GuestTrap } from "../../outcome.js";
import type { ComponentHost, ComponentImports } from "./host.js";
import { type Awaited, readiness } from "./kernel.js";
import { BLOCKING_WRITE_BYTES, outputPermit, READ_BYTES } from "./line.js";
import type { Resource } from "./resources.js";

const LAST_SOCKET_LESS_FD = 2;
/** Of `stream-error`. */
const FAILED = 0;
const CLOSED = 1;
/** When a deadline was that was made for no time, and has been waited for. */
const LET_GO = -1;

export function ioImports(host: ComponentHost): ComponentImports {
  return {
    "wasi:io/poll": pollImports(host),
    "wasi:io/error": {
      "[resource-drop]error": (handle: number) => void host.resources.drop(handle, "error"),
    },
    "wasi:io/streams": { ...inputImports(host), ...outputImports(host) },
  };
}

function pollImports(host: ComponentHost): ComponentImports[string] {
  const { kernel, memory, resources, trace } = host;
  return {
    poll: (list: number, count: number, at: number) => {
      if (count === 0) throw new GuestTrap("empty poll list");
      // One look for each that is waited for, however often it is in the list, the oldest first.
      const places = new Map<Resource, number[]>();
      memory.words(list, count).forEach((handle, place) => {
        trace.number(handle);
        const { parent } = resources.get(handle, "pollable");
        if (parent === undefined) throw new Error("a pollable of nothing");
        places.set(parent, [...(places.get(parent) ?? []), place]);
      });
      const asked = [...places.keys()].sort((one, two) => one.place - two.place);
      const events = kernel.waitFor(asked.map((one) => awaited(host, one)));
      // A timer for no time lets go once.
      for (const one of asked) if (one.due === -Infinity) one.due = LET_GO;
      if (typeof events === "number") throw new Error(`a wait has failed: ${events}`);
      const named = events.flatMap(({ index }) => places.get(asked[index] as Resource) ?? []);
      for (const place of named) trace.number(place);
      memory.setWords(at, named);
    },
    "[resource-drop]pollable": (handle: number) => {
      trace.number(handle);
      resources.drop(handle, "pollable");
    },
  };
}

function awaited({ kernel }: ComponentHost, { kind, fd, due }: Resource): Awaited {
  // A socket that is connected is what one waits for who waits for a socket.
  const isConnection = kind === "socket" && kernel.hosted(fd) !== undefined;
  if (kind !== "deadline" && !isConnection) {
    const direction = kind === "output" ? "output" : "input";
    return { subscription: readiness(fd, direction), hasLetGo: false };
  }
  const timeout = BigInt(Math.max(0, isConnection ? 0 : due - kernel.now));
  const hasLetGo = isConnection || due !== -Infinity;
  return { subscription: { type: 0, clockId: 1, timeout, absolute: false }, hasLetGo };
}

function inputImports(host: ComponentHost): ComponentImports[string] {
  const { kernel, memory, resources, trace } = host;
  return {
    "[method]input-stream.read": (handle: number, most: bigint, at: number) => {
      const { fd } = resources.get(handle, "input");
      const bytes = Number(most < READ_BYTES ? most : READ_BYTES);
      trace.number(fd);
      trace.number(bytes);
      const target = new Uint8Array(bytes);
      const isSocket = fd > LAST_SOCKET_LESS_FD;
      const got =
        bytes === 0 ? -Errno.AGAIN : isSocket ? kernel.recv(fd, [target], 0) : read(host, target);
      if (got > 0 || got === -Errno.AGAIN) {
        const content = target.subarray(0, Math.max(got, 0));
        trace.bytes(content);
        memory.setU8(at, 0);
        memory.setBytes(at + 4, content);
      } else {
        // The end is "closed"; whatever else has happened is a failure.
        setStreamError(host, at, at + 4, got === 0 ? -Errno.PIPE : -Errno.CONNRESET);
      }
    },
    "[method]input-stream.subscribe": (handle: number) => subscribe(host, handle, "input"),
    "[resource-drop]input-stream": (handle: number) => {
      trace.number(handle);
      const { fd, parent } = resources.drop(handle, "input");
      if (parent !== undefined) kernel.stopReading(fd);
    },
  };
}

/** Of stdin, without waiting. */
function read({ kernel }: ComponentHost, target: Uint8Array): number {
  return kernel.isReadable(0) ? kernel.read(0, [target]) : -Errno.AGAIN;
}

function outputImports(host: ComponentHost): ComponentImports[string] {
  const { kernel, memory, resources, trace } = host;
  const write = (handle: number, pointer: number, length: number, at: number): undefined => {
    const { fd } = resources.get(handle, "output");
    const content = memory.bytes(pointer, length);
    trace.number(fd);
    trace.bytes(content);
    const isSocket = fd > LAST_SOCKET_LESS_FD;
    if (isSocket) checkPermit(host, fd, content.length);
    const written = isSocket ? kernel.send(fd, [content]) : kernel.write(fd, [content]);
    if (written < 0) setStreamError(host, at, at + 4, written);
    else memory.setU8(at, 0);
  };
  return {
    "[method]output-stream.check-write": (handle: number, at: number) => {
      const { fd } = resources.get(handle, "output");
      trace.number(fd);
      const permit = fd > LAST_SOCKET_LESS_FD ? kernel.permit(fd) : outputPermit(kernel.line);
      if (permit < 0) {
        setStreamError(host, at, at + 8, permit);
        return;
      }
      trace.number(permit);
      memory.setU8(at, 0);
      memory.setU64(at + 8, BigInt(permit));
    },
    "[method]output-stream.write": write,
    "[method]output-stream.flush": (handle: number, at: number) => {
      resources.get(handle, "output");
      memory.setU8(at, 0);
    },
    "[method]output-stream.blocking-write-and-flush": (
      handle: number,
      pointer: number,
      length: number,
      at: number,
    ) => {
      if (length >>> 0 > BLOCKING_WRITE_BYTES) {
        throw new GuestTrap(`Buffer too large for blocking-write-and-flush: ${length >>> 0}`);
      }
      write(handle, pointer, length, at);
    },
    "[method]output-stream.subscribe": (handle: number) => subscribe(host, handle, "output"),
    "[resource-drop]output-stream": (handle: number) => {
      trace.number(handle);
      const { fd, parent } = resources.drop(handle, "output");
      if (parent !== undefined) kernel.stopWriting(fd);
    },
  };
}

/** The younger line wants each write to have been permitted, the older one each but the first. */
function checkPermit({ kernel }: ComponentHost, fd: number, bytes: number): void {
  const stream = kernel.hosted(fd);
  if (stream === undefined || stream.mayWrite(bytes)) return;
  throw new GuestTrap(`not permitted to write ${bytes} bytes`);
}

function subscribe(host: ComponentHost, handle: number, kind: "input" | "output"): number {
  const stream = host.resources.get(handle, kind);
  return host.resources.push("pollable", stream.fd, stream).handle;
}

/** A result that is an error: closed, or failed, with an error that the guest has to give back. */
function setStreamError(host: ComponentHost, tagAt: number, at: number, errno: number): void {
  const { memory, resources, trace } = host;
  trace.number(errno);
  memory.setU8(tagAt, 1);
  const isClosed = errno === -Errno.PIPE;
  memory.setU8(at, isClosed ? CLOSED : FAILED);
  if (!isClosed) memory.setU32(at + 4, resources.push("error", -1).handle);
}
