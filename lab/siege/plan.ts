/** How large a siege is, and with which limits the server stands it. */

export interface Plan {
  runtime: "wasmtime" | "node";
  /** People who talk, each with an address of its own. */
  honest: number;
  /** Lines a second of all of them together. */
  honestLines: number;
  /** Connections of the one address that floods. */
  flooders: number;
  /** Clients who never read: half of them ask for much, too. */
  deaf: number;
  /** Connections that are opened and left. */
  halfOpen: number;
  /** Bytes without a newline. */
  endlessBytes: number;
  beforeSeconds: number;
  duringSeconds: number;
}

const MEBIBYTE = 1024 * 1024;

export const WHOLE: Omit<Plan, "runtime"> = {
  honest: 100,
  honestLines: 50,
  flooders: 10,
  deaf: 50,
  halfOpen: 10_000,
  endlessBytes: 1024 * MEBIBYTE,
  beforeSeconds: 15,
  duringSeconds: 40,
};

/** Small enough for a test. */
export const SHORT: Omit<Plan, "runtime"> = {
  honest: 20,
  honestLines: 40,
  flooders: 4,
  deaf: 6,
  halfOpen: 600,
  endlessBytes: 64 * MEBIBYTE,
  beforeSeconds: 2,
  duringSeconds: 14,
};

/** A paste that must pass. */
export const PASTE_LINES = 200;
/** Seconds of flood before it is cut off: the default is a minute, which nobody wants to watch. */
const FLOOD_SECONDS = 5;
/** Places for people; most of those who open connections and leave them find none. */
export const PLACES = 500;
const LOGIN_SECONDS = 10;

/** Everything else is as it is by default. Listener 1 is for those without an address. */
export const SERVER_OPTIONS: readonly string[] = [
  ...["--proxy-protocol", "2", "--flood-seconds", String(FLOOD_SECONDS)],
  ...["--max-clients", String(PLACES), "--login-seconds", String(LOGIN_SECONDS)],
];

/** The header by which a proxy says where somebody is. */
export function headerFrom(address: string): string {
  return `PROXY TCP4 ${address} 127.0.0.1 40000 9999\r\n`;
}
