/** Whose journal it is: the one who knows what is in the records. */
export abstract class JournalOwner {
  /** The records that are read next are in this segment. @param version of its format */
  abstract onSegment(number: u64, version: u32): void;

  /** A record has been read. @returns the greatest id in it, or 0 */
  abstract onRecord(type: u32, payload: usize, length: u32): u64;

  /** All has been read; what is written next comes after it. */
  abstract onAllRead(): void;

  /**
   * A segment begins with what must be known of all those before it, for they may go.
   *
   * @param forgottenId what is older has gone, or is about to, unless it is carried over
   */
  abstract writeCheckpoint(forgottenId: u64): void;

  /**
   * Segments up to `segment`, with ids up to `id`, are about to go: what must stay of them is
   * written to this one, in `bytesMost` bytes; what does not fit is to be forgotten.
   */
  abstract compact(segment: u64, id: u64, into: u64, bytesMost: u64): void;

  /** After an outage: all that is newer than this id, and that is still known, is written. */
  abstract writeMissing(sinceId: u64, into: u64): void;

  /** A segment, the newest, could not be written: nothing is kept in it. */
  abstract onSegmentLost(segment: u64): void;

  /** What an operator should know. */
  abstract tell(text: string): void;
}
