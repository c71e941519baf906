/**
 * A TCP connection of a component on the host's side. The socket and its two streams share it;
 * dropping a stream ends its direction.
 */
import { Errno, Sdflags } from "../../../host/runtime/abi.js";
import type { Canonical } from "./canonical.js";
import type { FarEnd, Moved } from "./copying.js";
import type { ComponentKernel } from "./kernel.js";
import type { Progress } from "./progress.js";

const OVER: Moved = { count: 0, isOver: true };
const NOTHING: Moved = { count: 0, isOver: false };

/** The part of the host that connections need. */
export interface ConnectionHost {
  readonly kernel: ComponentKernel;
  readonly memory: Canonical;
  readonly progress: Progress;
}

export class Connection {
  /** The end of reading: 0 at the end of the stream, or a negated errno; undefined before. */
  ended: number | undefined;
  #holders = 0;
  /** False until the host has run once: until then it reports neither bytes nor room. */
  #isHeard = false;

  constructor(
    readonly host: ConnectionHost,
    readonly fd: number,
  ) {
    host.progress.onWork(() => (this.#isHeard = true));
  }

  hold(): this {
    this.#holders++;
    return this;
  }

  release(): void {
    if (--this.#holders === 0) this.host.kernel.close(this.fd);
  }

  /** Returns true if a call is answered with "blocked" although it could be done. */
  isLate(): boolean {
    return !this.#isHeard || this.host.progress.pace.isLate();
  }

  /** Ends one direction, or closes the connection if this was its last holder. */
  end(how: number): void {
    if (this.#holders > 1) this.host.kernel.shutdown(this.fd, how);
    this.release();
  }

  /** Notes a call that found no bytes or no room. If a fault hid them, the kernel looks again. */
  foundNothing(direction: "read" | "write"): void {
    const { kernel } = this.host;
    if (kernel.isReady(this.fd, direction)) kernel.isDelayed = true;
  }
}

/** The host's end of a stream that the component reads. */
export class Receiving implements FarEnd {
  /**
   * True from a successful read until a read finds nothing: meanwhile the stream counts as
   * readable.
   */
  #isDoubtful = false;

  constructor(private readonly connection: Connection) {
    connection.hold();
  }

  move(pointer: number, count: number, isFirst: boolean): Moved | undefined {
    const { connection } = this;
    const { kernel, memory } = connection.host;
    if (isFirst && connection.isLate()) return undefined;
    if (count === 0 && this.#isDoubtful) return NOTHING;
    if (!kernel.isReady(connection.fd, "read")) return undefined;
    if (count === 0) return NOTHING;
    const got = kernel.recv(connection.fd, [memory.bytes(pointer, count)], 0);
    this.#isDoubtful = got > 0;
    if (got === -Errno.AGAIN) {
      connection.foundNothing("read");
      return undefined;
    }
    if (got > 0) return { count: got, isOver: false };
    connection.ended = got;
    return OVER;
  }

  dropped(): void {
    this.connection.ended ??= 0;
    this.connection.end(Sdflags.RD);
  }
}

/** The host's end of a stream that the component writes. It has no buffer. */
export class Sending implements FarEnd {
  /** True until a write finds no room: meanwhile the stream counts as writable. */
  #isDoubtful = true;

  constructor(private readonly connection: Connection) {
    connection.hold();
  }

  move(pointer: number, count: number, isFirst: boolean): Moved | undefined {
    const { connection } = this;
    const { kernel, memory } = connection.host;
    if (isFirst && connection.isLate()) return undefined;
    if (count === 0 && this.#isDoubtful) return NOTHING;
    if (!isFirst && !kernel.isReady(connection.fd, "write")) return undefined;
    if (count === 0) return kernel.isReady(connection.fd, "write") ? NOTHING : undefined;
    const sent = kernel.send(connection.fd, [memory.bytes(pointer, count)]);
    this.#isDoubtful = sent >= 0;
    if (sent === -Errno.AGAIN) {
      connection.foundNothing("write");
      return undefined;
    }
    return sent >= 0 ? { count: sent, isOver: false } : OVER;
  }

  dropped(): void {
    this.connection.end(Sdflags.WR);
  }
}
