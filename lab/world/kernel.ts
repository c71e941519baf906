/**
 * A kernel in memory: the descriptors of one guest in a {@link World}. Each call takes some virtual
 * time, and a wait runs the world's scheduled actions until it ends.
 */
import { ClockId, Errno, Rights, Riflags } from "../../host/runtime/abi.js";
import type {
  BadArguments,
  Event,
  Kernel,
  OpenFlags,
  Subscription,
} from "../../host/runtime/kernel.js";
import { GuestTrap, type StopReason } from "../../host/runtime/outcome.js";
import { copyOf, firstBytes, totalLength } from "../../host/runtime/table/byte_queue.js";
import type { Descriptor } from "../../host/runtime/table/descriptor.js";
import { DirectoryDescriptor, type Volume } from "../../host/runtime/table/directory.js";
import type { Faults } from "./faults.js";
import { FdTable } from "../../host/runtime/table/fd_table.js";
import { Listener } from "./listener.js";
import type { Random } from "./random.js";
import {
  deadlineOf,
  eventsOf,
  isReady,
  watch,
  type Dialect,
} from "../../host/runtime/table/readiness.js";
import type { WatchContext, Watched } from "../../host/runtime/table/readiness.js";
import { InputDescriptor, OutputDescriptor, type Input, type Output } from "./stdio.js";
import { TableKernel } from "../../host/runtime/table/table_kernel.js";
import { Ticks } from "./ticks.js";
import type { World } from "./world.js";

/** The default virtual time of a call, so that time passes for a guest that never waits. */
const CALL_NS = 500;
const MAX_CALLS = 50_000_000;

export interface VirtualKernelOptions {
  dialect: Dialect;
  /** At descriptors 3, 4, and so on. */
  listeners?: readonly Listener[];
  /** Directories, behind the listeners, by the names that the guest knows. */
  directories?: Readonly<Record<string, Volume>>;
  stdin: Input;
  stdout: Output;
  stderr: Output;
  faults?: Faults;
  callNs?: number | undefined;
  /** The most calls; a guest that makes more is stopped, since it spins. */
  callsMost?: number;
}

export class VirtualKernel extends TableKernel implements Kernel {
  readonly badArguments: BadArguments;
  protected readonly world: World;
  protected readonly faults: Faults;
  protected readonly ticks: Ticks;
  protected readonly context: WatchContext;
  readonly #dialect: Dialect;
  readonly #random: Random;

  constructor(world: World, options: VirtualKernelOptions) {
    const { dialect, listeners = [], directories = {}, stdin, stdout, stderr } = options;
    super(
      new FdTable(dialect === "exact", [
        new InputDescriptor(stdin, dialect === "wasmtime-36"),
        new OutputDescriptor(stdout),
        new OutputDescriptor(stderr),
      ]),
    );
    this.world = world;
    this.#dialect = dialect;
    this.badArguments = dialect === "exact" ? "errno" : "trap";
    this.#random = world.random.fork();
    this.faults = options.faults ?? {};
    const { callNs = CALL_NS, callsMost = MAX_CALLS } = options;
    this.ticks = new Ticks(world, this.faults, callNs, callsMost);
    this.context = { dialect, clock: world, find: (fd) => this.table.find(fd) };
    for (const listener of listeners) this.table.add(listener);
    for (const [name, volume] of Object.entries(directories))
      this.table.add(new DirectoryDescriptor(volume, name));
  }

  get calls(): number {
    return this.ticks.calls;
  }

  /** The descriptors that the guest holds, including the standard ones. */
  get openFds(): number[] {
    return this.table.fds;
  }

  /** Ends the guest at its next call. Actions of the world call it. */
  kill(reason: StopReason = "killed", detail = "by the world"): void {
    this.ticks.stop(reason, detail);
  }

  enter(call: string): void {
    this.ticks.enter(call);
  }

  clockTime(id: number): bigint | undefined {
    if (id === ClockId.REALTIME) return this.world.realtimeNs;
    return id === ClockId.MONOTONIC ? BigInt(this.world.now) : undefined;
  }

  clockResolution(id: number): bigint | undefined {
    return id === ClockId.REALTIME || id === ClockId.MONOTONIC ? 1n : undefined;
  }

  random(target: Uint8Array): void {
    this.#random.fill(target);
  }

  read(fd: number, targets: Uint8Array[]): number {
    const into = this.#filled(targets);
    if (this.#dialect === "wasmtime-36" && into.length === 0) {
      // With no room to fill, wasmtime does not even check that a listener cannot be read.
      return this.table.find(fd)?.rights === Rights.FD_WRITE ? -Errno.BADF : 0;
    }
    return this.#transfer("fd_read", fd, into, (found, pieces) => found.read?.(pieces));
  }

  write(fd: number, pieces: Uint8Array[]): number {
    const found = this.table.find(fd);
    if (!(found instanceof OutputDescriptor)) {
      return this.#transfer("fd_write", fd, pieces, (at, some) => at.write?.(some));
    }
    // Rust's stdout writes everything, however long that takes.
    const wanted = totalLength(pieces);
    let done = 0;
    do {
      const rest = [copyOf(pieces, Infinity).subarray(done)];
      const written = this.#transfer("fd_write", fd, rest, (at, some) => at.write?.(some));
      if (written < 0) return written;
      done += written;
    } while (done < wanted);
    return done;
  }

  accept(fd: number, flags: number): number {
    const listener = this.table.find(fd);
    if (!(listener instanceof Listener)) return -Errno.BADF;
    const fault = this.#strike("sock_accept", fd, listener, 0);
    if (fault < 0) return fault;
    if (listener.waitingCount === 0) {
      if (listener.nonBlocking) return -Errno.AGAIN;
      this.ticks.wait(() => listener.waitingCount > 0);
    }
    const end = listener.accept();
    if (end === undefined) throw new Error("a wait without a deadline ended in vain");
    const errno = end.setFlags(flags);
    // The flags were refused: the connection has left the queue and gets no descriptor, so it is
    // closed.
    if (errno < 0) end.close();
    return errno < 0 ? errno : this.table.add(end);
  }

  recv(fd: number, targets: Uint8Array[], flags: number): number {
    const into = this.#filled(targets);
    if ((flags & Riflags.PEEK) !== 0) {
      return this.#transfer("sock_recv", fd, into, (found, pieces) => found.recv?.(pieces, true));
    }
    if ((flags & Riflags.WAITALL) !== 0) return this.#receiveAll(fd, into);
    return this.#transfer("sock_recv", fd, into, (found, pieces) => found.recv?.(pieces, false));
  }

  send(fd: number, pieces: Uint8Array[]): number {
    return this.#transfer("sock_send", fd, pieces, (found, some) => found.send?.(some));
  }

  shutdown(fd: number, how: number): number {
    const found = this.table.find(fd);
    if (found === undefined) return -Errno.BADF;
    const fault = this.#strike("sock_shutdown", fd, found, 0);
    return fault < 0 ? fault : (found.shutdown?.(how) ?? -Errno.BADF);
  }

  override open(directory: number, path: Uint8Array, flags: OpenFlags): number {
    return this.#struck("path_open", directory) || super.open(directory, path, flags);
  }

  override unlink(directory: number, path: Uint8Array): number {
    return this.#struck("path_unlink_file", directory) || super.unlink(directory, path);
  }

  override setSize(fd: number, size: bigint): number {
    return this.#struck("fd_filestat_set_size", fd) || super.setSize(fd, size);
  }

  override sync(fd: number): number {
    return this.#struck("fd_sync", fd) || super.sync(fd);
  }

  poll(subscriptions: Subscription[]): Event[] | number {
    const waited = watch(this.context, subscriptions);
    if (typeof waited === "number") return waited;
    const ready: Watched[] = [];
    let isDelayed = false;
    const look = () => {
      isDelayed = false;
      for (const one of waited.fds) {
        const isOne = isReady(one);
        if (this.faults.onReadiness?.(one.fd, one.type, isOne) ?? isOne) ready.push(one);
        else isDelayed ||= isOne;
      }
      return ready.length > 0;
    };
    this.ticks.wait(look, deadlineOf(waited), () => isDelayed);
    return eventsOf(this.#dialect, this.world.now, waited, ready);
  }

  /**
   * Returns the targets that one read fills: all of them, or in wasmtime the first that is not
   * empty.
   */
  #filled(targets: Uint8Array[]): Uint8Array[] {
    if (this.#dialect === "exact") return targets;
    const first = targets.find((target) => target.length > 0);
    return first === undefined ? [] : [first];
  }

  #transfer(
    call: string,
    fd: number,
    pieces: Uint8Array[],
    move: (found: Descriptor, pieces: Uint8Array[]) => number | undefined,
  ): number {
    const found = this.table.find(fd);
    if (found === undefined) return -Errno.BADF;
    const fault = this.#strike(call, fd, found, totalLength(pieces));
    if (fault < 0) return fault;
    const some = fault > 0 ? firstBytes(pieces, fault) : pieces;
    const once = () => move(found, some) ?? -Errno.BADF;
    let moved = once();
    if (moved !== -Errno.AGAIN || found.nonBlocking) return moved;
    this.ticks.wait(() => (moved = once()) !== -Errno.AGAIN);
    return moved;
  }

  /**
   * Receives with WAITALL. If the stream ends early, Linux returns what there is; wasmtime loses
   * it, and may trap.
   */
  #receiveAll(fd: number, targets: Uint8Array[]): number {
    const wanted = totalLength(targets);
    const whole = new Uint8Array(wanted);
    let done = 0;
    let failed = 0;
    while (done < wanted && failed === 0) {
      const rest = [whole.subarray(done)];
      const got = this.#transfer("sock_recv", fd, rest, (found, some) => found.recv?.(some, false));
      if (got > 0) done += got;
      else if (got < 0) failed = got;
      else break;
    }
    let at = 0;
    for (const target of targets) {
      target.set(whole.subarray(at, Math.min(at + target.length, done)));
      at += target.length;
    }
    if (wanted === 0) return this.table.find(fd)?.recv?.([], false) ?? -Errno.BADF;
    if (done === wanted) return done;
    if (this.#dialect === "exact") return done > 0 ? done : failed;
    if (failed !== 0) return failed;
    throw new GuestTrap("Unknown OS error: failed to fill whole buffer");
  }

  /** Asks for a fault of a call that moves no bytes. @returns a negated errno; 0 for none */
  #struck(call: string, fd: number): number {
    const found = this.table.find(fd);
    return found === undefined ? 0 : Math.min(0, this.#strike(call, fd, found, 0));
  }

  /** Asks for a fault. @returns a negated errno, or the most bytes to move, or 0 for no fault */
  #strike(call: string, fd: number, found: Descriptor, bytes: number): number {
    const fault = this.faults.onCall?.(call, fd, bytes);
    if (fault === undefined) return 0;
    if ("trap" in fault) throw new GuestTrap(fault.trap);
    if ("mostBytes" in fault) return Math.max(1, fault.mostBytes);
    const { errno } = fault;
    if (errno === Errno.AGAIN && !found.nonBlocking) return 0;
    const breaks = errno === Errno.CONNRESET || errno === Errno.PIPE;
    if (breaks) found.break?.();
    if (errno === Errno.CONNABORTED && found instanceof Listener) found.accept()?.reset();
    return -errno;
  }
}
