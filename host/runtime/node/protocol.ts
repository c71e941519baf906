/**
 * The records that the two threads of the Node runtime exchange. The main thread owns the sockets.
 * The guest's thread owns all state of them that a guest can see.
 *
 * A record has a kind, an id, a number (`value`) and bytes. The id names a standard stream or a
 * connection. Each stream has a window for each direction: its sender stops when that many bytes
 * are in flight, and resumes when the receiver gives credit. This bounds the memory of each
 * connection, and a ring that is full is always drained again.
 */

/** The id in records about stdin. */
export const STDIN_ID = 0;
/** The id in records about stdout. */
export const STDOUT_ID = 1;
/** The id in records about stderr. */
export const STDERR_ID = 2;
/** The id in records about the first connection. The others count up, in order of arrival. */
export const FIRST_CONNECTION_ID = 3;

export const Kind = {
  /** To the guest and to the network: bytes of the stream. */
  DATA: 1,
  /** To the guest and to the network: `value` bytes were consumed; the window has room for more. */
  CREDIT: 2,
  /** To the guest: the stream ends here. To the network: the guest sends no more. */
  END: 3,
  /** To the guest: the stream broke. `value` is an errno. */
  BROKEN: 4,
  /** To the guest: a connection has arrived. `value` is the index of the listener. */
  ARRIVED: 5,
  /** To the network: the guest has accepted the connection. Its bytes may flow. */
  ACCEPTED: 6,
  /**
   * To the network: the guest has closed the connection. `value` is the number of bytes that it had
   * read without giving credit. From it, the network learns whether bytes were left unread.
   */
  CLOSED: 7,
  /** To the network: the guest has closed a listener. `value` is the index of the listener. */
  UNLISTENED: 8,
} as const;

/**
 * On Node, unread bytes of a client at which the host stops reading its socket. One read may exceed
 * it.
 *
 * @limit bytes
 */
export const GUEST_WINDOW_BYTES = 64 * 1024;
/**
 * On Node, bytes to a client that the operating system has not taken yet. It is larger than one
 * turn's input, so that the hop between the threads does not make a client look slow.
 *
 * @limit bytes
 */
export const NETWORK_WINDOW_BYTES = 256 * 1024;
/** The bytes for which credit is given at a time. Small amounts wait, which saves records. */
export const CREDIT_STEP_BYTES = GUEST_WINDOW_BYTES / 4;
/** On Node, the capacity of each of the two rings between the threads. @limit bytes */
export const RING_BYTES = 1024 * 1024;

/** A record that was read. The bytes are a copy. */
export interface Message {
  kind: number;
  id: number;
  value: number;
  bytes: Buffer;
}

/** A directory of the host, with the name that the guest knows it by. */
export interface Preopened {
  path: string;
  name: string;
}

/** The data that the guest's thread starts with. */
export interface WorkerStart {
  /** The bytes of the module, after withMemoryLimit. */
  module: Uint8Array;
  /** The arguments, with the program's name first. */
  args: readonly string[];
  listeners: number;
  directory: Preopened | undefined;
  /**
   * The path of a tracer module (see lab/explore/traced.ts), which reports each call. undefined:
   * calls are not traced.
   */
  tracer: string | undefined;
  toGuest: SharedArrayBuffer;
  toNetwork: SharedArrayBuffer;
}

/**
 * A message of the guest's thread: "bell" (the outgoing ring has records, or the incoming one has
 * room again), or, as the last one, how the guest ended.
 */
export type WorkerNote = "bell" | { exitCode: number } | { trap: string };
