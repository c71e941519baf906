/** Sockets that a component holds, the stream of a listener, and stdin. */
import { Errno, Fdflags } from "../../../host/runtime/abi.js";
import { Connection } from "./connection.js";
import type { FarEnd, Moved } from "./copying.js";
import { Held } from "./handles.js";
import type { ComponentHost, Place } from "./host.js";

export class TcpSocket extends Held {
  static override readonly kind: string = "a tcp-socket";
  /** Where it is bound. */
  place: Place | undefined;
  isListening = false;
  /** Whether the streams of a connection have been asked for. */
  receives = false;
  sends = false;

  /** @param connection undefined: one to be opened, or one that an accept has failed to give
   * @param failure how it has: a negated errno */
  constructor(
    readonly connection?: Connection,
    readonly failure?: number,
  ) {
    super();
    connection?.hold();
  }

  close(): void {
    this.connection?.release();
    // The stream of its connections keeps a listener.
    if (this.place !== undefined && !this.isListening) this.place.isOpen = false;
  }
}

/** The host's end of a listener's stream, which gives one socket at a time. */
export class Listening implements FarEnd {
  constructor(
    private readonly host: ComponentHost,
    private readonly place: Place,
  ) {}

  /** An accept that fails gives a socket that can do nothing. */
  move(pointer: number, count: number, isFirst: boolean): Moved | undefined {
    const { host, place } = this;
    const { handles, kernel, memory, progress } = host;
    if (isFirst && progress.pace.isLate()) return undefined;
    if (kernel.waitingAt(place.fd) === 0 || !kernel.isReady(place.fd, "read")) return undefined;
    if (count === 0) return { count: 0, isOver: false };
    const accepted = kernel.accept(place.fd, Fdflags.NONBLOCK);
    if (accepted === -Errno.AGAIN) {
      kernel.isDelayed = true;
      return undefined;
    }
    const isDead = accepted < 0;
    const socket = isDead
      ? new TcpSocket(undefined, accepted)
      : new TcpSocket(new Connection(host, accepted));
    memory.setU32(pointer, handles.push(socket));
    return { count: 1, isOver: false };
  }

  dropped(): void {
    this.place.isOpen = false;
    this.host.kernel.close(this.place.fd);
  }
}

/** The host's end of stdin, which it calls readable whatever is there. */
export class Typing implements FarEnd {
  ended: number | undefined;

  constructor(private readonly host: ComponentHost) {}

  move(pointer: number, count: number, isFirst: boolean): Moved | undefined {
    const { kernel, memory, progress } = this.host;
    if (isFirst && progress.pace.isLate()) return undefined;
    if (count === 0) return { count: 0, isOver: false };
    if (!kernel.isReady(0, "read")) return undefined;
    const got = kernel.read(0, [memory.bytes(pointer, count)]);
    if (got > 0) return { count: got, isOver: false };
    this.ended = 0;
    return { count: 0, isOver: true };
  }

  dropped(): void {
    this.ended ??= 0;
  }
}
