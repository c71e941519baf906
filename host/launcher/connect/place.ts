/** The address of the server in the command line of `connect`. */
import net from "node:net";
import { type Address, formatAddress } from "../base/config.js";
import { usage } from "../base/errors.js";
import { host, place, Unfit, wholeNumber, PORT_MAX } from "../options/kinds.js";

export const DEFAULT_PLACE: Address = { host: "127.0.0.1", port: 9999 };

/**
 * Parses an address.
 *
 * @param text `HOST:PORT`, or one of both: `HOST`, `:PORT`; an IPv6 address with a port is in
 *   brackets
 * @throws UserError
 */
export function parsePlace(text: string): Address {
  try {
    if (/^:\d+$/.test(text))
      return { ...DEFAULT_PLACE, port: wholeNumber(1, PORT_MAX)(text.slice(1)) };
    if (net.isIPv6(text.replace(/^\[(.*)\]$/, "$1")) || !text.includes(":"))
      return { ...DEFAULT_PLACE, host: host(text) };
    const found = place(text);
    if (found.port === 0) throw new Unfit("a port from 1");
    return found;
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    throw usage(
      `${JSON.stringify(text)} is no server: HOST:PORT, HOST or :PORT is, such as ` +
        formatAddress(DEFAULT_PLACE.host, DEFAULT_PLACE.port),
    );
  }
}
