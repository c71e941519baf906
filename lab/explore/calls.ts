/** What one call of a guest has done, as its kernel saw it: all that can be said of it. */
import { Eventtype, Riflags } from "../../host/runtime/abi.js";
import { copyOf } from "../../host/runtime/table/byte_queue.js";
import type { Event, Subscription } from "../../host/runtime/kernel.js";

/** EVENT_READ (1) or EVENT_WRITE (2) of one descriptor. */
export interface Watched {
  fd: number;
  type: 1 | 2;
}

export interface Told extends Watched {
  nbytes: number;
  /** Whether a call on it would do something; undefined where the kernel cannot be asked. */
  isReady?: boolean;
}

export interface Poll {
  watched: Watched[];
  told: Told[];
  /** Whether a clock is among what is waited for. */
  hasClock: boolean;
  /** Nanoseconds. */
  waited: number;
  /** How many of those watched are really ready; undefined where the kernel cannot be asked. */
  ready?: number;
}

export interface Call {
  name: string;
  fd?: number;
  /** Bytes that changed sides; of an accept, the new descriptor. */
  moved: number;
  /** A read that takes nothing. */
  peeks: boolean;
  /** Where in the guest's memory the bytes lie. */
  address?: number;
  bytes?: Uint8Array;
  poll?: Poll;
}

/** Takes notes of the call that is under way; a kernel tells it what it does. */
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

  /** Of a call that takes bytes from the guest, or of one that reads a file or stdin. */
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

/** The events of a poll, by descriptor. */
export function toldOf(subscriptions: readonly Subscription[], events: Event[] | number): Told[] {
  if (typeof events === "number") return [];
  return events.flatMap(({ index, nbytes }) => {
    const one = subscriptions[index];
    return one === undefined || one.type === Eventtype.CLOCK
      ? []
      : [{ fd: one.fd, type: one.type, nbytes }];
  });
}
