/** The size of a siege, and the server's limits for it. */

export interface Plan {
  runtime: "wasmtime" | "node";
  /** The names of the attacks. */
  attacks: readonly string[];
  /** Clients that talk, each from its own address. */
  honest: number;
  /** Lines a second of all honest clients together. */
  honestLines: number;
  /** Connections of the one address that floods. */
  flooders: number;
  /** Clients that never read; half of them also ask for a lot of output. */
  slowConsumers: number;
  /** Connections that are opened and send nothing. */
  halfOpen: number;
  /** Bytes without a newline. */
  endlessBytes: number;
  /** The number of attackers of each kind in vandals.ts. */
  vandals: number;
  beforeSeconds: number;
  duringSeconds: number;
  /** True if latencies and memory are judged; a short siege on a busy machine says little. */
  isTimed: boolean;
}

const MEBIBYTE = 1024 * 1024;

export const WHOLE: Omit<Plan, "runtime" | "attacks"> = {
  honest: 100,
  honestLines: 50,
  flooders: 10,
  slowConsumers: 50,
  halfOpen: 10_000,
  endlessBytes: 1024 * MEBIBYTE,
  vandals: 10,
  beforeSeconds: 15,
  duringSeconds: 40,
  isTimed: true,
};

/** Small enough for a test. */
export const SHORT: Omit<Plan, "runtime" | "attacks"> = {
  honest: 20,
  honestLines: 40,
  flooders: 4,
  slowConsumers: 6,
  halfOpen: 600,
  endlessBytes: 64 * MEBIBYTE,
  vandals: 3,
  beforeSeconds: 2,
  duringSeconds: 14,
  isTimed: false,
};

/** The length of a paste that the server must let pass. */
export const PASTE_LINES = 200;
/** Seconds of flooding before a close. The default is a minute, which takes too long here. */
const FLOOD_SECONDS = 5;
/** The most clients; there is no room for most of the half-open connections. */
export const PLACES = 500;
const LOGIN_SECONDS = 10;

/**
 * Everything else has its default, but joins and leaves are announced in the room of all. Listener
 * 1 is for clients without an address.
 */
export const SERVER_OPTIONS: readonly string[] = [
  ...["--proxy-protocol", "2", "--flood-seconds", String(FLOOD_SECONDS)],
  ...["--max-clients", String(PLACES), "--login-seconds", String(LOGIN_SECONDS)],
  ...["--announce", "1000"],
];

/** Returns the PROXY header for a client address. */
export function headerFrom(address: string): string {
  return `PROXY TCP4 ${address} 127.0.0.1 40000 9999\r\n`;
}
