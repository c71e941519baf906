/**
 * The rate limit of a room: the messages that all of its speakers together may say. Above it, each
 * speaker waits after its message until the room is within its rate again, or until its share of
 * the rate allows its next message. So a speaker that says little does not wait for a flood.
 */
import { TokenBucket } from "../../net/rate/token_bucket";

/** A room may use its messages of this time at once. @limit seconds */
export const ROOM_BURST_SECONDS: f64 = 10;
/** A speaker waits for at most this time before its next message. @limit seconds */
export const ROOM_WAIT_SECONDS: f64 = 5;

/** The number of floods of all rooms so far. */
let floods: u32 = 0;

export class RoomRate {
  /** The number of the newest flood, unique among all rooms; 0: there was none. */
  flood: u32 = 0;
  /** True from the first wait until half of the burst is available again. */
  private isFlooded: bool = false;
  /** The bucket; null before the first message, when it is full. */
  private bucket: TokenBucket | null = null;

  /**
   * Counts a message.
   *
   * @param rate the messages per second, above 0
   * @param speakers the number of speakers that share the rate
   * @param now the time in nanoseconds
   * @returns the seconds for which its speaker must wait; 0: none
   */
  countMessage(rate: f64, speakers: i32, now: u64): f64 {
    const burst = rate * ROOM_BURST_SECONDS;
    let bucket = this.bucket;
    if (bucket === null) bucket = new TokenBucket(rate, burst, now);
    this.bucket = bucket;
    bucket.configure(rate, burst);
    if (bucket.isHalfFull(now)) this.isFlooded = false;
    bucket.takeTokens(now, 1);
    const seconds = bucket.secondsUntilToken(now);
    if (seconds > 0 && !this.isFlooded) {
      this.isFlooded = true;
      this.flood = ++floods;
    }
    const share = <f64>max(speakers, 1) / rate;
    return min(seconds, min(share, ROOM_WAIT_SECONDS));
  }
}
