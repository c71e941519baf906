/** The clocks. The guest reads time only here, so that a simulated host can control it. */
import { IS_COMPONENT } from "./platform";
import * as preview1 from "./preview1/clock";
import * as preview3 from "./preview3/clock";

export const NANOSECONDS_PER_SECOND: u64 = 1_000_000_000;

/** Returns nanoseconds since an arbitrary moment. Never goes back. For waits and timeouts. */
export function monotonic(): u64 {
  if (IS_COMPONENT) return preview3.monotonic();
  return preview1.monotonic();
}

/** Returns nanoseconds since 1970-01-01 00:00 UTC. May jump when the clock is set. For people. */
export function realtime(): u64 {
  if (IS_COMPONENT) return preview3.realtime();
  return preview1.realtime();
}
