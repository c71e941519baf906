/** The clocks, on preview1. See ../clock.ts. */
import { clock_time_get, clockid, errno } from "./abi";

const out = memory.data(8);

/** Returns nanoseconds since an arbitrary moment. Never goes back. */
export function monotonic(): u64 {
  return now(clockid.MONOTONIC);
}

/** Returns nanoseconds since 1970-01-01 00:00 UTC. May jump when the clock is set. */
export function realtime(): u64 {
  return now(clockid.REALTIME);
}

function now(clock: u32): u64 {
  const code = clock_time_get(clock, 0, out);
  assert(code == errno.SUCCESS, "the host has no clock");
  return load<u64>(out);
}
