/** What all connections of this module have read and sent, counted always. */
import { Histogram } from "../loop/histogram";

/** Bytes of one send, from 64 (two to the power of 6) to 1 MiB. */
const SMALLEST: i32 = 6;
const SIZES: i32 = 15;

export class Traffic {
  /** Reads that found something, and the bytes that they found. */
  static reads: u64 = 0;
  static received: u64 = 0;
  /** Bytes that each send handed over. */
  static sends: Histogram = new Histogram(1, SMALLEST, SIZES);

  /** @returns the bytes that were read */
  static read(bytes: u32): u32 {
    Traffic.reads++;
    Traffic.received += bytes;
    return bytes;
  }
}
