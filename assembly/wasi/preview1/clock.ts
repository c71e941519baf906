/** Time, which comes in here and nowhere else, so that a simulated host can turn the hands. */
import { clock_time_get, clockid, errno } from "./abi";

const out = memory.data(8);

/** Nanoseconds since some moment in the past; never goes back. For waits and timeouts. */
export function monotonic(): u64 {
  return now(clockid.MONOTONIC);
}

/** Nanoseconds since 1970-01-01 00:00 UTC; may jump when the clock is set. For people. */
export function realtime(): u64 {
  return now(clockid.REALTIME);
}

function now(clock: u32): u64 {
  const code = clock_time_get(clock, 0, out);
  assert(code == errno.SUCCESS, "the host has no clock");
  return load<u64>(out);
}
