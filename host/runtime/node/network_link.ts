/**
 * The main thread's end of the two rings. It never waits. Records for which the ring has no room
 * are kept until the guest's thread has made room. The windows of the streams (protocol.ts) bound
 * their number.
 */
import type { Message } from "./protocol.js";
import type { RingReader, RingWriter } from "./ring.js";

/** The number of records that are handled before the event loop serves sockets again. */
const RECORDS_AT_A_TIME = 1024;

type Unsent = [kind: number, id: number, value: number, bytes: Uint8Array];

const NO_BYTES: Uint8Array = new Uint8Array(0);

/** Sends and receives records, in the main thread. */
export class NetworkLink {
  #unsent: Unsent[] = [];
  #notifying = false;

  constructor(
    private readonly incoming: RingReader,
    private readonly outgoing: RingWriter,
    private readonly onMessage: (message: Message) => void,
  ) {}

  send(kind: number, id: number, value = 0, bytes = NO_BYTES): void {
    if (this.#unsent.length > 0 || !this.#write([kind, id, value, bytes])) {
      this.#unsent.push([kind, id, value, bytes]);
      this.#sendAgain();
    }
    this.#notifySoon();
  }

  /** Handles a bell: the guest's thread has written records, or has made room in the ring to it. */
  onBell(): void {
    this.incoming.lowerFlag();
    this.#sendAgain();
    if (!this.#handle(RECORDS_AT_A_TIME)) setImmediate(() => this.onBell());
  }

  /** Handles the records that a guest that has ended left in the ring. */
  drain(): void {
    this.#handle(Infinity);
  }

  /** Handles at most `most` records. @returns true if the ring is empty */
  #handle(most: number): boolean {
    for (let count = 0; count < most; count++) {
      const message = this.incoming.read();
      if (message === undefined) {
        if (count > 0) this.incoming.notify();
        return true;
      }
      this.onMessage(message);
    }
    this.incoming.notify();
    return false;
  }

  #write([kind, id, value, bytes]: Unsent): boolean {
    return this.outgoing.write(kind, id, value, [bytes], bytes.length);
  }

  #sendAgain(): void {
    if (this.#unsent.length === 0) return;
    // The flag makes the guest ring the bell when it has made room. The flag is set before the ring
    // is tried: otherwise the guest could make room in between, and not ring.
    this.outgoing.raiseFlag();
    let sent = 0;
    for (const record of this.#unsent) {
      if (!this.#write(record)) break;
      sent++;
    }
    if (sent > 0) this.#notifySoon();
    this.#unsent.splice(0, sent);
    if (this.#unsent.length === 0) this.outgoing.lowerFlag();
  }

  /** Wakes the guest's thread once for all records of this turn of the event loop. */
  #notifySoon(): void {
    if (this.#notifying) return;
    this.#notifying = true;
    setImmediate(() => {
      this.#notifying = false;
      this.outgoing.notify();
    });
  }
}
