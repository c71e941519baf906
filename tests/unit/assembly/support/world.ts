/**
 * The world of a spec: time that advances only in waits or when the spec advances it, and
 * descriptors whose other ends the spec holds. fake_wasi.ts puts WASI on top of it.
 */

/** How `poll_oneoff` answers, see assembly/selectors/host_readiness.ts. */
export enum HostKind {
  /** As wasmtime: once one descriptor is ready, all are reported. */
  OverReports = 0,
  /** As the standard says. */
  Exact = 1,
  /** It knows clocks alone. */
  ClocksOnly = 2,
  /** There is none. */
  NoPoll = 3,
}

/** WASI's filetypes, as far as they matter. */
export const Filetype = { Unknown: 0, Terminal: 2, Directory: 3, File: 4, Socket: 6 } as const;

export interface Descriptor {
  kind: "stdin" | "output" | "listener" | "connection" | "directory";
  filetype: number;
  nonBlocking: boolean;
  /** Readable bytes, one entry for each arrival: a read takes bytes from the first one only. */
  inbox: Uint8Array[];
  ended: boolean;
  /** A reset: reads fail with CONNRESET, and poll says so. */
  broken: boolean;
  hungUp: boolean;
  /** A reset of which one read is told; after it the stream has ended, as on Linux. */
  isResetUntold: boolean;
  /** poll names an error for a read alone. */
  readFails: boolean;
  /** Bytes that can still be written. */
  room: number;
  /** Bytes that one write takes at most. */
  sendMost: number;
  sent: Uint8Array[];
  shutDown: boolean;
  /** Errnos that the next calls answer with. */
  sendErrors: number[];
  acceptErrors: number[];
  shutdownErrno: number;
  /** Connections that wait at a listener. */
  backlog: number;
}

const FIRST_HANDED_IN = 3;

export class World {
  monotonic = 1_000_000_000n;
  realtime = 0n;
  kind = HostKind.OverReports;
  descriptors = new Map<number, Descriptor>();
  /** Closed descriptors: the bytes that were sent to them can still be read. */
  closed = new Map<number, Descriptor>();
  /** Errnos that the next calls of poll_oneoff answer with. */
  pollErrors: number[] = [];
  programArguments: string[] = ["spec.wasm"];
  /** Calls of each WASI function so far; `peek` counts the sock_recv that only look. */
  calls = new Map<string, number>();
  /** The most subscriptions of one poll_oneoff, since the spec last asked. */
  subscribed = 0;

  private nextFd = FIRST_HANDED_IN;
  private later: { at: bigint; act: () => void }[] = [];

  constructor() {
    this.descriptors.set(0, descriptor("stdin", Filetype.Unknown));
    this.descriptors.set(1, descriptor("output", Filetype.Unknown));
    this.descriptors.set(2, descriptor("output", Filetype.Unknown));
  }

  open(kind: Descriptor["kind"]): number {
    const socket = kind === "listener" || kind === "connection";
    const opened = descriptor(kind, socket ? Filetype.Socket : Filetype.Directory);
    opened.nonBlocking = socket;
    this.descriptors.set(this.nextFd, opened);
    return this.nextFd++;
  }

  /** The descriptor that a spec speaks of; a wrong number is the spec's mistake. */
  at(fd: number): Descriptor {
    const found = this.descriptors.get(fd);
    if (found === undefined) throw new Error(`the spec speaks of fd ${fd}, which is not open`);
    return found;
  }

  close(fd: number): boolean {
    const found = this.descriptors.get(fd);
    if (found !== undefined) this.closed.set(fd, found);
    return this.descriptors.delete(fd);
  }

  count(name: string): void {
    this.calls.set(name, (this.calls.get(name) ?? 0) + 1);
  }

  /** Time passes; what was to happen meanwhile happens, each thing at its moment. */
  advance(nanoseconds: bigint): void {
    const end = this.monotonic + nanoseconds;
    for (let next = this.nextEvent(); next !== undefined && next <= end; next = this.nextEvent()) {
      this.turnTo(next);
      this.later.shift()?.act();
    }
    this.turnTo(end);
  }

  /** When the next scheduled thing happens. */
  nextEvent(): bigint | undefined {
    return this.later[0]?.at;
  }

  schedule(nanoseconds: bigint, act: () => void): void {
    this.later.push({ at: this.monotonic + nanoseconds, act });
    this.later.sort((one, two) => Number(one.at - two.at));
  }

  private turnTo(moment: bigint): void {
    this.realtime += moment - this.monotonic;
    this.monotonic = moment;
  }
}

export function isReadable(fd: Descriptor): boolean {
  return fd.backlog > 0 || fd.inbox.length > 0 || fd.ended || isWrecked(fd) || fd.readFails;
}

export function isWritable(fd: Descriptor): boolean {
  if (fd.kind === "listener") return false;
  return fd.room > 0 || isWrecked(fd);
}

function isWrecked(fd: Descriptor): boolean {
  return fd.broken || fd.hungUp;
}

/** Bytes that FIONREAD would tell. */
export function readableBytes(fd: Descriptor): number {
  return fd.inbox.reduce((sum, piece) => sum + piece.length, 0);
}

function descriptor(kind: Descriptor["kind"], filetype: number): Descriptor {
  return {
    kind,
    filetype,
    nonBlocking: false,
    inbox: [],
    ended: false,
    broken: false,
    hungUp: false,
    isResetUntold: false,
    readFails: false,
    room: kind === "stdin" ? 0 : Infinity,
    sendMost: Infinity,
    sent: [],
    shutDown: false,
    sendErrors: [],
    acceptErrors: [],
    shutdownErrno: 0,
    backlog: 0,
  };
}
