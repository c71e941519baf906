/**
 * The kernel for a guest on Node, in the guest's thread. Sockets, clocks and random numbers are
 * real. It reports readiness exactly. A wait is Atomics.wait, so it costs no processor time.
 */
import { randomFillSync } from "node:crypto";
import { ClockId, Errno, Riflags } from "../abi.js";
import type { BadArguments, Event, Kernel, Subscription } from "../kernel.js";
import { totalLength } from "../table/byte_queue.js";
import type { Descriptor } from "../table/descriptor.js";
import { DirectoryDescriptor } from "../table/directory.js";
import { FdTable } from "../table/fd_table.js";
import { deadlineOf, eventsOf, isReady, watch, type Watched } from "../table/readiness.js";
import { TableKernel } from "../table/table_kernel.js";
import { Listener } from "./descriptors.js";
import { GuestLink } from "./guest_link.js";
import { type Preopened, STDERR_ID, STDOUT_ID } from "./protocol.js";
import type { RingReader, RingWriter } from "./ring.js";
import { Input, Output } from "./stdio.js";
import { NodeVolume } from "./volume.js";

const MILLISECOND_NS = 1_000_000;

export interface NodeKernelOptions {
  incoming: RingReader;
  outgoing: RingWriter;
  /** Makes the main thread read the outgoing ring. */
  ring: () => void;
  /** The number of listening sockets. The guest finds them at 3, 4, ... */
  listeners: number;
  /** A directory, which the guest finds after the listeners. */
  directory?: Preopened | undefined;
}

/** The kernel. Its descriptors are stdio, then the listeners, then the directory. */
export class NodeKernel extends TableKernel implements Kernel {
  readonly badArguments: BadArguments = "errno";
  readonly #link: GuestLink;

  constructor({ incoming, outgoing, ring, listeners: count, directory }: NodeKernelOptions) {
    const listeners: Listener[] = [];
    const link = new GuestLink(incoming, outgoing, ring, (index, id) =>
      listeners[index]?.arrived(id),
    );
    // Numbers are not reused, as in wasmtime: a guest that uses a stale descriptor gets an error.
    const table = new FdTable(false, [
      new Input(link),
      new Output(link, STDOUT_ID),
      new Output(link, STDERR_ID),
    ]);
    for (let index = 0; index < count; index++) listeners.push(new Listener(link, index));
    for (const listener of listeners) table.add(listener);
    if (directory !== undefined)
      table.add(new DirectoryDescriptor(new NodeVolume(directory.path), directory.name));
    super(table);
    this.#link = link;
  }

  enter(): void {
    this.#link.pump();
  }

  clockTime(id: number): bigint | undefined {
    if (id === ClockId.REALTIME) return realtimeNs();
    return id === ClockId.MONOTONIC ? BigInt(monotonicNs()) : undefined;
  }

  clockResolution(id: number): bigint | undefined {
    if (id === ClockId.REALTIME) return BigInt(MILLISECOND_NS);
    return id === ClockId.MONOTONIC ? 1n : undefined;
  }

  random(target: Uint8Array): void {
    randomFillSync(target);
  }

  read(fd: number, targets: Uint8Array[]): number {
    return this.#take(fd, (found) => found.read?.(targets));
  }

  write(fd: number, pieces: Uint8Array[]): number {
    return this.#put(fd, pieces, (found, some) => found.write?.(some));
  }

  recv(fd: number, targets: Uint8Array[], flags: number): number {
    const peek = (flags & Riflags.PEEK) !== 0;
    const all = (flags & Riflags.WAITALL) !== 0 && !peek;
    if (!all) return this.#take(fd, (found) => found.recv?.(targets, peek));
    const wanted = totalLength(targets);
    let done = 0;
    while (done < wanted) {
      const rest = skip(targets, done);
      const got = this.#take(fd, (found) => found.recv?.(rest, false));
      if (got < 0) return done > 0 ? done : got;
      if (got === 0) break;
      done += got;
    }
    return done;
  }

  send(fd: number, pieces: Uint8Array[]): number {
    return this.#put(fd, pieces, (found, some) => found.send?.(some));
  }

  shutdown(fd: number, how: number): number {
    return this.table.find(fd)?.shutdown?.(how) ?? -Errno.BADF;
  }

  accept(fd: number, flags: number): number {
    const listener = this.table.find(fd);
    if (!(listener instanceof Listener)) return -Errno.BADF;
    if (listener.waitingCount === 0) {
      this.#link.announce();
      if (listener.nonBlocking) return -Errno.AGAIN;
      this.#link.wait(() => listener.waitingCount > 0);
    }
    const connection = listener.accept();
    if (connection === undefined) throw new Error("a wait without a deadline ended in vain");
    const errno = connection.setFlags(flags);
    // The connection has left the queue, but the guest does not get it: close it.
    if (errno < 0) connection.close();
    return errno < 0 ? errno : this.table.add(connection);
  }

  poll(subscriptions: Subscription[]): Event[] | number {
    const waited = watch(
      {
        dialect: "exact",
        clock: { now: monotonicNs(), realtimeNs: realtimeNs() },
        find: (fd) => this.table.find(fd),
      },
      subscriptions,
    );
    if (typeof waited === "number") return waited;
    let ready: Watched[] = [];
    const look = () => {
      ready = waited.fds.filter(isReady);
      return ready.length > 0;
    };
    this.#link.wait(look, deadlineOf(waited) / MILLISECOND_NS);
    return eventsOf("exact", monotonicNs(), waited, ready);
  }

  /** Does a read. If the descriptor is blocking, waits for the first byte. */
  #take(fd: number, move: (found: Descriptor) => number | undefined): number {
    const found = this.table.find(fd);
    if (found === undefined) return -Errno.BADF;
    const once = () => move(found) ?? -Errno.BADF;
    let moved = once();
    if (moved !== -Errno.AGAIN || found.nonBlocking) return moved;
    this.#link.wait(() => (moved = once()) !== -Errno.AGAIN);
    return moved;
  }

  /** Does a write. If the descriptor is blocking, waits until all bytes are taken. */
  #put(
    fd: number,
    pieces: Uint8Array[],
    move: (found: Descriptor, some: readonly Uint8Array[]) => number | undefined,
  ): number {
    const found = this.table.find(fd);
    if (found === undefined) return -Errno.BADF;
    const moved = move(found, pieces) ?? -Errno.BADF;
    if (found.nonBlocking || (moved < 0 && moved !== -Errno.AGAIN)) return moved;
    const wanted = totalLength(pieces);
    let done = Math.max(0, moved);
    let failed = 0;
    const writeMore = () => {
      const more = move(found, skip(pieces, done)) ?? -Errno.BADF;
      if (more > 0) done += more;
      else if (more !== -Errno.AGAIN) failed = more;
      return done === wanted || failed !== 0;
    };
    if (done < wanted) this.#link.wait(writeMore);
    return done > 0 ? done : failed;
  }
}

/** Returns views of the pieces without their first `bytes` bytes. */
function skip(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  const rest: Uint8Array[] = [];
  let left = bytes;
  for (const piece of pieces) {
    if (left < piece.length) rest.push(piece.subarray(left));
    left = Math.max(0, left - piece.length);
  }
  return rest;
}

function monotonicNs(): number {
  return Math.round(performance.now() * MILLISECOND_NS);
}

function realtimeNs(): bigint {
  return BigInt(Date.now()) * BigInt(MILLISECOND_NS);
}
