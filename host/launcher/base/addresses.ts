/**
 * Tests for addresses that only this machine reaches (loopback), and for those that stand for all
 * addresses of this machine (wildcards).
 */
import { networkList } from "../../runtime/node/networks.js";

const isLoopbackAddress = networkList(["127.0.0.0/8", "::1"]);
/** The wildcard addresses, in the form in which the OS reports them. */
const WILDCARDS: readonly string[] = ["0.0.0.0", "::", "::ffff:0.0.0.0"];

/**
 * Returns true for a loopback address.
 *
 * @param host an address or a name; the only name that counts as loopback is `localhost`
 */
export function isLoopback(host: string): boolean {
  return isLoopbackAddress(host) || host.toLowerCase() === "localhost";
}

/** Returns true if a listener on `host` listens on all addresses of this machine. */
export function isWildcard(host: string): boolean {
  return WILDCARDS.includes(host);
}

/** Returns an address for clients of a listener on `host`: loopback if `host` is a wildcard. */
export function reachableAt(host: string): string {
  if (!isWildcard(host)) return host;
  return host === "::" ? "::1" : "127.0.0.1";
}
