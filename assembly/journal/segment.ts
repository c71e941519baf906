/** The metadata of a segment, which the journal keeps in memory. */
export class Segment {
  /** The size of the header, the snapshot and the records of older segments, in bytes. */
  headBytes: u64 = 0;

  constructor(
    public number: u64,
    /** The size of the header and all complete records, in bytes. */
    public bytes: u64,
    /** The greatest id in this segment and all segments before it. */
    public lastId: u64,
  ) {}

  /**
   * Returns true if the segment has reached `size` bytes, and at least half of that are new
   * records. Its head with a snapshot may be larger than `size`.
   */
  isFull(size: u64): bool {
    return this.bytes >= size && this.bytes - this.headBytes >= size / 2;
  }
}
