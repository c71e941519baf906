/** The virtual kernel of worlds with IRC. It knows the connections, and detects busy loops. */
import { ComponentKernel } from "../../world/preview3/kernel.js";
import type { Event, Subscription } from "../../../host/runtime/kernel.js";
import type { VirtualKernelOptions } from "../../world/kernel.js";
import type { World } from "../../world/world.js";
import type { ClientConnection, ObservedListener } from "../client_connection.js";
import { OracleFailure } from "../failure.js";
import type { Kill } from "../spec.js";

const FIRST_LISTENER_FD = 3;
/** The most waits in a row at the same time without a transfer of bytes. */
const FRUITLESS_MOST = 200;

export interface IrcKernelOptions extends VirtualKernelOptions {
  listeners: readonly ObservedListener[];
  /** The kill that ends this life, if it comes before `killBefore` (nanoseconds). */
  kill: Kill | undefined;
  killBefore: number;
  onAccept(connection: ClientConnection): void;
}

export class IrcKernel extends ComponentKernel {
  /** The descriptors that the guest had open when it ended. */
  leftOpen: number[] = [];
  readonly #options: IrcKernelOptions;
  readonly #connections = new Map<number, ClientConnection>();
  #calls = 0;
  #fruitless = 0;
  #polledAt = 0;

  constructor(world: World, options: IrcKernelOptions) {
    super(world, options);
    this.#options = options;
  }

  /** Returns the connection behind a descriptor, or undefined if it is no connection. */
  connectionOf(fd: number): ClientConnection | undefined {
    return this.#connections.get(fd);
  }

  override enter(call: string): void {
    const { kill, killBefore } = this.#options;
    if (kill !== undefined && ++this.#calls === kill.number && this.world.now < killBefore) {
      this.kill();
    }
    super.enter(call);
  }

  override exit(): void {
    this.leftOpen = this.openFds;
    super.exit();
  }

  override accept(listener: number, flags: number): number {
    const fd = super.accept(listener, flags);
    this.#fruitless = 0;
    if (fd < 0) return fd;
    const connection = this.#options.listeners[listener - FIRST_LISTENER_FD]?.takeAccepted();
    if (connection === undefined) throw new Error("an accepted connection is unknown");
    this.#connections.set(fd, connection);
    this.#options.onAccept(connection);
    return fd;
  }

  override recv(fd: number, targets: Uint8Array[], flags: number): number {
    const got = super.recv(fd, targets, flags);
    if (got >= 0) this.#fruitless = 0;
    return got;
  }

  override send(fd: number, pieces: Uint8Array[]): number {
    const sent = super.send(fd, pieces);
    if (sent > 0) this.#fruitless = 0;
    return sent;
  }

  override close(fd: number): number {
    this.#fruitless = 0;
    this.#connections.delete(fd);
    return super.close(fd);
  }

  override poll(subscriptions: Subscription[]): Event[] | number {
    const before = this.world.now;
    const events = super.poll(subscriptions);
    if (this.world.now - this.#polledAt > 10_000_000) this.#fruitless = 0;
    this.#polledAt = before;
    if (++this.#fruitless > FRUITLESS_MOST) {
      throw new OracleFailure("spin", `${FRUITLESS_MOST} waits over at once, and nothing done`);
    }
    return events;
  }
}
