/** Endpoints, an IP address with a port: `127.0.0.1:9999`, `[::1]:9999`. */
import { parseDecimal } from "./decimal";
import { IPV4_BYTES, IPV6_BYTES, ipv4Text, ipv6Text, parseIpv4, parseIpv6 } from "./ip_address";

/** The size of an endpoint in bytes: 16 for an address of either family, 2 for the port. */
export const ENDPOINT_BYTES: u32 = 18;
const PORT_AT: usize = 16;
const PORT_MOST: i32 = 65_535;

/**
 * Parses an endpoint and stores it at `to`.
 *
 * @returns the length of its address, 4 or 16 bytes, or 0 if the text is no endpoint
 */
export function parseEndpoint(text: string, to: usize): u32 {
  const colon = text.lastIndexOf(":");
  if (colon < 0) return 0;
  const port = parseDecimal(text.substring(colon + 1), PORT_MOST);
  if (port < 0) return 0;
  store<u16>(to + PORT_AT, <u16>port);
  const host = text.substring(0, colon);
  if (parseIpv4(host, to)) return IPV4_BYTES;
  const isBracketed = host.startsWith("[") && host.endsWith("]");
  if (!isBracketed || !parseIpv6(host.substring(1, host.length - 1), to)) return 0;
  return IPV6_BYTES;
}

/** Formats the endpoint at `at`, whose address has `bytes` bytes. */
export function endpointText(at: usize, bytes: u32): string {
  const port = load<u16>(at + PORT_AT);
  return bytes == IPV4_BYTES ? `${ipv4Text(at)}:${port}` : `[${ipv6Text(at)}]:${port}`;
}
