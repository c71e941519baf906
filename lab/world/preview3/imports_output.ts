/**
 * The imports for stdout and stderr of WASI 0.2: they are always writable, and a write blocks until
 * it is done.
 */
import { Errno } from "../../../host/runtime/abi.js";
import { GuestTrap } from "../../../host/runtime/outcome.js";
import { Held } from "./handles.js";
import type { ComponentHost, ComponentImports } from "./host.js";

const STDOUT = 1;
const STDERR = 2;
/** The bytes that `check-write` permits. */
const PERMIT_BYTES = 65_536n;
/** The most bytes of one `blocking-write-and-flush`; more end the component. */
const BLOCKING_WRITE_BYTES = 4096;
/** The cases of `stream-error`. */
const FAILED = 0;
const CLOSED = 1;

class OutputStream extends Held {
  static override readonly kind: string = "an output-stream";

  constructor(readonly fd: number) {
    super();
  }
}

class StreamError extends Held {
  static override readonly kind: string = "an error";
}

export function outputImports(host: ComponentHost): ComponentImports {
  const { handles, kernel, memory, trace } = host;
  const write = (handle: number, pointer: number, length: number, at: number): undefined => {
    const { fd } = handles.get(handle, OutputStream);
    const content = memory.bytes(pointer, length);
    trace.number(fd);
    trace.bytes(content);
    setStreamOutcome(host, at, kernel.write(fd, [content]));
  };
  return {
    "wasi:cli/stdout": { "get-stdout": () => handles.push(new OutputStream(STDOUT)) },
    "wasi:cli/stderr": { "get-stderr": () => handles.push(new OutputStream(STDERR)) },
    "wasi:io/error": {
      "[resource-drop]error": (handle: number) => void handles.drop(handle, StreamError),
    },
    "wasi:io/streams": {
      "[method]output-stream.check-write": (handle: number, at: number) => {
        handles.get(handle, OutputStream);
        memory.setU8(at, 0);
        memory.setU64(at + 8, PERMIT_BYTES);
      },
      "[method]output-stream.write": write,
      "[method]output-stream.flush": (handle: number, at: number) => {
        handles.get(handle, OutputStream);
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
      "[resource-drop]output-stream": (handle: number) => void handles.drop(handle, OutputStream),
    },
  };
}

/** Stores the result of a write. The component must drop an error's handle. */
function setStreamOutcome(host: ComponentHost, at: number, written: number): void {
  const { handles, memory, trace } = host;
  memory.setU8(at, written < 0 ? 1 : 0);
  if (written >= 0) return;
  trace.number(written);
  const isClosed = written === -Errno.PIPE;
  memory.setU8(at + 4, isClosed ? CLOSED : FAILED);
  if (!isClosed) memory.setU32(at + 8, handles.push(new StreamError()));
}
