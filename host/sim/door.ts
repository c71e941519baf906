/** Where clients go in: a listener that remembers whose connection each is. */
import { Listener } from "../wasi/virtual/listener.js";
import type { Peer } from "../wasi/virtual/peer.js";
import type { StreamEnd } from "../wasi/virtual/stream.js";
import { OracleFailure } from "./failure.js";
import { Transit } from "./transit.js";

const BACKLOG_CONNECTIONS = 128;

export class Entrance extends Listener {
  readonly #owners = new Map<StreamEnd, Door>();
  /** Whose connection was taken last. */
  lastAccepted: Door | undefined;

  constructor() {
    super(BACKLOG_CONNECTIONS);
  }

  come(door: Door, end: StreamEnd): void {
    this.#owners.set(end, door);
    this.enqueue(end);
  }

  override accept(): StreamEnd | undefined {
    const end = super.accept();
    this.lastAccepted = end && this.#owners.get(end);
    if (end !== undefined) this.#owners.delete(end);
    return end;
  }
}

/** Of one connection of a client. */
export class Door extends Listener {
  peer: Peer | undefined;
  readonly transit: Transit;
  /** The module's end of the connection. */
  end: StreamEnd | undefined;
  /** The client itself, or a fault, has broken the connection. */
  broken = false;
  /** The module has closed it, and it must get everything that was sent to it. */
  entitled = false;
  /** Told of all that comes, once it is what was sent. */
  onHeard: ((bytes: Uint8Array) => void) | undefined;
  /** How the connection ended for the module, for people. */
  ending = "";

  /**
   * @param name of the connection, for people
   * @param address where it comes from, for those hosts that tell
   */
  constructor(
    private readonly entrance: Entrance,
    private readonly name: string,
    readonly address: string,
  ) {
    super(BACKLOG_CONNECTIONS);
    this.transit = new Transit(name);
  }

  /** Compares what has come to the client since the last time. */
  compareArrived(): void {
    const { received } = this.peer ?? { received: [] };
    if (received.length === 0) return;
    for (const { bytes } of received) {
      this.transit.arrived(bytes);
      this.onHeard?.(bytes);
    }
    received.length = 0;
  }

  /** Everything has come that ever will. */
  checkArrived(): void {
    this.compareArrived();
    const missing = this.transit.bytes;
    if (this.broken || !this.entitled || missing === 0 || this.peer === undefined) return;
    const end = `${this.ending}, ${this.peer.wasReset ? "reset" : this.peer.state}`;
    throw new OracleFailure("delivery", `${this.name} (${end}) never got ${missing} bytes`);
  }

  override get isFull(): boolean {
    return this.entrance.isFull;
  }

  override enqueue(end: StreamEnd): void {
    this.end = end;
    this.entrance.come(this, end);
  }
}
