/**
 * The listeners of a program. A module cannot open any: the host passes them in. A component opens
 * its own, at the addresses of its `--listen` options.
 */
import { parseEndpoint, ENDPOINT_BYTES } from "../text/endpoint";
import { handedInListeners } from "../wasi/descriptors";
import { ACCES, ADDRINUSE, ADDRNOTAVAIL, errnoName, INVAL, NOSYS } from "../wasi/errno";
import { IS_COMPONENT } from "../wasi/platform";
import { Exit, exit, programArguments } from "../wasi/process";
import * as socket from "../wasi/socket";
import { Fd } from "../wasi/socket";
import { STDERR, writeText } from "../wasi/stdio";

/** The ports below this one may need a privilege. */
const PRIVILEGED_PORTS: u16 = 1024;
/** The option that names a listener's address, for components only. */
const LISTEN = "--listen";

const HANDED_IN = "option --listen is the component's: this host hands listeners in";
const NO_LISTENER = IS_COMPONENT
  ? "no listener: say where, --listen 127.0.0.1:9999"
  : "no listener: start with -S tcplisten=127.0.0.1:9999, or by pollcast run --listen";

const place = memory.data(32);
assert(ENDPOINT_BYTES <= 32);

/**
 * Opens a listener, in a component.
 *
 * @param address `HOST:PORT`: `127.0.0.1:9999`, `[::1]:9999`; port 0 lets the system pick one
 * @returns its descriptor, or -errno: -INVAL if the text is no address, -ADDRINUSE, -ACCES; -NOSYS
 * in a module
 */
export function listen(address: string): i32 {
  if (!IS_COMPONENT) return -NOSYS;
  const bytes = parseEndpoint(address, place);
  return bytes == 0 ? -INVAL : socket.listen(place, bytes, load<u16>(place, 16));
}

/**
 * Returns the listeners that the host passed in, in its order. In a component: those that it has
 * opened.
 */
export function listeners(): Array<Fd> {
  return handedInListeners();
}

/** Opens a listener at each address. @returns an error message, or empty */
export function listenAll(addresses: Array<string>): string {
  if (!IS_COMPONENT) return addresses.length > 0 ? HANDED_IN : "";
  for (let i = 0; i < addresses.length; i++) {
    const fd = listen(addresses[i]);
    if (fd == -INVAL) {
      return `option --listen takes 127.0.0.1:9999 or [::1]:9999, not "${addresses[i]}"`;
    }
    if (fd < 0) return `cannot listen on ${addresses[i]}: ${reason(-fd, load<u16>(place, 16))}`;
  }
  return "";
}

/**
 * Returns the listeners of a program that needs at least one. A component opens one for each
 * `--listen HOST:PORT` of its arguments. Without any, the program ends with exit code 69 (a
 * component: 1) and a line on stderr that says what to do.
 *
 * @returns at least one listener
 */
export function requireListeners(): Array<Fd> {
  const mistake = IS_COMPONENT ? listenAll(addressesAsked()) : "";
  if (mistake != "") fail(mistake);
  const found = listeners();
  if (found.length == 0) fail(NO_LISTENER);
  return found;
}

/** Returns the word after each `--listen` of the arguments; an empty text if there is none. */
function addressesAsked(): Array<string> {
  const words = programArguments();
  const asked = new Array<string>();
  for (let i = 0; i < words.length; i++) {
    if (words[i] == LISTEN) asked.push(i + 1 < words.length ? words[i + 1] : "");
    else if (words[i].startsWith(LISTEN + "=")) asked.push(words[i].substring(LISTEN.length + 1));
  }
  return asked;
}

function fail(message: string): void {
  writeText(STDERR, `${message}\n`);
  exit(Exit.UNAVAILABLE);
}

function reason(errno: i32, port: u16): string {
  if (errno == ADDRINUSE) return "the address is in use; who has it: ss -ltnp";
  if (errno == ADDRNOTAVAIL) return "this machine does not have that address";
  if (errno != ACCES) return errnoName(errno);
  const privilege = port < PRIVILEGED_PORTS ? ", and a privilege for ports below 1024" : "";
  return `no permission for the network: it takes wasmtime run -S inherit-network${privilege}`;
}
