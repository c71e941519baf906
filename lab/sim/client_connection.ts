/** Where clients go in: a listener that remembers whose connection each is. */
import { Listener } from "../world/listener.js";
import type { Peer } from "../world/peer.js";
import type { StreamEnd } from "../world/stream.js";
import { OracleFailure } from "./failure.js";
import { Transit } from "./transit.js";

const BACKLOG_CONNECTIONS = 128;

export class ObservedListener extends Listener {
  readonly #owners = new Map<StreamEnd, ClientConnection>();
  /** Those that the kernel has accepted, and of which the module does not know yet. */
  readonly accepted: ClientConnection[] = [];

  constructor() {
    super(BACKLOG_CONNECTIONS);
  }

  come(connection: ClientConnection, end: StreamEnd): void {
    this.#owners.set(end, connection);
    this.enqueue(end);
  }

  override accept(): StreamEnd | undefined {
    const end = super.accept();
    const connection = end && this.#owners.get(end);
    if (connection !== undefined) this.accepted.push(connection);
    if (end !== undefined) this.#owners.delete(end);
    return end;
  }

  /** The first of them that was not given back unseen. */
  takeAccepted(): ClientConnection | undefined {
    let connection = this.accepted.shift();
    while (connection?.end?.isReleased === true) connection = this.accepted.shift();
    return connection;
  }

  /** Connections of which the module has still to hear. */
  get unseen(): number {
    const kept = this.accepted.filter((connection) => connection.end?.isReleased === false);
    return kept.length + this.waitingCount;
  }
}

/** Of one connection of a client. */
export class ClientConnection extends Listener {
  peer: Peer | undefined;
  readonly transit: Transit;
  /** The module's end of the connection. */
  end: StreamEnd | undefined;
  /** What the host has read for a component, which has not taken it yet. */
  readonly ahead: Transit;
  /** How reading has ended for the host: 0, or a negated errno. */
  readEnded: number | undefined;
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
    private readonly listener: ObservedListener,
    private readonly name: string,
    readonly address: string,
  ) {
    super(BACKLOG_CONNECTIONS);
    this.transit = new Transit(name);
    this.ahead = new Transit(`${name}, to the component`);
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
    return this.listener.isFull;
  }

  override enqueue(end: StreamEnd): void {
    this.end = end;
    this.listener.come(this, end);
  }
}
