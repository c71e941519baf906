/** DefaultSelector, as at the end of Python's `selectors.py`: the best selector for this host. */
import { IS_COMPONENT } from "../wasi/platform";
import { BaseSelector } from "./base";
import { HostReadiness, hostReadiness } from "./host_readiness";
import { PollOneoffSelector } from "./poll_oneoff_selector";
import { WaitableSelector } from "./waitable_selector";
import { ScanSelector } from "./scan_selector";

/**
 * Returns a new selector of the most efficient kind that this host supports. It probes the host and
 * takes the first of these that works:
 *
 *     PollOneoffSelector that trusts the host  >  PollOneoffSelector that verifies  >  ScanSelector
 *
 * A component always gets a `WaitableSelector`, since its host has no `poll_oneoff`.
 *
 * Called as in Python, without `new`: `const selector = DefaultSelector<Client>()`.
 */
export function DefaultSelector<T>(): BaseSelector<T> {
  if (IS_COMPONENT) return new WaitableSelector<T>();
  const readiness = hostReadiness();
  if (readiness == HostReadiness.NONE) return new ScanSelector<T>();
  return new PollOneoffSelector<T>(readiness == HostReadiness.EXACT);
}
