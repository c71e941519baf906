/** Counters of the reads and sends of all connections. */
import { Histogram } from "../loop/histogram";

/** The histogram of sends has 15 buckets from 64 bytes (2^6) to 1 MiB. */
const SMALLEST: i32 = 6;
const SIZES: i32 = 15;

export class Traffic {
  /** The number of reads that returned data. */
  static reads: u64 = 0;
  /** The bytes that these reads returned. */
  static received: u64 = 0;
  /** The bytes of each send. */
  static sends: Histogram = new Histogram(1, SMALLEST, SIZES);

  /** Counts a read. @returns `bytes` */
  static countRead(bytes: u32): u32 {
    Traffic.reads++;
    Traffic.received += bytes;
    return bytes;
  }
}
