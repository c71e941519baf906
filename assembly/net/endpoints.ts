/**
 * Where we listen and where peers are, on hosts that tell. Where listeners are handed in, a program
 * can ask for neither.
 */
import { parseEndpoint, ENDPOINT_BYTES, endpointText } from "../text/endpoint";
import { ACCES, ADDRINUSE, ADDRNOTAVAIL, errnoName } from "../wasi/errno";
import { IS_COMPONENT } from "../wasi/platform";
import { Fd, listen, localAddress, remoteAddress } from "../wasi/socket";

/** Below this port, a system may ask for more than the host has been allowed. */
const PRIVILEGED_PORTS: u16 = 1024;

const HANDED_IN = "option --listen is the component's: this host hands listeners in";

const place = memory.data(32);
assert(ENDPOINT_BYTES <= 32);

/** Opens a listener at each place, `HOST:PORT`. @returns what is wrong, or empty */
export function listenAt(places: Array<string>): string {
  if (!IS_COMPONENT) return places.length > 0 ? HANDED_IN : "";
  for (let i = 0; i < places.length; i++) {
    const bytes = parseEndpoint(places[i], place);
    if (bytes == 0) {
      return `option --listen takes 127.0.0.1:9999 or [::1]:9999, not "${places[i]}"`;
    }
    const port = load<u16>(place, 16);
    const fd = listen(place, bytes, port);
    if (fd < 0) return `cannot listen on ${places[i]}: ${reason(-fd, port)}`;
  }
  return "";
}

function reason(errno: i32, port: u16): string {
  if (errno == ADDRINUSE) return "the address is in use; who has it: ss -ltnp";
  if (errno == ADDRNOTAVAIL) return "this machine does not have that address";
  if (errno != ACCES) return errnoName(errno);
  const privilege = port < PRIVILEGED_PORTS ? ", and a privilege for ports below 1024" : "";
  return `no permission for the network: it takes wasmtime run -S inherit-network${privilege}`;
}

/** Where a listener is, or empty where the host does not tell. */
export function listenerEndpoint(fd: Fd): string {
  if (!IS_COMPONENT) return "";
  const bytes = localAddress(fd, place);
  return bytes > 0 ? endpointText(place, bytes) : "";
}

/** Where the peer of a connection is, or empty where the host does not tell. */
export function peerEndpoint(fd: Fd): string {
  if (!IS_COMPONENT) return "";
  const bytes = remoteAddress(fd, place);
  return bytes > 0 ? endpointText(place, bytes) : "";
}
