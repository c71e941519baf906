/**
 * The main thread and its two rings. It never waits: what does not fit into the ring is kept until
 * the guest's thread has made room. Windows bound that, so nothing else has to.
 */
import type { Message } from "./protocol.js";
import type { RingReader, RingWriter } from "./ring.js";

/** Records handled before sockets are looked at again. */
const RECORDS_AT_A_TIME = 1024;

type Unsent = [kind: number, id: number, value: number, bytes: Uint8Array];

const NO_BYTES: Uint8Array = new Uint8Array(0);

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

  /** The guest's thread has rung: it has written records, or made room for ours. */
  rung(): void {
    this.incoming.lowerFlag();
    this.#sendAgain();
    if (!this.#handle(RECORDS_AT_A_TIME)) setImmediate(() => this.rung());
  }

  /** The guest has ended: what it left in the ring. */
  drain(): void {
    this.#handle(Infinity);
  }

  /** @returns whether all there was is handled */
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
    // Raised before the last look, so that room made after it is told.
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

  /** Once for all that the sockets have brought in this turn of the event loop. */
  #notifySoon(): void {
    if (this.#notifying) return;
    this.#notifying = true;
    setImmediate(() => {
      this.#notifying = false;
      this.outgoing.notify();
    });
  }
}
