/**
 * A kernel for a module that prints an answer and ends. Stdin is empty, output is collected, the
 * clocks stand still, and there are no files and no sockets.
 */
import { ClockId, Errno, Rights } from "../../runtime/abi.js";
import type { BadArguments, Kernel } from "../../runtime/kernel.js";
import { GuestStopped } from "../../runtime/outcome.js";
import { copyOf, totalLength } from "../../runtime/table/byte_queue.js";
import { Descriptor, Ready } from "../../runtime/table/descriptor.js";
import { FdTable } from "../../runtime/table/fd_table.js";
import { TableKernel } from "../../runtime/table/table_kernel.js";

/** The most calls that a module may make. One that makes more is stopped. */
const CALLS_MOST = 100_000;

class EmptyInput extends Descriptor {
  override rights: bigint = Rights.FD_READ;

  override revents(): number {
    return Ready.IN;
  }

  override read(): number {
    return 0;
  }
}

/** An output that collects all bytes. */
class TextOutput extends Descriptor {
  override rights: bigint = Rights.FD_WRITE;
  readonly #pieces: Uint8Array[] = [];

  get text(): string {
    return Buffer.concat(this.#pieces).toString();
  }

  override revents(): number {
    return Ready.OUT;
  }

  override write(pieces: readonly Uint8Array[]): number {
    const length = totalLength(pieces);
    this.#pieces.push(copyOf(pieces, length));
    return length;
  }
}

/** The kernel. `stdout.text` is the answer, `stderr.text` the errors. */
export class AskingKernel extends TableKernel implements Kernel {
  readonly badArguments: BadArguments = "errno";
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  #calls = 0;

  constructor() {
    const [stdout, stderr] = [new TextOutput(), new TextOutput()];
    super(new FdTable(true, [new EmptyInput(), stdout, stderr]));
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /** Counts a call. @throws GuestStopped after CALLS_MOST calls */
  enter(): void {
    if (++this.#calls > CALLS_MOST)
      throw new GuestStopped("out of calls", `it makes more than ${CALLS_MOST} to answer`);
  }

  clockTime(id: number): bigint | undefined {
    return id === ClockId.REALTIME || id === ClockId.MONOTONIC ? 0n : undefined;
  }

  clockResolution(id: number): bigint | undefined {
    return this.clockTime(id) === undefined ? undefined : 1n;
  }

  random(target: Uint8Array): void {
    target.fill(0);
  }

  read(fd: number, targets: Uint8Array[]): number {
    return this.table.find(fd)?.read?.(targets) ?? -Errno.BADF;
  }

  write(fd: number, pieces: Uint8Array[]): number {
    return this.table.find(fd)?.write?.(pieces) ?? -Errno.BADF;
  }

  accept(): number {
    return -Errno.BADF;
  }

  recv(): number {
    return -Errno.BADF;
  }

  send(): number {
    return -Errno.BADF;
  }

  shutdown(): number {
    return -Errno.BADF;
  }

  /** Stops a guest that waits: no event will ever come. @throws GuestStopped always */
  poll(): never {
    throw new GuestStopped("waits for ever", "it waits instead of answering");
  }
}
