/**
 * The limits of one connection, and of all connections from one address. They are read at each use,
 * so they can change at any time.
 */

/**
 * A client whose outbox holds this much after an answer must read before its next line is handled;
 * or `--soft-limit`, if that is smaller. @limit bytes
 */
export const ANSWER_BYTES: u32 = 65_536;

export class ConnectionLimits {
  /** The most bytes of a line, without its newline. */
  lineBytes: u32 = 0;
  /**
   * A client whose outbox exceeds this number of bytes is a slow consumer. It is closed if that
   * lasts for `softSeconds`.
   */
  softBytes: u32 = 0;
  /** The time for which a client may be a slow consumer, in seconds. */
  softSeconds: f64 = 0;
  /** The outbox size in bytes from which on a client is closed at once. */
  hardBytes: u32 = 0;
  /** The rate limit of a connection in lines per second; 0: none. */
  rate: f64 = 0;
  /** The number of lines that may come at once. */
  burst: f64 = 0;
  /** The number of lines that may come at once from a new connection, at most `burst`. */
  firstBurst: f64 = f64.MAX_VALUE;
  /**
   * For the rate limit, a line counts as one more line for each block of this many bytes in it and
   * in its answers.
   */
  lineCost: u32 = u32.MAX_VALUE;
  /** The time for which a client may exceed the rate, in seconds. */
  floodSeconds: f64 = 0;
  /** The most connections from one address; 0: any number. */
  maxPerAddress: i32 = 0;
  /** The rate limit of all connections from one address in lines per second; 0: none. */
  addressRate: f64 = 0;
  /** The number of lines from one address that may come at once. */
  addressBurst: f64 = 0;
  /** The most new connections from one address per second; 0: any number. */
  addressArrivals: f64 = 0;
  /** The most new rooms by the clients of one address per hour; 0: any number. */
  addressRooms: f64 = 0;
  /**
   * All connections whose addresses are unknown together have the limits of one address, multiplied
   * by this; 0: no limits.
   */
  unknownShare: f64 = 0;
  /** The time for which a client may be silent, in seconds; 0: without end. */
  idleSeconds: f64 = 0;
  /** The time until a new client must have sent something, in seconds; 0: without end. */
  loginSeconds: f64 = 0;
  /** The time for which a line may stay unfinished, in seconds; 0: without end. */
  lineSeconds: f64 = 0;
  /** The most memory of all outboxes together, in bytes. */
  queuedBytes: u64 = u64.MAX_VALUE;

  /**
   * The size of an outbox, in bytes, from which on a client that has got an answer must read before
   * its next line.
   */
  get answerBytes(): u32 {
    return min(ANSWER_BYTES, this.softBytes);
  }
}
