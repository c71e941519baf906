/**
 * One life of the guest, from its start to its exit or kill: the models of its chat and console.
 */
import { errnoName } from "../../host/runtime/abi.js";
import type { World } from "../world/world.js";
import type { ClientConnection, ObservedListener } from "./client_connection.js";
import { OracleFailure } from "./failure.js";
import { ChatModel } from "./model/chat.js";
import { ConsoleModel } from "./model/console.js";
import type { JournalContents } from "./model/journal.js";
import { type ChatSettings, isProxied } from "./model/settings.js";
import { Watchdog } from "./watchdog.js";

const FIRST_LISTENER_FD = 3;
const FIRST_LINE = /chat: listening on fd 3(?:, fd \d+)*, poll_oneoff \((?:exact host|verified)\)/;
const FIRST_PORT = 9001;

export class Guest {
  readonly model: ChatModel<ClientConnection>;
  readonly console: ConsoleModel;
  readonly watchdog = new Watchdog();
  connectionsMost = 0;

  constructor(
    world: World,
    private readonly listeners: readonly ObservedListener[],
    private readonly settings: ChatSettings,
    private readonly isComponent: boolean,
    /** The contents of the disk, if there is one. */
    journal?: JournalContents,
  ) {
    // A copy, since operators may change the settings during this life.
    this.model = new ChatModel<ClientConnection>({ ...settings }, world);
    if (journal !== undefined) {
      const { server, log } = this.model;
      server.keeps = true;
      journal.restore(server, server.context.seconds());
      log.say(...journal.logEvents);
    }
    const where = `chat: listening on ${this.places.join(", ")}, waitable set`;
    this.model.log.say({ event: "listening", message: isComponent ? where : FIRST_LINE });
    this.console = new ConsoleModel(this.model, settings.stopAtEof);
  }

  /** The addresses on which a component opens its listeners. */
  get places(): string[] {
    return this.listeners.map((_, at) => `127.0.0.1:${FIRST_PORT + at}`);
  }

  /** Returns the kernel's descriptor of a listener by its index. */
  listenerFd(index: number): number {
    return FIRST_LISTENER_FD + index;
  }

  isListener(fd: number): boolean {
    return this.listeners[fd - FIRST_LISTENER_FD] !== undefined;
  }

  /** Returns the connection that the kernel accepted last on a listener. */
  lastCome(listenerFd: number): ClientConnection {
    return known(this.listeners[listenerFd - FIRST_LISTENER_FD]?.accepted.at(-1));
  }

  /**
   * Handles an accept by the guest: it takes the oldest connection that the kernel has accepted.
   */
  accepted(listenerFd: number, fd: number): void {
    const connection = known(this.listeners[listenerFd - FIRST_LISTENER_FD]?.takeAccepted());
    const proxied = isProxied(this.settings, listenerFd - FIRST_LISTENER_FD);
    this.model.accepted(fd, connection, proxied, this.isComponent ? connection.address : "");
    this.connectionsMost = Math.max(this.connectionsMost, this.model.sessions.size);
  }

  acceptFailed(errno: number): void {
    this.model.settle();
    const message = new RegExp(`accept: ${errnoName(errno)}; trying again in [\\d.]+ s`);
    this.model.log.say({ event: "accept-failed", level: "warning", message });
  }

  /** Handles a send. @param count bytes that the socket took; -1 if the send failed */
  sent(fd: number, offered: readonly Uint8Array[], count: number): void {
    const connection = this.model.sessions.get(fd)?.client;
    const bytes = this.model.sent(fd, offered, count);
    connection?.transit.sent(bytes);
    connection?.compareArrived();
  }

  stoppedListening(): void {
    this.model.settle();
    if (this.model.stoppingSince !== undefined) return;
    throw new OracleFailure("descriptor", "the listener was closed before its time");
  }

  closed(fd: number): void {
    const session = this.model.closed(fd);
    const connection = session.client;
    connection.ending = `${session.name}, ${String(session.reason)}`;
    const told = session.reason !== undefined && session.reason !== "server stopping";
    connection.entitled =
      told && !session.broken && session.outbox.bytes === 0 && session.endedInTime;
  }

  logged(bytes: Buffer): void {
    this.model.log.written.wrote(bytes);
    this.model.log.written.compareLines();
  }
}

function known(connection: ClientConnection | undefined): ClientConnection {
  if (connection === undefined) {
    throw new OracleFailure("descriptor", "a connection is taken that was not accepted");
  }
  return connection;
}
