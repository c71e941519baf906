/**
 * What can go wrong, asked for at each call. The kernel makes each fault whole: a connection that
 * fails with ECONNRESET is reset for its peer as well, and ECONNABORTED takes one off the queue.
 */

export type Fault =
  /** The call fails. AGAIN is ignored where the guest would block. */
  | { errno: number }
  /** It moves at most so many bytes, at least one. */
  | { mostBytes: number }
  /** The host meets an errno that it has no name for, and gives the guest up. */
  | { trap: string };

export interface TimeFault {
  /** The host does nothing for so long; the world goes on. */
  stallNs?: number;
  /** Somebody sets the clock. */
  realtimeJumpNs?: number;
}

export interface Faults {
  /** Before each import. */
  onTime?(call: string): TimeFault | undefined;
  /** Before each call on a descriptor that is open; `bytes` is what it would move at most. */
  onCall?(call: string, fd: number, bytes: number): Fault | undefined;
  /**
   * Whether a descriptor is to be called ready (`direction`: FD_READ or FD_WRITE). False for one
   * that is delays it; the kernel asks again {@link DELAY_NS} later, so it must become true.
   */
  onReadiness?(fd: number, direction: 1 | 2, ready: boolean): boolean;
}

/** Virtual nanoseconds until a delayed readiness is looked at again, if nothing happens before. */
export const DELAY_NS = 1_000_000;
