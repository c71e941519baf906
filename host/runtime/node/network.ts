/**
 * The main thread's side of a guest: its listening sockets, its connections and its console, each
 * behind an id.
 *
 * Peer addresses are known here and nowhere else: preview1 has no call that would tell them. A
 * header of the PROXY protocol would be the first bytes that a connection sends the guest, before
 * its socket is read: see NetworkConnection.accepted, and `socket.remoteAddress`.
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

/** On Node, so many accepted connections wait for the guest; more are reset. @limit connections */
export const MAX_WAITING_CONNECTIONS = 4096;
/** Time for connections and outputs to send their last bytes once the guest has ended. */
export const EXIT_FLUSH_MS = 500;

/** Descriptors that no client gets. */
const SPARE_DESCRIPTORS = 8;
/** Of many who are refused, one line says it, in milliseconds. */
const COMPLAINT_INTERVAL_MS = 10_000;

/** A listening socket that the launcher has opened. */
export interface ListeningSocket {
  fd: number;
  /** Whether a peer with this address may connect. */
  allows: (address: string) => boolean;
}

/** What Node does not show of a socket: its descriptor. */
type SocketInside = net.Socket & { _handle?: { fd?: number } };

export class Network {
  readonly #link: NetworkLink;
  readonly #connections = new Map<number, NetworkConnection>();
  /** Those of them that the guest has not accepted. */
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
   * The guest's thread has rung. The first time, it sends or waits: from now on connections are
   * accepted, which the kernel has queued until then. So a guest that probes its host at the start
   * finds a listener without connections.
   */
  rung(): void {
    if (this.#servers.length === 0) this.#listen();
    this.#link.rung();
  }

  /** The guest has ended. Resolves when all that it said has gone, or the time is up. */
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
      // With a descriptor, Node ignores a backlog among the options, and takes 511.
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
   * Whether it has one of the last descriptors. With none left, Node closes whoever comes and tells
   * nobody; and the guest may need one for a file.
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

  /** The guest hears nothing of it; the log does, once, as there may be many. */
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
