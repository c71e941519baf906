/**
 * The main thread's side of a guest: its listening sockets, connections and standard streams. Each
 * connection and stream has an id (protocol.ts).
 *
 * Only this side knows the clients' addresses, since preview1 has no call for them. To tell the
 * guest an address, this side would have to send a PROXY header in front of the first bytes of the
 * socket: see NetworkConnection.accepted and `socket.remoteAddress`.
 */
import net from "node:net";
import { Errno } from "../abi.js";
import { NetworkConnection } from "./connection.js";
import { fileLimit } from "./file_limit.js";
import { InputForwarder, OutputForwarder } from "./forwarders.js";
import { NetworkLink } from "./network_link.js";
import { FIRST_CONNECTION_ID, Kind, STDERR_ID, STDIN_ID, STDOUT_ID } from "./protocol.js";
import type { Message } from "./protocol.js";
import type { RingReader, RingWriter } from "./ring.js";

/**
 * On Node, connections that may wait until the guest accepts them. Further ones are reset.
 *
 * @limit connections
 */
export const MAX_WAITING_CONNECTIONS = 4096;
/**
 * The time in milliseconds in which connections and outputs can send their last bytes after the
 * guest has ended.
 */
export const EXIT_FLUSH_MS = 500;

/**
 * The number of descriptors that are kept free: the guest may need one for a file, and Node needs
 * one to refuse a connection.
 */
const SPARE_DESCRIPTORS = 8;
/** The shortest time between two log lines about refused connections, in milliseconds. */
const COMPLAINT_INTERVAL_MS = 10_000;

/** A listening socket that the launcher has opened. */
export interface ListeningSocket {
  fd: number;
  /** Returns true if a client with this address may connect. */
  allows: (address: string) => boolean;
}

/** A socket with Node's undocumented handle, which has the descriptor. */
type SocketInside = net.Socket & { _handle?: { fd?: number } };

/** Connects the sockets and streams of the main thread with the guest. */
export class Network {
  readonly #link: NetworkLink;
  readonly #connections = new Map<number, NetworkConnection>();
  /** The ids of connections that the guest has not accepted yet. */
  readonly #waiting = new Set<number>();
  readonly #servers: net.Server[] = [];
  readonly #stdin: InputForwarder;
  readonly #outputForwarders = new Map<number, OutputForwarder>();
  readonly #descriptors = fileLimit() || Infinity;
  #complainedAt = -Infinity;
  #refused = false;
  #nextId = FIRST_CONNECTION_ID;

  constructor(
    incoming: RingReader,
    outgoing: RingWriter,
    private readonly listeningSockets: readonly ListeningSocket[],
    stdin: NodeJS.ReadStream,
    private readonly outputs: readonly [NodeJS.WriteStream, NodeJS.WriteStream],
  ) {
    this.#link = new NetworkLink(incoming, outgoing, (message) => this.#onMessage(message));
    this.#stdin = new InputForwarder(this.#link, STDIN_ID, stdin);
    stdin.on("error", () => this.#link.send(Kind.END, STDIN_ID));
    outputs.forEach((output, index) => {
      const id = index === 0 ? STDOUT_ID : STDERR_ID;
      this.#outputForwarders.set(id, new OutputForwarder(this.#link, id, output));
      output.on("error", () => this.#link.send(Kind.BROKEN, id, Errno.PIPE));
    });
  }

  /** Begins to read stdin. */
  start(): void {
    this.#stdin.start();
  }

  /**
   * Handles a bell of the guest's thread. At the first bell, the guest sends or waits, and this
   * side begins to accept connections. Until then the OS queues them. So a guest that probes its
   * host at the start finds a listener without connections.
   */
  onBell(): void {
    if (this.#servers.length === 0) this.#listen();
    this.#link.onBell();
  }

  /**
   * Shuts down after the guest has ended. Resolves when the last bytes are sent, or after
   * EXIT_FLUSH_MS.
   */
  async finish(): Promise<void> {
    this.#link.drain();
    for (const server of this.#servers) server.close();
    for (const id of this.#waiting) this.#connections.get(id)?.socket.resetAndDestroy();
    const sockets = [...this.#connections.values()].map(({ socket }) => closed(socket));
    const outputs = this.outputs.map((output) => flushed(output));
    const limit = new Promise((resolve) => setTimeout(resolve, EXIT_FLUSH_MS));
    await Promise.race([limit, Promise.all([...sockets, ...outputs])]);
  }

  #listen(): void {
    for (const [index, { fd, allows }] of this.listeningSockets.entries()) {
      const options = { allowHalfOpen: true, pauseOnConnect: true };
      const server = net.createServer(options, (socket) => {
        if (allows(socket.remoteAddress ?? "")) this.#onConnection(index, socket);
        else this.#refuse(socket);
      });
      // For a listener with `fd`, Node ignores `backlog` in the options and uses 511. The second
      // argument works.
      server.listen({ fd }, MAX_WAITING_CONNECTIONS);
      this.#servers.push(server);
    }
  }

  #onConnection(index: number, socket: net.Socket): void {
    if (this.#waiting.size >= MAX_WAITING_CONNECTIONS || this.#hasNoRoomFor(socket)) {
      socket.resetAndDestroy();
      return;
    }
    const id = this.#nextId++;
    this.#waiting.add(id);
    this.#connections.set(id, new NetworkConnection(this.#link, id, socket));
    socket.once("close", () => this.#connections.delete(id));
    this.#link.send(Kind.ARRIVED, id, index);
  }

  /**
   * Returns true if the socket has one of the last descriptors, and logs that. With no descriptor
   * left, Node closes new connections without an event, and the guest cannot open files.
   */
  #hasNoRoomFor(socket: net.Socket): boolean {
    const { fd = -1 } = (socket as SocketInside)._handle ?? {};
    if (fd < this.#descriptors - SPARE_DESCRIPTORS) return false;
    const now = performance.now();
    if (now - this.#complainedAt > COMPLAINT_INTERVAL_MS) {
      this.#complainedAt = now;
      this.outputs[1].write(
        `pollcast: newcomers are refused, as ${this.#connections.size} are connected and this ` +
          `process may have ${this.#descriptors} files open: raise ulimit -n, or lower ` +
          "--max-clients\n",
      );
    }
    return true;
  }

  /**
   * Resets a connection from an address that is not allowed. Only the first is logged, as there may
   * be many. The guest is not told.
   */
  #refuse(socket: net.Socket): void {
    if (!this.#refused)
      this.outputs[1].write(
        `pollcast: ${socket.remoteAddress ?? "a peer"} may not connect behind the proxy, by ` +
          "--proxy-from: refused; later refusals are not logged\n",
      );
    this.#refused = true;
    socket.resetAndDestroy();
  }

  #onMessage({ kind, id, value, bytes }: Message): void {
    if (kind === Kind.UNLISTENED) {
      this.#servers[value]?.close();
      return;
    }
    const forwarder = this.#outputForwarders.get(id);
    if (forwarder !== undefined) {
      if (kind === Kind.DATA) forwarder.write(bytes);
      return;
    }
    if (id === STDIN_ID) {
      if (kind === Kind.CREDIT) this.#stdin.credit(value);
      return;
    }
    const connection = this.#connections.get(id);
    if (kind === Kind.ACCEPTED) this.#waiting.delete(id);
    if (connection !== undefined) deliver(connection, kind, value, bytes);
  }
}

function deliver(to: NetworkConnection, kind: number, value: number, bytes: Uint8Array): void {
  if (kind === Kind.DATA) to.received(bytes);
  else if (kind === Kind.CREDIT) to.credit(value);
  else if (kind === Kind.END) to.end();
  else if (kind === Kind.ACCEPTED) to.accepted();
  else if (kind === Kind.CLOSED) to.close(value);
}

async function closed(socket: net.Socket): Promise<void> {
  if (socket.destroyed) return;
  await new Promise<void>((resolve) => socket.once("close", () => resolve()));
}

async function flushed(output: NodeJS.WriteStream): Promise<void> {
  if (output.destroyed || output.writableLength === 0) return;
  await new Promise<void>((resolve) => output.write("", () => resolve()));
}
