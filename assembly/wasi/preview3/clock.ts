/** The clocks, by WASI 0.2. See ../clock.ts. */
import { monotonicNow, RESULT, wallNow } from "./abi";

const NANOSECONDS_AT: usize = 8;

export function monotonic(): u64 {
  return monotonicNow();
}

export function realtime(): u64 {
  wallNow(RESULT);
  return load<u64>(RESULT) * 1_000_000_000 + load<u32>(RESULT, NANOSECONDS_AT);
}
