/** The virtual kernel with the model of the chat beside it: each call is passed to the model. */
import { ClockId, Errno, Eventtype, Riflags } from "../../host/runtime/abi.js";
import { GuestMemory } from "../../host/runtime/memory.js";
import type { Event, OpenFlags, Subscription } from "../../host/runtime/kernel.js";
import { firstBytes, totalLength } from "../../host/runtime/table/byte_queue.js";
import type { VirtualKernelOptions } from "../world/kernel.js";
import { ComponentKernel } from "../world/preview3/kernel.js";
import type { World } from "../world/world.js";
import type { WasmMemory } from "../../host/runtime/webassembly.js";
import type { ClientConnection } from "./client_connection.js";
import { OracleFailure } from "./failure.js";
import type { ChatModel } from "./model/chat.js";
import type { Guest } from "./guest.js";
import { LineProbes } from "./line_probes.js";
import type { Probes } from "./probes.js";
import type { Kill } from "./spec.js";
import type { Watchdog } from "./watchdog.js";

const STDIN = 0;
const STDOUT = 1;

/** Faults of the whole guest, which no descriptor has. */
export interface Hazards {
  /** The kill that ends this life, if it comes before the time `killBefore`. */
  kill: Kill | undefined;
  killBefore: number;
  /** May change the order of the events. */
  onEvents(events: Event[]): void;
}

export class ObservedKernel extends ComponentKernel {
  /** Descriptors that the guest had open when it ended. */
  leftOpen: number[] = [];
  protected readonly guest: Guest;
  protected readonly model: ChatModel<ClientConnection>;
  protected readonly watchdog: Watchdog;
  readonly #hazards: Hazards;
  /** The last monotonic time that the guest has read, in nanoseconds. */
  #clock = 0;
  /** True if this is the time of the next tick. */
  #isTickAhead = false;
  #wokenAt = 0;
  protected readonly memory = new GuestMemory();
  readonly #lines: LineProbes;
  /** Descriptors of files. */
  readonly #files = new Set<number>();
  /** The steps that are left until the guest is killed, in the unit of the kill. */
  #left: number;

  constructor(world: World, options: VirtualKernelOptions, guest: Guest, hazards: Hazards) {
    super(world, options);
    this.#hazards = hazards;
    this.#left = hazards.kill?.number ?? Infinity;
    this.guest = guest;
    this.model = guest.model;
    this.watchdog = guest.watchdog;
    this.#lines = new LineProbes(guest.model, this.memory);
  }

  /** The probes that every chat has: ticks, and what it does with its clients. */
  get probes(): Probes {
    return {
      ...this.#lines.probes,
      tick: () => {
        this.#isTickAhead = true;
      },
      dispatch: () => {
        this.model.tickBegan(this.#clock);
        this.#isTickAhead = false;
      },
      expected: () => {
        if (this.#isTickAhead) this.model.tickBegan(this.#clock);
        this.#isTickAhead = false;
      },
      calendar: (_clock: number, milliseconds: bigint) => {
        this.model.readsCalendar(Number(milliseconds));
      },
      epoch: (epoch: bigint) => {
        // The epoch that a journal holds takes precedence.
        if (this.model.server.epoch === 0) this.model.server.epoch = Number(epoch);
      },
    };
  }

  attach(memory: WasmMemory): void {
    this.memory.attach(memory);
  }

  override enter(call: string): void {
    this.#countDone("call", 1);
    super.enter(call);
  }

  override exit(): void {
    this.leftOpen = this.openFds;
    super.exit();
  }

  override clockTime(id: number): bigint | undefined {
    const time = super.clockTime(id);
    if (time === undefined) return time;
    if (id === ClockId.REALTIME) return time;
    this.#clock = Number(time);
    this.model.readsClock(this.#clock);
    return time;
  }

  override accept(fd: number, flags: number): number {
    const accepted = super.accept(fd, flags);
    this.sawAccept(fd, accepted);
    return accepted;
  }

  protected sawAccept(fd: number, accepted: number): void {
    if (accepted >= 0) {
      this.watchdog.progressed();
      this.guest.accepted(fd, accepted);
    } else if (accepted !== -Errno.AGAIN && accepted !== -Errno.CONNABORTED) {
      this.watchdog.progressed();
      this.guest.acceptFailed(-accepted);
    }
  }

  override recv(fd: number, targets: Uint8Array[], flags: number): number {
    const got = super.recv(fd, targets, flags);
    if ((flags & Riflags.PEEK) !== 0) return got;
    // A copy, since the guest reuses its memory.
    this.sawReceive(fd, got > 0 ? Buffer.concat(targets, got) : got);
    return got;
  }

  /** @param got the bytes received; 0 at the end of the stream, or a negated errno */
  protected sawReceive(fd: number, got: Buffer | number): void {
    if (got === -Errno.AGAIN) return;
    this.watchdog.progressed();
    if (typeof got !== "number") this.model.received(fd, got);
    else if (got === 0) this.model.ended(fd);
    else this.model.brokeReceiving(fd);
  }

  override send(fd: number, pieces: Uint8Array[]): number {
    const sent = super.send(fd, pieces);
    if (sent > 0) this.#countDone("send", 1);
    this.sawSend(fd, pieces, sent);
    return sent;
  }

  protected sawSend(fd: number, pieces: readonly Uint8Array[], sent: number): void {
    if (sent > 0) this.watchdog.progressed();
    this.guest.sent(fd, pieces, Math.max(sent, sent === -Errno.AGAIN ? 0 : -1));
    if (sent < 0 && sent !== -Errno.AGAIN) {
      this.watchdog.progressed();
      this.model.brokeSending(fd);
    }
  }

  override open(directory: number, path: Uint8Array, flags: OpenFlags): number {
    const fd = super.open(directory, path, flags);
    if (fd >= 0) this.#files.add(fd);
    return fd;
  }

  override close(fd: number): number {
    if (this.#files.delete(fd)) return super.close(fd);
    const result = super.close(fd);
    if (result < 0) throw new OracleFailure("descriptor", `fd ${fd} is closed, but is not open`);
    this.watchdog.progressed();
    this.sawClose(fd);
    return result;
  }

  protected sawClose(fd: number): void {
    if (this.guest.isListener(fd)) this.guest.stoppedListening();
    else this.guest.closed(fd);
  }

  override read(fd: number, targets: Uint8Array[]): number {
    const got = super.read(fd, targets);
    this.watchdog.progressed();
    if (fd === STDIN) this.sawTyped(got > 0 ? Buffer.concat(targets, got) : got);
    return got;
  }

  /** @param got the bytes typed; 0 at the end of stdin */
  protected sawTyped(got: Buffer | number): void {
    const { console } = this.guest;
    if (typeof got !== "number") console.typed(got);
    else if (got === 0) console.ended();
  }

  override write(fd: number, pieces: Uint8Array[]): number {
    // Files are checked when the next life reads them.
    if (this.#files.has(fd)) {
      return super.write(fd, firstBytes(pieces, this.#countDone("byte", totalLength(pieces))));
    }
    const before = this.world.now;
    const written = super.write(fd, pieces);
    if (this.world.now > before) {
      throw new OracleFailure("blocked", `it waited for whoever reads fd ${fd}`);
    }
    if (written <= 0) return written;
    this.model.settle();
    this.watchdog.progressed();
    const bytes = Buffer.concat(pieces, written);
    if (fd === STDOUT) this.guest.console.shown.wrote(bytes);
    else this.guest.logged(bytes);
    return written;
  }

  /**
   * Counts calls, sends or written bytes. Kills the guest at its next call once the limit is
   * reached.
   *
   * @returns the part of `amount` that is done before the kill
   */
  #countDone(what: Kill["at"], amount: number): number {
    const { kill, killBefore } = this.#hazards;
    if (kill?.at !== what || this.world.now >= killBefore) return amount;
    const done = Math.min(amount, this.#left);
    this.#left -= done;
    if (this.#left === 0) this.kill();
    return done;
  }

  override poll(subscriptions: Subscription[]): Event[] | number {
    if (asksAboutOne(subscriptions)) return super.poll(subscriptions);
    this.beginsWait();
    const before = this.world.now;
    const events = super.poll(subscriptions);
    this.endsWait(this.world.now - before);
    if (typeof events !== "number") this.#hazards.onEvents(events);
    return events;
  }

  /** The guest has nothing left to do and waits. */
  protected beginsWait(): void {
    this.model.waits(this.#wokenAt);
    this.watchdog.waits(this.model.sessions.values(), this.world.now);
  }

  protected endsWait(waited: number): void {
    this.#wokenAt = this.world.now;
    this.watchdog.woke(waited);
  }

  /**
   * Returns the connection behind a descriptor of this kernel; undefined if it is no connection.
   */
  connectionOf(fd: number): ClientConnection | undefined {
    return this.model.sessions.get(fd)?.client;
  }
}

/**
 * Returns true for one descriptor with a timeout of 0: that is a check of readiness, not a wait.
 */
function asksAboutOne([first, second, ...others]: readonly Subscription[]): boolean {
  if (first === undefined || first.type === Eventtype.CLOCK || others.length > 0) return false;
  return second?.type === Eventtype.CLOCK && second.timeout === 0n;
}
