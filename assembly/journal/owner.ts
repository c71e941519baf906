/** The owner of a journal, which knows the contents of the records. */
export abstract class JournalOwner {
  /**
   * Begins a segment: the next records are from it.
   *
   * @param version the format version of its records
   */
  abstract onSegment(number: u64, version: u32): void;

  /** Takes a record that was read. @returns the greatest id in it, or 0 */
  abstract onRecord(type: u32, payload: usize, length: u32): u64;

  /** Ends the reading. All records after this are new ones. */
  abstract onAllRead(): void;

  /**
   * Writes a snapshot of the state, without messages. A segment begins with one, since the segments
   * before it may be deleted; another one is written when a segment is reopened.
   *
   * @param forgottenId messages up to this id are deleted, or will be unless {@link compact} writes
   * them again
   */
  abstract writeSnapshot(forgottenId: u64): void;

  /**
   * Compacts: segments up to number `segment`, with ids up to `id`, will be deleted. The owner
   * writes the records that are still needed to segment `into`, in at most `bytesMost` bytes, and
   * forgets the other ones.
   */
  abstract compact(segment: u64, id: u64, into: u64, bytesMost: u64): void;

  /**
   * Writes all records after `sinceId` that are still in memory to segment `into`, after a failure.
   */
  abstract writeMissing(sinceId: u64, into: u64): void;

  /** Handles the loss of the newest segment: its records are not on the disk. */
  abstract onSegmentLost(segment: u64): void;

  /** Reports an event to the operator, as one line of text. */
  abstract report(text: string): void;
}
