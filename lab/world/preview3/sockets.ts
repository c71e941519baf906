/** The sockets of a component, and the host's ends of a listener's stream and of stdin. */
import { Errno, Fdflags } from "../../../host/runtime/abi.js";
import { Connection } from "./connection.js";
import type { FarEnd, Moved } from "./copying.js";
import { Held } from "./handles.js";
import type { ComponentHost, Place } from "./host.js";

export class TcpSocket extends Held {
  static override readonly kind: string = "a tcp-socket";
  /** The place to which it is bound. */
  place: Place | undefined;
  isListening = false;
  /** True once the component has asked for the stream. */
  receives = false;
  sends = false;

  /**
   * @param connection undefined for a socket that is not open, or whose accept failed
   * @param failure the negated errno of a failed accept
   */
  constructor(
    readonly connection?: Connection,
    readonly failure?: number,
  ) {
    super();
    connection?.hold();
  }

  close(): void {
    this.connection?.release();
    // The stream of a listener keeps its place open.
    if (this.place !== undefined && !this.isListening) this.place.isOpen = false;
  }
}

/** The host's end of a listener's stream, which gives one socket at a time. */
export class Listening implements FarEnd {
  constructor(
    private readonly host: ComponentHost,
    private readonly place: Place,
  ) {}

  /** Accepts a connection. After a failed accept it gives a socket without a connection. */
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

/** The host's end of stdin, which always counts as readable. */
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
