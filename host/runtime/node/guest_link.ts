/**
 * The guest's end of the two rings: sends records, handles received records, and blocks until more
 * arrive.
 */
import { Kind, type Message } from "./protocol.js";
import type { RingReader, RingWriter } from "./ring.js";

/** Handles the records of one id. */
export interface Receiver {
  receive(message: Message): void;
}

const NO_PIECES: readonly Uint8Array[] = [];

/** Sends and receives records, in the guest's thread. */
export class GuestLink {
  readonly #receivers = new Map<number, Receiver>();
  #announced = false;

  constructor(
    private readonly incoming: RingReader,
    private readonly outgoing: RingWriter,
    /** Makes the main thread read the ring. */
    private readonly ring: () => void,
    /** Handles an arrival: its connection has no receiver yet. */
    private readonly onArrival: (listener: number, id: number) => void,
  ) {}

  attach(id: number, receiver: Receiver): void {
    this.#receivers.set(id, receiver);
  }

  detach(id: number): void {
    this.#receivers.delete(id);
  }

  /**
   * Sends a record. Waits while the ring is full. There is no deadlock, since the main thread never
   * waits for this thread.
   */
  send(kind: number, id: number, value: number, pieces = NO_PIECES, size = 0): void {
    while (!this.outgoing.write(kind, id, value, pieces, size)) {
      this.#ringBell();
      this.outgoing.waitForRoom(size);
    }
    this.#ringBell();
  }

  /** Handles all records that have arrived. This is cheap if there are none. */
  pump(): void {
    if (this.incoming.isEmpty) return;
    for (let message = this.incoming.read(); message; message = this.incoming.read()) {
      if (message.kind === Kind.ARRIVED) this.onArrival(message.value, message.id);
      else this.#receivers.get(message.id)?.receive(message);
    }
    // The main thread sets this flag when it finds the ring full. There is room now, so ring the
    // bell.
    if (this.incoming.lowerFlag()) this.#ringBell();
  }

  /**
   * Waits until `isOver` returns true, or until the deadline.
   *
   * @param deadline milliseconds, on the clock of performance.now()
   */
  wait(isOver: () => boolean, deadline = Infinity): void {
    for (;;) {
      this.pump();
      if (isOver()) return;
      const left = deadline - performance.now();
      if (left <= 0) return;
      this.announce();
      this.incoming.waitForRecord(left);
    }
  }

  /**
   * Rings the bell unless it has rung before. The main thread listens for connections from the
   * first bell on, so the guest rings when it is about to wait, or when it asks for connections.
   */
  announce(): void {
    if (!this.#announced) this.#ringBell();
  }

  /** Rings unless a bell is pending: the flag is set until the main thread has heard it. */
  #ringBell(): void {
    this.#announced = true;
    if (this.outgoing.raiseFlag()) this.ring();
  }
}
