/** Nothing remains: what the host takes, the kernel has. */
import * as abi from "./abi";
import { Descriptor } from "./table";
import * as hub from "./hub";
export function remainCount(): i32 { return 0; }
export function release(d: Descriptor): void {
  const w = d.waiting;
  if (w !== null) release(w);
  d.waiting = null;
  hub.releaseReading(d);
  hub.releaseWriting(d);
  if (d.socket >= 0) { abi.tcpDrop(d.socket); d.socket = -1; }
}
export function releaseReading(d: Descriptor): void { hub.releaseReading(d); }
