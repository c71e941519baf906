/** The data of one host call, as the kernel has recorded it, for sentences and pictures. */
import { Eventtype, Riflags } from "../../host/runtime/abi.js";
import { copyOf } from "../../host/runtime/table/byte_queue.js";
import type { Event, Subscription } from "../../host/runtime/kernel.js";

/** EVENT_READ (1) or EVENT_WRITE (2) on one descriptor. */
export interface Watched {
  fd: number;
  type: 1 | 2;
}

export interface Told extends Watched {
  nbytes: number;
  /**
   * True if an operation on the descriptor would not block; undefined if the kernel cannot tell.
   */
  isReady?: boolean;
}

export interface Poll {
  watched: Watched[];
  told: Told[];
  /** True if the poll has a timeout. */
  hasClock: boolean;
  /** The duration of the wait, in nanoseconds. */
  waited: number;
  /**
   * The number of watched descriptors that are really ready; undefined if the kernel cannot tell.
   */
  ready?: number;
}

export interface Call {
  name: string;
  fd?: number;
  /** The number of bytes moved; for an accept, the new descriptor. */
  moved: number;
  /** True for a read that consumes nothing. */
  peeks: boolean;
  /** The address of the bytes in the guest's memory. */
  address?: number;
  bytes?: Uint8Array;
  poll?: Poll;
}

/** Records the pending call; a kernel reports to it what the call does. */
export class CallNotes {
  call: Call = { name: "", moved: 0, peeks: false };

  begin(name: string): void {
    this.call = { name, moved: 0, peeks: false };
  }

  accepted(fd: number, got: number): number {
    Object.assign(this.call, { fd, moved: Math.max(0, got) });
    return got;
  }

  received(fd: number, targets: readonly Uint8Array[], flags: number, got: number): number {
    this.call.peeks = (flags & Riflags.PEEK) !== 0;
    this.#moved(fd, targets, this.call.peeks ? 0 : got);
    return got;
  }

  /** Records a call that takes bytes from the guest, or that reads a file or stdin. */
  passed(fd: number, pieces: readonly Uint8Array[], count: number): number {
    this.#moved(fd, pieces, count);
    return count;
  }

  closed(fd: number, errno: number): number {
    this.call.fd = fd;
    return errno;
  }

  polls(subscriptions: readonly Subscription[]): Poll {
    const watched = subscriptions.flatMap((one) => (one.type === Eventtype.CLOCK ? [] : [one]));
    const poll: Poll = {
      watched: watched.map(({ fd, type }) => ({ fd, type })),
      told: [],
      hasClock: watched.length < subscriptions.length,
      waited: 0,
    };
    this.call.poll = poll;
    return poll;
  }

  #moved(fd: number, pieces: readonly Uint8Array[], count: number): void {
    this.call.fd = fd;
    if (count <= 0) return;
    const first = pieces.find((one) => one.length > 0);
    this.call.moved = count;
    if (first !== undefined) this.call.address = first.byteOffset;
    this.call.bytes = copyOf(pieces, count);
  }
}

/** Returns the events of a poll, with their descriptors. */
export function toldOf(subscriptions: readonly Subscription[], events: Event[] | number): Told[] {
  if (typeof events === "number") return [];
  return events.flatMap(({ index, nbytes }) => {
    const one = subscriptions[index];
    return one === undefined || one.type === Eventtype.CLOCK
      ? []
      : [{ fd: one.fd, type: one.type, nbytes }];
  });
}
