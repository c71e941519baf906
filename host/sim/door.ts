/** Where one client goes in: the common listener, which remembers whose connection each is. */
import { Listener } from "../wasi/virtual/listener.js";
import type { Peer } from "../wasi/virtual/peer.js";
import type { StreamEnd } from "../wasi/virtual/stream.js";

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

/** Of one client. */
export class Door extends Listener {
  peer: Peer | undefined;
  /** The module's end of the connection. */
  end: StreamEnd | undefined;
  /** The client itself, or a fault, has broken the connection. */
  broken = false;
  /** Bytes that a module has sent to it, and whether it must have got all of them. */
  sent = 0;
  entitled = false;
  /** How the connection ended for the module, for people. */
  ending = "";

  constructor(private readonly entrance: Entrance) {
    super(BACKLOG_CONNECTIONS);
  }

  override get isFull(): boolean {
    return this.entrance.isFull;
  }

  override enqueue(end: StreamEnd): void {
    this.end = end;
    this.entrance.come(this, end);
  }
}
