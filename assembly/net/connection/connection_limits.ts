/**
 * What one connection, and all from one address, may cost their server. Read each time, so that
 * they can be changed.
 */

export class ConnectionLimits {
  /** Bytes of the longest line, its end not counted. */
  lineBytes: u32 = 0;
  /** Bytes owed above which a connection is slow; it is closed if it stays so. */
  softBytes: u32 = 0;
  /** How long it may stay so, in seconds. */
  softSeconds: f64 = 0;
  /** Bytes owed above which it is closed at once. */
  hardBytes: u32 = 0;
  /** Lines a second that are dealt with; 0: as many as come. */
  rate: f64 = 0;
  /** Lines that may come at once. */
  burst: f64 = 0;
  /** A line costs one more for each so many bytes of it and of its answer. */
  lineCost: u32 = u32.MAX_VALUE;
  /** How long more may come than that, in seconds. */
  floodSeconds: f64 = 0;
  /** Connections from one address; 0: any number. */
  maxPerAddress: i32 = 0;
  /** Lines a second of all from one address that are dealt with; 0: as many as come. */
  addressRate: f64 = 0;
  /** Lines that may come from there at once. */
  addressBurst: f64 = 0;
  /** How long a connection may say nothing, in seconds; 0: for ever. */
  idleSeconds: f64 = 0;
  /** How long it may take to say anything at all, in seconds; 0: for ever. */
  loginSeconds: f64 = 0;
  /** How long a line may be unfinished, in seconds; 0: for ever. */
  lineSeconds: f64 = 0;
  /** Bytes that all who are owed something may hold together. */
  queuedBytes: u64 = u64.MAX_VALUE;
}
