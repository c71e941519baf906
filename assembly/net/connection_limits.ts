/** What one connection may cost its server. */

export class ConnectionLimits {
  constructor(
    /** Bytes of the longest line, its end not counted. */
    public lineBytes: u32,
    /** Bytes owed above which a connection is slow; it is closed if it stays so. */
    public softBytes: u32,
    /** How long it may stay so, in seconds. */
    public softSeconds: f64,
    /** Bytes owed above which it is closed at once. */
    public hardBytes: u32,
    /** Lines a second that are dealt with; 0: as many as come. */
    public rate: f64,
    /** Lines that may come at once. */
    public burst: f64,
    /** How long more may come than that, in seconds. */
    public floodSeconds: f64,
  ) {}
}
