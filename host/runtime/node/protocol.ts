/**
 * What the two threads of the Node runtime say to each other: the main one, which owns the sockets,
 * and the guest's, which owns everything that a guest can see of them.
 *
 * A record is a kind, the id of its owner, a number and bytes. Each flow of bytes, in either
 * direction, has a window: its sender stops once that much is under way, and goes on when the
 * receiver gives credit. So what either thread holds for a connection is bounded, and the rings are
 * never stuck.
 */

/** The owner of a record: a standard stream, or a connection, counted up from the first. */
export const STDIN_ID = 0;
export const STDOUT_ID = 1;
export const STDERR_ID = 2;
export const FIRST_CONNECTION_ID = 3;

export const Kind = {
  /** Either way: bytes. */
  DATA: 1,
  /** Either way: so many bytes (the number) of the other's have found their reader. */
  CREDIT: 2,
  /** To the guest: after the bytes comes the end. To the network: the guest will send no more. */
  END: 3,
  /** To the guest: the stream broke; the number is an errno. */
  BROKEN: 4,
  /** To the guest: a connection waits at a listener (the number). */
  ARRIVED: 5,
  /** To the network: the guest has accepted; bytes may flow. */
  ACCEPTED: 6,
  /**
   * To the network: the guest has closed it; the number is what it had read and not given credit
   * for, so that the network knows whether bytes were left unread.
   */
  CLOSED: 7,
  /** To the network: the guest has closed a listener (the number). */
  UNLISTENED: 8,
} as const;

/** On Node, so many bytes of one peer wait for the guest, and one read more. @limit bytes */
export const GUEST_WINDOW_BYTES = 64 * 1024;
/**
 * On Node, so many bytes to one peer wait for the kernel. It is more than what comes in for one
 * turn, so that the way between the threads does not make a client look slow.
 * @limit bytes
 */
export const NETWORK_WINDOW_BYTES = 256 * 1024;
/** Credit is given in steps, so that a connection with little to say costs no record for it. */
export const CREDIT_STEP_BYTES = GUEST_WINDOW_BYTES / 4;
/** On Node, each ring between the two threads has this size. @limit bytes */
export const RING_BYTES = 1024 * 1024;

/** A record as it is read; the bytes are the reader's own. */
export interface Message {
  kind: number;
  id: number;
  value: number;
  bytes: Buffer;
}

/** A directory of the host, and the name by which the guest knows it. */
export interface Preopened {
  path: string;
  name: string;
}

/** What the guest's thread is started with. */
export interface WorkerStart {
  /** Of the module, with its bound on memory. */
  module: Uint8Array;
  /** The program's name first. */
  args: readonly string[];
  listeners: number;
  directory: Preopened | undefined;
  /** Path of what tells each call, see lab/explore/traced.ts; undefined: nothing does. */
  tracer: string | undefined;
  toGuest: SharedArrayBuffer;
  toNetwork: SharedArrayBuffer;
}

/** What the guest's thread posts: "look into the ring", or how it ended, which comes last. */
export type WorkerNote = "bell" | { exitCode: number } | { trap: string };
