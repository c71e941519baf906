/** The three standard descriptors of a guest, and the world's ends of them. */
import { textOf } from "../../host/runtime/bytes.js";
import { Errno, Fdflags, Filetype, Rights } from "../../host/runtime/abi.js";
import { GuestTrap } from "../../host/runtime/outcome.js";
import { ByteQueue, bytesOf, copyOf, totalLength } from "../../host/runtime/table/byte_queue.js";
import { Descriptor, Ready } from "../../host/runtime/table/descriptor.js";

/** Rust's standard library reads stdin in blocks of this size, and buffers the rest. */
const STDIN_BUFFER_BYTES = 8192;
/** The capacity of a pipe on Linux. */
const PIPE_BYTES = 65536;
/** PIPE_BUF: a pipe with less room than this is not ready for a write. */
const PIPE_WHOLE_BYTES = 4096;

/** The kind of stdin. `socket` is what Node passes to its children as a pipe. */
export type InputKind = "terminal" | "pipe" | "socket" | "file" | "null";

/** The world's end of stdin. */
export class Input {
  readonly queue = new ByteQueue();
  ended: boolean;
  /** Called when the guest finds nothing to read and waits: the moment to type. */
  onWait: (() => void) | undefined;

  constructor(readonly kind: InputKind) {
    this.ended = kind === "null" || kind === "file";
  }

  write(content: string | Uint8Array): void {
    if (this.kind === "null") throw new Error("nobody can write to /dev/null's reader");
    this.queue.push(bytesOf(content));
  }

  end(): void {
    this.ended = true;
  }
}

export interface Written {
  /** Nanoseconds of virtual time. */
  at: number;
  bytes: Uint8Array;
}

/** The world's end of stdout or stderr: it reads the guest's output, unless it is paused. */
export class Output {
  readonly written: Written[] = [];
  /** Called with bytes of the guest once they are read. */
  onData: ((bytes: Uint8Array) => void) | undefined;
  readonly #pipe = new ByteQueue();
  #paused = false;
  #closed = false;

  constructor(
    private readonly now: () => number,
    readonly isTerminal = false,
    private readonly capacity = PIPE_BYTES,
  ) {}

  get text(): string {
    return textOf(
      copyOf(
        this.written.map((one) => one.bytes),
        Infinity,
      ),
    );
  }

  get room(): number {
    return this.capacity - this.#pipe.length;
  }

  /** True if poll(2) would report it as writable. */
  get isReady(): boolean {
    return this.room >= (this.isTerminal ? 1 : Math.min(PIPE_WHOLE_BYTES, this.capacity));
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#drain();
  }

  /** Closes the reading end: writes fail with EPIPE. */
  close(): void {
    this.#closed = true;
  }

  /** Takes bytes from the guest. @returns the number of bytes taken */
  take(pieces: readonly Uint8Array[]): number {
    const room = this.#paused ? this.room : Infinity;
    const taken = copyOf(pieces, Math.min(room, totalLength(pieces)));
    this.#pipe.push(taken);
    if (!this.#paused) this.#drain();
    return taken.length;
  }

  #drain(): void {
    for (let piece = this.#pipe.take(Infinity); piece; piece = this.#pipe.take(Infinity)) {
      this.written.push({ at: this.now(), bytes: piece });
      this.onData?.(piece);
    }
  }
}

/** Descriptor 0. With `quirks`, it behaves as in wasmtime 36. */
export class InputDescriptor extends Descriptor {
  override rights: bigint = Rights.FD_READ;
  readonly #buffer = new ByteQueue();

  constructor(
    private readonly input: Input,
    private readonly quirks: boolean,
  ) {
    super();
    if (input.kind === "terminal") this.filetype = Filetype.CHARACTER_DEVICE;
  }

  /** Checks the world's end only: bytes buffered here do not count, as in wasmtime. */
  override revents(): number {
    const { kind, queue, ended } = this.input;
    if (kind === "null" || kind === "file") return Ready.IN | Ready.OUT;
    const hasBytes = queue.length > 0 || (!this.quirks && this.#buffer.length > 0);
    let ready = hasBytes ? Ready.IN : 0;
    if (kind === "pipe") return ended ? ready | Ready.HUP : ready;
    ready |= ended ? Ready.IN | Ready.OUT : Ready.OUT;
    return ended && kind === "socket" ? ready | Ready.HUP : ready;
  }

  override readableBytes(): number {
    if (this.quirks && this.input.kind === "null") {
      throw new GuestTrap("Inappropriate ioctl for device (os error 25)");
    }
    return this.input.queue.length;
  }

  override seek(): number {
    return -Errno.SPIPE;
  }

  override read(targets: readonly Uint8Array[]): number {
    const wanted = totalLength(targets);
    if (wanted === 0) return 0;
    const { queue, ended } = this.input;
    if (this.#buffer.length > 0) return this.#buffer.read(targets);
    if (queue.length === 0) {
      if (ended) return 0;
      this.input.onWait?.();
    }
    if (queue.length === 0) return this.input.ended ? 0 : -Errno.AGAIN;
    if (!this.quirks || wanted >= STDIN_BUFFER_BYTES) return queue.read(targets);
    const buffered = new Uint8Array(STDIN_BUFFER_BYTES);
    this.#buffer.push(buffered.subarray(0, queue.read([buffered])));
    return this.#buffer.read(targets);
  }
}

/** Descriptors 1 and 2. */
export class OutputDescriptor extends Descriptor {
  override rights: bigint = Rights.FD_WRITE;

  constructor(private readonly output: Output) {
    super();
    if (output.isTerminal) this.filetype = Filetype.CHARACTER_DEVICE;
  }

  override get flags(): number {
    return Fdflags.APPEND;
  }

  override revents(): number {
    if (this.output.isClosed) return Ready.OUT | Ready.ERR;
    return this.output.isReady ? Ready.OUT : 0;
  }

  override writableBytes(): number {
    return this.output.room;
  }

  override seek(): number {
    return -Errno.SPIPE;
  }

  override write(pieces: readonly Uint8Array[]): number {
    if (this.output.isClosed) return -Errno.PIPE;
    const taken = this.output.take(pieces);
    return taken === 0 && totalLength(pieces) > 0 ? -Errno.AGAIN : taken;
  }
}
