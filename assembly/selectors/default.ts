/** Python's last lines of `selectors.py`: the best implementation that works here. */
import { IS_COMPONENT } from "../wasi/platform";
import { BaseSelector } from "./base";
import { HostReadiness, hostReadiness } from "./host_readiness";
import { PollOneoffSelector } from "./poll_oneoff_selector";
import { WaitableSelector } from "./waitable_selector";
import { ScanSelector } from "./scan_selector";

/**
 * A new selector of the most efficient kind that this host supports, found by probing:
 *
 *     poll_oneoff, believed  >  poll_oneoff, verified  >  scan
 *
 * In a component, whose host has another kind of poll, it is always `WaitableSelector`.
 *
 * Called as in Python, without `new`: `const selector = DefaultSelector<Client>()`.
 */
export function DefaultSelector<T>(): BaseSelector<T> {
  if (IS_COMPONENT) return new WaitableSelector<T>();
  const readiness = hostReadiness();
  if (readiness == HostReadiness.NONE) return new ScanSelector<T>();
  return new PollOneoffSelector<T>(readiness == HostReadiness.EXACT);
}
