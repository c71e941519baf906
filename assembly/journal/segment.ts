/** The metadata of a segment, which the journal keeps in memory. */
export class Segment {
  constructor(
    public number: u64,
    /** The size of the header and all complete records, in bytes. */
    public bytes: u64,
    /** The greatest id in this segment and all segments before it. */
    public lastId: u64,
  ) {}
}
