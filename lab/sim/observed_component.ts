/**
 * The kernel of a component, with the model beside it. A component reads ahead, accepts ahead and
 * waits for several things at once, so its host calls do not show what the chat does. The probes
 * report each socket operation as the chat calls it, and each `select`.
 */
import { Errno } from "../../host/runtime/abi.js";
import { SECOND_NS } from "../world/world.js";
import type { ClientConnection } from "./client_connection.js";
import { OracleFailure } from "./failure.js";
import { ObservedKernel } from "./observed_kernel.js";
import type { Probes } from "./probes.js";
import { Transit } from "./transit.js";

const VECTOR_BYTES = 8;
/** Waits for the host within one `select` that take no time. More of them are a busy loop. */
const WAITS_MOST = 10_000;
/** The tolerance of a wait beyond its timeout, in nanoseconds. */
const LATE_NS = 10_000_000;

export class ObservedComponent extends ObservedKernel {
  #hostWaits = 0;
  #waitsSince = 0;
  /** Nanoseconds that this `select` has waited for the host. */
  #waited = 0;
  /** The timeout of this `select`, in nanoseconds. */
  #timeout = Infinity;
  /** Connections by the kernel's descriptors; the component has its own numbers. */
  readonly #connections = new Map<number, ClientConnection>();
  /** The component's descriptors of its listeners, in order. */
  readonly #listeners: number[] = [];
  /** Bytes of stdin that the component has not taken yet. */
  readonly #typed = new Transit("the console, to the component");
  /** The failed accepts that the chat has not got yet: at most one for each listener. */
  #untold = 0;

  override get probes(): Probes {
    return { ...super.probes, ...this.#verbs };
  }

  readonly #verbs: Probes = {
    "select begins": (_selector: number, timeout: number) => {
      this.#timeout = timeout * SECOND_NS;
      this.beginsWait();
      this.#hostWaits = 0;
      this.#waited = 0;
    },
    "select ends": () => {
      this.endsWait(this.#waited);
      if (this.#waited > this.#timeout + LATE_NS) {
        const [waited, timeout] = [this.#waited, this.#timeout].map((ns) => ns / SECOND_NS);
        throw new OracleFailure("starved", `a select of ${timeout} s has waited ${waited} s`);
      }
    },
    listen: (_address: number, _bytes: number, _port: number, fd: number) => {
      if (fd >= 0) this.#listeners.push(fd);
    },
    accept: (listener: number, _blocking: number, fd: number) => {
      if (fd < 0 && fd !== -Errno.AGAIN) this.#untold = Math.max(0, this.#untold - 1);
      super.sawAccept(this.#listenerFdOf(listener), fd);
    },
    recv: (fd: number, buffer: number, _length: number, got: number) => {
      const bytes = this.#bytes(buffer, got);
      const connection = this.model.sessions.get(fd)?.client;
      if (connection !== undefined) checkTaken(connection, bytes);
      super.sawReceive(fd, bytes);
    },
    send: (fd: number, buffer: number, length: number, sent: number) => {
      super.sawSend(fd, [this.memory.bytes(buffer, length)], sent);
    },
    "send several": (fd: number, vectors: number, count: number, sent: number) => {
      super.sawSend(fd, this.#pieces(vectors, count), sent);
    },
    close: (fd: number) => {
      if (this.model.sessions.has(fd)) this.guest.closed(fd);
      else if (this.#listeners.includes(fd)) this.guest.stoppedListening();
    },
    "read stdin": (buffer: number, _length: number, got: number) => {
      const bytes = this.#bytes(buffer, got);
      if (typeof bytes !== "number") this.#typed.arrived(bytes);
      super.sawTyped(bytes);
    },
  };

  override enter(call: string): void {
    super.enter(call);
    if (call !== "[waitable-set-wait]") return;
    if (this.world.now - this.#waitsSince > 100_000) this.#hostWaits = 0;
    this.#waitsSince = this.world.now;
    if (++this.#hostWaits <= WAITS_MOST) return;
    throw new OracleFailure("spin", `${WAITS_MOST} waits for the host in one, over at once`);
  }

  override waitUntil(look: () => boolean, deadline: number): void {
    const before = this.world.now;
    super.waitUntil(look, deadline);
    this.#waited += this.world.now - before;
  }

  override connectionOf(fd: number): ClientConnection | undefined {
    return this.#connections.get(fd);
  }

  /** The host has accepted a connection; the component takes it later. */
  protected override sawAccept(listener: number, accepted: number): void {
    if (accepted >= 0) this.#connections.set(accepted, this.guest.lastCome(listener));
    else if (accepted !== -Errno.AGAIN && ++this.#untold > this.#listeners.length) {
      throw new OracleFailure("log", "accepts have failed, and the chat was told of none");
    }
  }

  /** The host has read for the component, which takes the bytes later. */
  protected override sawReceive(fd: number, got: Buffer | number): void {
    const connection = this.#connections.get(fd);
    if (connection === undefined) return;
    if (typeof got !== "number") connection.ahead.sent(got);
    else if (got !== -Errno.AGAIN) connection.readEnded = got;
  }

  protected override sawSend(): void {
    // The probe of the send reports it.
  }

  protected override sawTyped(got: Buffer | number): void {
    if (typeof got !== "number") this.#typed.sent(got);
  }

  protected override sawClose(fd: number): void {
    this.#connections.delete(fd);
  }

  #listenerFdOf(listener: number): number {
    const at = this.#listeners.indexOf(listener);
    if (at < 0) throw new OracleFailure("descriptor", `fd ${listener} is no listener`);
    return this.guest.listenerFd(at);
  }

  /** Returns a copy, since the component reuses its memory. */
  #bytes(buffer: number, got: number): Buffer | number {
    return got > 0 ? Buffer.from(this.memory.bytes(buffer, got)) : got;
  }

  #pieces(vectors: number, count: number): Uint8Array[] {
    const view = this.memory.view(vectors, count * VECTOR_BYTES, 4);
    return Array.from({ length: count }, (_, index) => {
      const at = index * VECTOR_BYTES;
      return this.memory.bytes(view.getUint32(at, true), view.getUint32(at + 4, true));
    });
  }
}

/**
 * Checks that the component takes what its host has read for it, and the same end of the stream.
 */
function checkTaken(connection: ClientConnection, got: Buffer | number): void {
  if (typeof got !== "number") {
    connection.ahead.arrived(got);
    return;
  }
  if (got === -Errno.AGAIN) return;
  const { bytes } = connection.ahead;
  const isSame = connection.readEnded !== undefined && (got === 0) === (connection.readEnded === 0);
  if (isSame && bytes === 0) return;
  const how = `${String(connection.readEnded)}, ${bytes} bytes before it were not taken`;
  throw new OracleFailure("delivery", `reading has ended with ${got} for it, in truth with ${how}`);
}
