/**
 * Standard input, output and error, in a component. The outputs use WASI 0.2: a write blocks until
 * the reader has room. On wasmtime, a write of WASI 0.3 blocks, too.
 */
import { countCall } from "../calls";
import { AGAIN, BADF, CONNRESET, PIPE } from "../errno";
import { Fd, STDERR, STDIN, STDOUT } from "../fd";
import * as abi from "./abi";
import { Event } from "./canonical";
import { ReadAhead } from "./read_ahead";
import { Descriptor, find, findOf, Kind, place } from "./table";

/** The most bytes of one write that waits. */
const MAX_WAITING_WRITE_BYTES: u32 = 4096;
const STREAM_CLOSED: u8 = 1;

class Stdin extends ReadAhead {
  onEvent(_event: Event, payload: u32): void {
    this.arrived(payload);
    this.changed();
  }

  release(): void {
    const input = this.input;
    this.releaseReading();
    countCall();
    abi.dropStdin(input);
  }

  protected startRead(at: usize, bytes: u32): u32 {
    return abi.readStdin(this.input, at, bytes);
  }

  protected cancelRead(): void {
    abi.cancelStdin(this.input);
  }

  protected readResult(): void {
    this.isResultKnown = true;
  }
}

class Output extends Descriptor {
  constructor(public stream: abi.Handle) {
    super(Kind.OUTPUT);
  }

  release(): void {
    countCall();
    abi.dropOutput(this.stream);
  }
}

/** The standard descriptors that have been opened, as bits. */
let asked: u32 = 0;

/**
 * Returns the object behind a descriptor, or null. Opens a standard descriptor at its first use.
 */
export function openStandard(fd: Fd): Descriptor | null {
  if (fd <= STDERR && (asked & (1 << fd)) == 0) {
    asked |= 1 << fd;
    countCall();
    if (fd == STDIN) place(fd, openStdin());
    else place(fd, new Output(fd == STDOUT ? abi.getStdout() : abi.getStderr()));
  }
  return find(fd);
}

function openStdin(): Stdin {
  abi.openStdin(abi.RESULT);
  const stream = load<abi.Handle>(abi.RESULT, abi.STREAM_AT);
  countCall();
  abi.dropStdinResult(load<abi.Handle>(abi.RESULT, abi.FUTURE_AT));
  return new Stdin(Kind.STDIN, stream);
}

function openOutput(fd: Fd): Output | null {
  const found = openStandard(fd);
  return found === null || found.kind != Kind.OUTPUT ? null : changetype<Output>(found);
}

/**
 * Reads stdin, without blocking.
 *
 * @returns the bytes read, 0 at the end, -AGAIN if there are none yet, or another -errno
 */
export function readStdin(buffer: usize, length: u32): i32 {
  openStandard(STDIN);
  const found = findOf(STDIN, Kind.STDIN);
  return found === null ? -BADF : changetype<Stdin>(found).read(buffer, length);
}

/**
 * Writes, and waits until the bytes are written.
 *
 * @returns the bytes taken, at most 4,096, or -errno
 */
export function write(fd: Fd, buffer: usize, length: u32): i32 {
  const to = openOutput(fd);
  if (to === null) return -BADF;
  const bytes = min(length, MAX_WAITING_WRITE_BYTES);
  countCall();
  abi.writeAndFlush(to.stream, buffer, bytes, abi.RESULT);
  return abi.succeeded() ? <i32>bytes : failure(abi.VALUE_AT);
}

/**
 * Writes as many bytes as fit now. wasmtime always says that there is room, and then waits: on it,
 * a paused terminal pauses the program.
 *
 * @returns the bytes written, maybe 0, or -errno
 */
export function writeWhatFits(fd: Fd, buffer: usize, length: u32): i32 {
  const to = openOutput(fd);
  if (to === null) return -BADF;
  let done: u32 = 0;
  while (done < length) {
    const written = writeSome(to, buffer + done, length - done);
    if (written == -AGAIN) return done;
    if (written < 0) return written;
    done += written;
  }
  return done;
}

function writeSome(to: Output, buffer: usize, length: u32): i32 {
  countCall();
  abi.checkWrite(to.stream, abi.RESULT);
  if (!abi.succeeded()) return failure(abi.LONG_VALUE_AT);
  const bytes = <u32>min<u64>(load<u64>(abi.RESULT, abi.LONG_VALUE_AT), length);
  if (bytes == 0) return -AGAIN;
  countCall();
  abi.streamWrite(to.stream, buffer, bytes, abi.RESULT);
  if (!abi.succeeded()) return failure(abi.VALUE_AT);
  countCall();
  abi.streamFlush(to.stream, abi.RESULT);
  return abi.succeeded() ? <i32>bytes : failure(abi.VALUE_AT);
}

/** Returns the error of a failed call: -PIPE if the stream is closed, else -CONNRESET. */
function failure(at: usize): i32 {
  if (load<u8>(abi.RESULT + at) == STREAM_CLOSED) return -PIPE;
  // The host keeps the error object until its handle is dropped.
  countCall();
  abi.dropError(load<abi.Handle>(abi.RESULT + at + 4));
  return -CONNRESET;
}
