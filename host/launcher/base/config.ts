/** What `serve` is told, once it has been read. How it is told is in options/. */

/** The forms of a program: a module of WASI preview1, and a component of WASI 0.3. */
export const ABIS = ["p1", "p3"] as const;
export type Abi = (typeof ABIS)[number];

/** How a log is written; `auto` is text on a terminal, and otherwise JSON. */
export const LOG_FORMATS = ["auto", "text", "json"] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** What runs the module; `auto` is a wasmtime if one is at hand, and otherwise Node. */
export const RUNTIMES = ["auto", "wasmtime", "node"] as const;
export type RuntimeChoice = (typeof RUNTIMES)[number];

/** Which form of a program is served; `auto`: the one that what is there can run. */
export const ABI_CHOICES = ["auto", ...ABIS] as const;
export type AbiChoice = (typeof ABI_CHOICES)[number];

/** Where to listen; port 0: the system picks one. */
export interface Address {
  host: string;
  port: number;
}

/** As people write it: `127.0.0.1:9999`, `[::1]:9999`. */
export function formatAddress(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** What `serve` and `run` know of the command line. */
export interface ServeOptions {
  host: string;
  port: number;
  maxMemory: number;
  runtime: RuntimeChoice;
  wasmtime?: string;
  /** How the log looks; `serve` alone has that, a control socket and metrics. */
  logFormat?: LogFormat;
  /** Path of the control socket, `none`, or nothing: where `pollcast ctl` looks. */
  ctl?: string;
  /** Where the metrics are. */
  metrics?: Address;
  /** Provide a wasmtime first if there is none. */
  setup?: boolean;
  abi?: AbiChoice;
  /** Keep the module compiled in the cache. */
  precompile?: boolean;
  /** Listeners, instead of the one at `host` and `port`. */
  listen?: Address[];
  /** Listeners behind a proxy that says who connects. */
  listenProxy?: Address[];
  /** Networks that may connect to those. */
  proxyFrom?: string[];
  /** Whether each call of the module is told, which Node does. */
  traces?: boolean;
  /** Where the chat is kept. */
  data?: string;
}
