/** Time, of the platform that this program is compiled for. */
export const NANOSECONDS_PER_SECOND: u64 = 1_000_000_000;

export { monotonic, realtime } from "./preview1/clock";
