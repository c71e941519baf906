/**
 * A TCP connection as the host holds it for its component. The socket and both streams keep it; to
 * give one of the streams up ends its direction.
 */
import { Errno, Sdflags } from "../../../host/runtime/abi.js";
import type { Canonical } from "./canonical.js";
import type { FarEnd, Moved } from "./copying.js";
import type { ComponentKernel } from "./kernel.js";
import type { Progress } from "./progress.js";

const OVER: Moved = { count: 0, isOver: true };
const NOTHING: Moved = { count: 0, isOver: false };

/** What the ends of a connection need of their host. */
export interface ConnectionHost {
  readonly kernel: ComponentKernel;
  readonly memory: Canonical;
  readonly progress: Progress;
}

export class Connection {
  /** How reading has ended: 0, or a negated errno. */
  ended: number | undefined;
  #holders = 0;
  /** Until then the host knows neither of bytes nor of room. */
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

  /** Whether a call is answered "blocked", whatever is true. */
  isLate(): boolean {
    return !this.#isHeard || this.host.progress.pace.isLate();
  }

  /** Ends one direction, unless all is over. */
  end(how: number): void {
    if (this.#holders > 1) this.host.kernel.shutdown(this.fd, how);
    this.release();
  }

  /** A call has found nothing to do; if that is a fault's doing, the host tries again. */
  foundNothing(direction: "read" | "write"): void {
    const { kernel } = this.host;
    if (kernel.isReady(this.fd, direction)) kernel.isDelayed = true;
  }
}

/** The host's end of the stream that is read. */
export class Receiving implements FarEnd {
  /** Whether it is called readable, until a read has found nothing. */
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

/** The host's end of the stream that is written. It buffers nothing. */
export class Sending implements FarEnd {
  /** Whether it is called writable, until a write has found no room. */
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
