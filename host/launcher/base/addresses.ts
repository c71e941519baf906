/** Which addresses mean this machine alone, and which all that it has. */
import { networkList } from "../../runtime/node/networks.js";

const isLoopbackAddress = networkList(["127.0.0.0/8", "::1"]);
/** As the system writes them. */
const WILDCARDS: readonly string[] = ["0.0.0.0", "::", "::ffff:0.0.0.0"];

/** @param host an address, or a name: of those, only `localhost` is known to be this machine's */
export function isLoopback(host: string): boolean {
  return isLoopbackAddress(host) || host.toLowerCase() === "localhost";
}

/** Whether who listens there listens at all addresses. */
export function isWildcard(host: string): boolean {
  return WILDCARDS.includes(host);
}

/** An address to connect to, for one that is listened at. */
export function reachableAt(host: string): string {
  if (!isWildcard(host)) return host;
  return host === "::" ? "::1" : "127.0.0.1";
}
