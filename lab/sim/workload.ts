/** Plays a world's events: what its clients do, and what is typed on the console. */
import type { Peer } from "../world/peer.js";
import type { Input, Output } from "../world/stdio.js";
import type { World } from "../world/world.js";
import { Bot } from "./bot.js";
import { ClientConnection, type ObservedListener } from "./client_connection.js";
import type { Event, WorldSpec } from "./spec.js";

const FIRST_PORT = 1024;

interface Stdio {
  stdin: Input;
  stdout: Output;
  stderr: Output;
}

/** Watches the connections of a workload. */
export interface ConnectionWatcher {
  /** Handles a client that has connected. @param client its number */
  connected(connection: ClientConnection, client: number): void;
  /** A client writes. */
  wrote(connection: ClientConnection, bytes: Uint8Array): void;
}

export class Workload {
  readonly #connections: ClientConnection[] = [];
  /** The latest connection of each client. */
  readonly #present = new Map<number, ClientConnection>();
  readonly #bots = new Map<number, Bot>();
  #stdio: Stdio | undefined;

  constructor(
    private readonly world: World,
    private readonly listeners: readonly ObservedListener[],
    private readonly spec: WorldSpec,
    private readonly kill: () => void,
    private readonly watcher?: ConnectionWatcher,
  ) {}

  schedule(): void {
    for (const event of this.spec.events) this.world.at(event.at, () => this.#do(event));
  }

  /** Creates new standard streams for each life of the guest. */
  stdio(): Stdio {
    const { settings, outputBytes: capacity } = this.spec;
    // The launcher passes stdin as a socket, and sets `--stop-at-eof`.
    const stdin = this.world.input(settings.stopAtEof ? "socket" : "pipe");
    const [stdout, stderr] = [this.world.output({ capacity }), this.world.output({ capacity })];
    this.#stdio = { stdin, stdout, stderr };
    return this.#stdio;
  }

  /** Asks the guest to stop. @returns false if that is not possible, because stdin has ended */
  quit(): boolean {
    const stdin = this.#stdio?.stdin;
    if (stdin === undefined || stdin.ended) return false;
    // The newline ends an unfinished command.
    if (this.spec.settings.stopAtEof) stdin.end();
    else stdin.write("\nquit\n");
    return true;
  }

  resumeAll(): void {
    for (const { peer } of this.#connections) peer?.resume();
    this.#stdio?.stdout.resume();
    this.#stdio?.stderr.resume();
  }

  /** Checks that each client got all that was sent to it, unless its connection broke. */
  checkArrived(): void {
    for (const connection of this.#connections) connection.checkArrived();
  }

  /** Checks, in a world with one life, that no bot missed any of these messages. */
  checkBots(said: readonly number[]): void {
    for (const bot of this.#bots.values()) bot.check(said);
  }

  #do(event: Event): void {
    const stdin = this.#stdio?.stdin;
    if (event.act === "eof") stdin?.end();
    else if (event.act === "output") this.#stdio?.[event.name][event.does]();
    else if (event.act === "command") {
      if (stdin?.ended === false) stdin.write(event.text);
    } else if (event.act === "kill") this.kill();
    else if (event.act === "connect") this.#connect(event.client);
    else this.#act(event, this.#present.get(event.client));
  }

  #connect(client: number): void {
    const listener = this.listeners[client % this.listeners.length];
    if (listener === undefined) throw new Error("no listener");
    const number = this.#connections.length;
    const address = addressOf(client, number);
    const connection = new ClientConnection(
      listener,
      `connection ${number} of client ${client}`,
      address,
    );
    connection.peer = this.world.connect(connection, this.spec.streams[client], address);
    this.#connections.push(connection);
    this.#present.set(client, connection);
    this.watcher?.connected(connection, client);
  }

  #act(event: Event, connection: ClientConnection | undefined): void {
    const peer: Peer | undefined = connection?.peer;
    if (connection === undefined || peer === undefined) return;
    if (event.act === "write") {
      peer.write(event.bytes);
      this.watcher?.wrote(connection, event.bytes);
    } else if (event.act === "since") {
      peer.write(this.#bot(event.client).question(connection));
    } else if (event.act === "pause" || event.act === "resume" || event.act === "end") {
      peer[event.act]();
    } else if (event.act === "close" || event.act === "reset") {
      connection.broken = true;
      peer[event.act]();
    }
  }

  #bot(client: number): Bot {
    const bot = this.#bots.get(client) ?? new Bot(`client ${client}`);
    this.#bots.set(client, bot);
    return bot;
  }
}

/**
 * Returns a client's address: several clients share one, one in ten uses IPv6, and each connection
 * has its own port.
 */
function addressOf(client: number, connection: number): string {
  const host = client % 10 === 9 ? "[2001:db8::9]" : `203.0.113.${1 + (client % 10)}`;
  return `${host}:${FIRST_PORT + connection}`;
}
