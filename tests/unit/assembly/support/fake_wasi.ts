/**
 * The preview1 functions that the modules import, over a {@link World}: a small scripted host. It
 * shows the answer to each single call. Where wasmtime differs from the standard, it can act as
 * either.
 */
import { Random } from "../../../../lab/world/random.js";
import type { FakeFiles } from "./fake_files.js";
import {
  type Descriptor,
  Filetype,
  HostKind,
  isReadable,
  isWritable,
  readableBytes,
  type World,
} from "./world.js";

export const Errno = {
  SUCCESS: 0,
  AGAIN: 6,
  BADF: 8,
  CONNRESET: 15,
  INVAL: 28,
  IO: 29,
  NOSYS: 52,
  PIPE: 64,
} as const;

const CLOCK = 0;
const FD_READ = 1;
const FD_WRITE = 2;
const SUBSCRIPTION_BYTES = 48;
const EVENT_BYTES = 32;
const NONBLOCK = 4;
const PEEK = 1;
const HANGUP = 1;

/** Thrown by `proc_exit`, which does not return. */
export class Exited extends Error {
  constructor(readonly code: number) {
    super(`the module called proc_exit(${code})`);
  }
}

interface Subscription {
  userdata: bigint;
  type: number;
  timeout: bigint;
  fd: number;
}

export type Imports = Record<string, (...values: never[]) => unknown>;

const BYTE_VALUES = 256;

export class FakeWasi {
  /** The same bytes in each run, so that no spec fails by chance. */
  readonly #random = new Random(1);

  constructor(
    private readonly world: World,
    private readonly memory: () => WebAssembly.Memory,
    private readonly files: FakeFiles,
    /** Called after each call, since a host may take its time. */
    private readonly afterCall: () => void,
  ) {}

  /** Returns the imports of `wasi_snapshot_preview1`. */
  imports(): Imports {
    const isDirectory = (fd: number) => this.world.descriptors.get(fd)?.kind === "directory";
    const functions: Imports = {
      ...this.files.imports(isDirectory),
      args_get: this.argsGet.bind(this),
      args_sizes_get: this.argsSizesGet.bind(this),
      clock_time_get: this.clockTimeGet.bind(this),
      fd_close: this.fdClose.bind(this),
      fd_fdstat_get: this.fdstatGet.bind(this),
      fd_fdstat_set_flags: this.fdstatSetFlags.bind(this),
      fd_read: this.fdRead.bind(this),
      fd_write: this.fdWrite.bind(this),
      random_get: (at: number, length: number) => {
        this.bytes(at, length).set(Array.from({ length }, () => this.#random.below(BYTE_VALUES)));
        return Errno.SUCCESS;
      },
      poll_oneoff: this.pollOneoff.bind(this),
      sched_yield: () => Errno.SUCCESS,
      sock_accept: this.sockAccept.bind(this),
      sock_recv: this.sockRecv.bind(this),
      sock_send: this.sockSend.bind(this),
      sock_shutdown: this.sockShutdown.bind(this),
    };
    const counted: Imports = {
      proc_exit: (code: number) => {
        throw new Exited(code);
      },
    };
    for (const [name, call] of Object.entries(functions)) {
      counted[name] = (...values: never[]) => {
        this.world.count(name);
        const answer = call(...values);
        this.afterCall();
        return answer;
      };
    }
    return counted;
  }

  private get view(): DataView {
    return new DataView(this.memory().buffer);
  }

  private bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.memory().buffer, at, length);
  }

  /** The `count` pieces of memory that an array of iovec names. */
  private vectors(at: number, count: number): Uint8Array[] {
    const view = this.view;
    return Array.from({ length: count }, (_, index) =>
      this.bytes(view.getUint32(at + index * 8, true), view.getUint32(at + index * 8 + 4, true)),
    );
  }

  private argsSizesGet(count: number, size: number): number {
    const all = this.world.programArguments;
    this.view.setUint32(count, all.length, true);
    this.view.setUint32(size, Buffer.byteLength(all.join("\0")) + 1, true);
    return Errno.SUCCESS;
  }

  private argsGet(pointers: number, buffer: number): number {
    let at = buffer;
    this.world.programArguments.forEach((argument, index) => {
      this.view.setUint32(pointers + index * 4, at, true);
      const encoded = Buffer.from(`${argument}\0`);
      this.bytes(at, encoded.length).set(encoded);
      at += encoded.length;
    });
    return Errno.SUCCESS;
  }

  private clockTimeGet(clock: number, _precision: bigint, at: number): number {
    const now = clock === 0 ? this.world.realtime : this.world.monotonic;
    this.view.setBigUint64(at, now, true);
    return Errno.SUCCESS;
  }

  private fdClose(fd: number): number {
    if (this.files.owns(fd)) return this.files.call("fd_close", fd);
    return this.world.close(fd) ? Errno.SUCCESS : Errno.BADF;
  }

  private fdstatGet(fd: number, at: number): number {
    const found = this.world.descriptors.get(fd);
    if (found === undefined) return Errno.BADF;
    this.bytes(at, 24).fill(0);
    this.view.setUint8(at, found.filetype);
    this.view.setUint16(at + 2, found.nonBlocking ? NONBLOCK : 0, true);
    return Errno.SUCCESS;
  }

  private fdstatSetFlags(fd: number, flags: number): number {
    const found = this.world.descriptors.get(fd);
    if (found?.filetype !== Filetype.Socket) return Errno.BADF;
    found.nonBlocking = (flags & NONBLOCK) !== 0;
    return Errno.SUCCESS;
  }

  private fdRead(fd: number, vectors: number, count: number, result: number): number {
    if (this.files.owns(fd)) return this.files.call("fd_read", fd, vectors, count, result);
    const found = this.world.descriptors.get(fd);
    if (found?.kind !== "stdin") return Errno.BADF;
    if (!isReadable(found)) throw new Error("fd_read of stdin would wait");
    const target = this.vectors(vectors, count)[0] ?? new Uint8Array();
    this.view.setUint32(result, take(found, target, false), true);
    return Errno.SUCCESS;
  }

  private fdWrite(fd: number, vectors: number, count: number, result: number): number {
    if (this.files.owns(fd)) return this.files.call("fd_write", fd, vectors, count, result);
    const found = this.world.descriptors.get(fd);
    if (found?.kind !== "output") return Errno.BADF;
    const error = found.sendErrors.shift();
    if (error !== undefined) return error;
    if (found.room <= 0) throw new Error(`fd_write to fd ${fd} would wait`);
    this.view.setUint32(result, give(found, this.vectors(vectors, count)), true);
    return Errno.SUCCESS;
  }

  private sockAccept(fd: number, flags: number, accepted: number): number {
    const listener = this.world.descriptors.get(fd);
    if (listener?.kind !== "listener") return Errno.BADF;
    const error = listener.acceptErrors.shift();
    if (error !== undefined) return error;
    if (listener.backlog === 0) {
      if (listener.nonBlocking) return Errno.AGAIN;
      throw new Error(`sock_accept on fd ${fd} would wait`);
    }
    listener.backlog--;
    const connection = this.world.open("connection");
    this.world.at(connection).nonBlocking = (flags & NONBLOCK) !== 0;
    this.view.setUint32(accepted, connection, true);
    return Errno.SUCCESS;
  }

  private sockRecv(
    fd: number,
    vectors: number,
    count: number,
    flags: number,
    result: number,
    outFlags: number,
  ): number {
    if (flags === PEEK) this.world.count("peek");
    const found = this.world.descriptors.get(fd);
    if (found?.kind !== "connection") return Errno.BADF;
    if (found.broken || found.isResetUntold) {
      found.isResetUntold = false;
      return Errno.CONNRESET;
    }
    if (found.inbox.length === 0 && !found.ended) {
      if (found.nonBlocking) return Errno.AGAIN;
      throw new Error(`sock_recv from fd ${fd} would wait`);
    }
    const target = this.vectors(vectors, count)[0] ?? new Uint8Array();
    this.view.setUint32(result, take(found, target, flags === PEEK), true);
    this.view.setUint16(outFlags, 0, true);
    return Errno.SUCCESS;
  }

  private sockSend(
    fd: number,
    vectors: number,
    count: number,
    _flags: number,
    result: number,
  ): number {
    const found = this.world.descriptors.get(fd);
    if (found?.kind !== "connection") return Errno.BADF;
    const error = found.sendErrors.shift();
    if (error !== undefined) return error;
    if (found.broken || found.shutDown) return Errno.PIPE;
    if (found.room <= 0) return Errno.AGAIN;
    if (count > 1024) return Errno.INVAL;
    this.view.setUint32(result, give(found, this.vectors(vectors, count)), true);
    return Errno.SUCCESS;
  }

  private sockShutdown(fd: number): number {
    const found = this.world.descriptors.get(fd);
    if (found?.kind !== "connection") return Errno.BADF;
    found.shutDown = true;
    return found.shutdownErrno;
  }

  private pollOneoff(input: number, output: number, count: number, stored: number): number {
    const world = this.world;
    world.subscribed = Math.max(world.subscribed, count);
    const error = world.pollErrors.shift();
    if (error !== undefined) return error;
    if (count === 0) return Errno.INVAL;
    if (world.kind === HostKind.NoPoll) return Errno.NOSYS;
    const all = Array.from({ length: count }, (_, index) => this.subscription(input, index));
    const asked = all.filter((one) => one.type !== CLOCK);
    if (world.kind === HostKind.ClocksOnly && asked.length > 0) return Errno.NOSYS;
    const isStale = (one: Subscription) => !world.descriptors.has(one.fd);
    if (world.kind === HostKind.OverReports && asked.some(isStale)) return Errno.BADF;

    const clocks = all.filter((one) => one.type === CLOCK);
    clocks.sort((one, two) => Number(one.timeout - two.timeout));
    const fired = this.waitFor(asked, clocks[0]?.timeout);
    // As wasmtime: the earliest clock alone, and only if nothing else happened.
    const told = fired.length > 0 ? fired : clocks.slice(0, 1);
    told.forEach((one, index) => this.writeEvent(output + index * EVENT_BYTES, one));
    this.view.setUint32(stored, told.length, true);
    return Errno.SUCCESS;
  }

  /** Lets time pass until a descriptor is ready or the clock is up. */
  private waitFor(asked: Subscription[], timeout: bigint | undefined): Subscription[] {
    const world = this.world;
    const deadline = timeout === undefined ? undefined : world.monotonic + timeout;
    for (;;) {
      const ready = asked.filter((one) => this.isReady(one));
      if (ready.length > 0) return world.kind === HostKind.Exact ? ready : asked;
      const next = world.nextEvent();
      if (next !== undefined && (deadline === undefined || next <= deadline)) {
        world.advance(next - world.monotonic);
      } else if (deadline !== undefined) {
        world.advance(deadline - world.monotonic);
        return asked.some((one) => this.isReady(one)) ? this.waitFor(asked, 0n) : [];
      } else {
        throw new Error("poll_oneoff would wait for ever");
      }
    }
  }

  private subscription(input: number, index: number): Subscription {
    const view = this.view;
    const at = input + index * SUBSCRIPTION_BYTES;
    return {
      userdata: view.getBigUint64(at, true),
      type: view.getUint8(at + 8),
      timeout: view.getBigUint64(at + 24, true),
      fd: view.getUint32(at + 16, true),
    };
  }

  private isReady(one: Subscription): boolean {
    const found = this.world.descriptors.get(one.fd);
    if (found === undefined) return true;
    const isNull = found.kind === "stdin" && found.filetype === Filetype.Unknown && found.room > 0;
    if (isNull && one.type === FD_READ) throw new Error("trap: FIONREAD on /dev/null");
    return one.type === FD_READ ? isReadable(found) : isWritable(found);
  }

  private writeEvent(at: number, one: Subscription): void {
    this.bytes(at, EVENT_BYTES).fill(0);
    const view = this.view;
    view.setBigUint64(at, one.userdata, true);
    view.setUint8(at + 10, one.type);
    if (one.type === CLOCK) return;
    const found = this.world.descriptors.get(one.fd);
    if (found === undefined) view.setUint16(at + 8, Errno.BADF, true);
    else if (found.broken || (found.readFails && one.type === FD_READ)) {
      view.setUint16(at + 8, Errno.IO, true);
    } else if (found.hungUp) view.setUint16(at + 24, HANGUP, true);
    const bytes = found === undefined || one.type === FD_WRITE ? 1 : readableBytes(found);
    view.setBigUint64(at + 16, BigInt(Math.max(bytes, 1)), true);
  }
}

/** Moves what has arrived to `target`, as much as one read gives. @returns the bytes */
function take(from: Descriptor, target: Uint8Array, peek: boolean): number {
  const piece = from.inbox[0];
  if (piece === undefined) return 0;
  const taken = piece.subarray(0, target.length);
  target.set(taken);
  if (peek) return taken.length;
  if (taken.length === piece.length) from.inbox.shift();
  else from.inbox[0] = piece.subarray(taken.length);
  return taken.length;
}

/** Takes what a write brings, as far as there is room. @returns the bytes */
function give(to: Descriptor, pieces: Uint8Array[]): number {
  const whole = Buffer.concat(pieces);
  const taken = whole.subarray(0, Math.min(to.room, to.sendMost));
  to.room -= taken.length;
  to.sent.push(new Uint8Array(taken));
  return taken.length;
}
