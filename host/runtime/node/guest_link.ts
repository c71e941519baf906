/**
 * The guest's thread and its two rings: sends records, takes in those that have come, and waits
 * for more without turning.
 */
import { Kind, type Message } from "./protocol.js";
import type { RingReader, RingWriter } from "./ring.js";

/** Takes the records of one id. */
export interface Receiver {
  receive(message: Message): void;
}

const NO_PIECES: readonly Uint8Array[] = [];

export class GuestLink {
  readonly #receivers = new Map<number, Receiver>();
  #announced = false;

  constructor(
    private readonly incoming: RingReader,
    private readonly outgoing: RingWriter,
    /** Makes the main thread look into the ring. */
    private readonly ring: () => void,
    /** What has no receiver of its own. */
    private readonly onArrival: (listener: number, id: number) => void,
  ) {}

  attach(id: number, receiver: Receiver): void {
    this.#receivers.set(id, receiver);
  }

  detach(id: number): void {
    this.#receivers.delete(id);
  }

  /** Waits for room if there is none: the main thread never waits for us, so it comes. */
  send(kind: number, id: number, value: number, pieces = NO_PIECES, size = 0): void {
    while (!this.outgoing.write(kind, id, value, pieces, size)) {
      this.#ringBell();
      this.outgoing.waitForRoom(size);
    }
    this.#ringBell();
  }

  /** Takes in all that has come. Cheap if nothing has. */
  pump(): void {
    if (this.incoming.isEmpty) return;
    for (let message = this.incoming.read(); message; message = this.incoming.read()) {
      if (message.kind === Kind.ARRIVED) this.onArrival(message.value, message.id);
      else this.#receivers.get(message.id)?.receive(message);
    }
    // The main thread raises the flag when it found no room.
    if (this.incoming.lowerFlag()) this.#ringBell();
  }

  /** Until it is so, or the time has come. @param deadline in ms of performance.now() */
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

  /** Rings once: the guest is about to wait, or asks for connections. */
  announce(): void {
    if (!this.#announced) this.#ringBell();
  }

  #ringBell(): void {
    this.#announced = true;
    if (this.outgoing.raiseFlag()) this.ring();
  }
}
