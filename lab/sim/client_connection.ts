/**
 * Connections of simulated clients, and the listener that accepts them and remembers which
 * connection belongs to which client.
 */
import { Listener } from "../world/listener.js";
import type { Peer } from "../world/peer.js";
import type { StreamEnd } from "../world/stream.js";
import { OracleFailure } from "./failure.js";
import { Transit } from "./transit.js";

const BACKLOG_CONNECTIONS = 128;

export class ObservedListener extends Listener {
  readonly #owners = new Map<StreamEnd, ClientConnection>();
  /** Connections that the kernel has accepted, but the guest has not. */
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

  /** Returns the first of these connections, without those that the host has closed already. */
  takeAccepted(): ClientConnection | undefined {
    let connection = this.accepted.shift();
    while (connection?.end?.isReleased === true) connection = this.accepted.shift();
    return connection;
  }

  /** The number of connections that the guest has not seen yet. */
  get unseen(): number {
    const kept = this.accepted.filter((connection) => connection.end?.isReleased === false);
    return kept.length + this.waitingCount;
  }
}

/** One connection of a client. It observes the world, so that it learns its stream. */
export class ClientConnection extends Listener {
  peer: Peer | undefined;
  readonly transit: Transit;
  /** The guest's end of the connection. */
  end: StreamEnd | undefined;
  /** Bytes that the host has read ahead for a component, and the component has not taken. */
  readonly ahead: Transit;
  /**
   * The end of the host's reading: 0 at the end of the stream, or a negated errno; undefined
   * before.
   */
  readEnded: number | undefined;
  /** True if the client or a fault has broken the connection. */
  broken = false;
  /**
   * True if the guest closed the connection in order: then every byte that it has sent must arrive.
   */
  entitled = false;
  /** Called with all bytes that arrive, after they were compared. */
  onHeard: ((bytes: Uint8Array) => void) | undefined;
  /** The end of the connection as the guest saw it, as text for error messages. */
  ending = "";

  /**
   * @param name the connection's name in error messages
   * @param address the client's address, for hosts that report it
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

  /** Compares the bytes that arrived at the client since the last call with what was sent. */
  compareArrived(): void {
    const { received } = this.peer ?? { received: [] };
    if (received.length === 0) return;
    for (const { bytes } of received) {
      this.transit.arrived(bytes);
      this.onHeard?.(bytes);
    }
    received.length = 0;
  }

  /** Checks at the end of the world that nothing is missing. @throws {OracleFailure} */
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
