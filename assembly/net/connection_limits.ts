/** What one connection may cost its server. Read each time, so that they can be changed. */

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
  /** How long more may come than that, in seconds. */
  floodSeconds: f64 = 0;
}
