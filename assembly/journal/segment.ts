/** A segment as the journal knows it while it is not read. */
export class Segment {
  constructor(
    public number: u64,
    /** Bytes that are whole records, and the header. */
    public bytes: u64,
    /** The greatest id in it and in those before it. */
    public lastId: u64,
  ) {}
}
