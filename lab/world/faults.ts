/**
 * The interface for fault injection: the kernel asks it at each call. The kernel applies each fault
 * to both sides: ECONNRESET resets the connection for its peer as well, and ECONNABORTED takes a
 * connection off the listener's queue.
 */

export type Fault =
  /** The call fails. AGAIN is ignored where the guest would block. */
  | { errno: number }
  /** The most bytes that the call moves; at least one. */
  | { mostBytes: number }
  /** The host gets an errno that it does not know, and ends the guest. */
  | { trap: string };

export interface TimeFault {
  /** The time for which the host stalls while the world goes on, in nanoseconds. */
  stallNs?: number;
  /** The jump of the wall clock, in nanoseconds. */
  realtimeJumpNs?: number;
}

export interface Faults {
  /** Called before each import. */
  onTime?(call: string): TimeFault | undefined;
  /**
   * Called before each call on an open descriptor. `bytes` is the most that the call could move.
   */
  onCall?(call: string, fd: number, bytes: number): Fault | undefined;
  /**
   * Returns true if a descriptor counts as ready for `direction` (FD_READ or FD_WRITE). To return
   * false for a ready descriptor delays it: the kernel asks again after {@link DELAY_NS}. So the
   * result must become true at some time.
   */
  onReadiness?(fd: number, direction: 1 | 2, ready: boolean): boolean;
}

/** Virtual nanoseconds until a delayed readiness is checked again, if nothing happens before. */
export const DELAY_NS = 1_000_000;
