/** The options of `serve` and `run`, after parsing. The folder options/ parses them. */

/** The ABIs of a program: p1 is a module of WASI preview1, p3 a component of WASI 0.3. */
export const ABIS = ["p1", "p3"] as const;
export type Abi = (typeof ABIS)[number];

/** The log formats. `auto`: text on a terminal, else JSON. */
export const LOG_FORMATS = ["auto", "text", "json"] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** The runtimes. `auto`: a wasmtime if one is found, else Node. */
export const RUNTIMES = ["auto", "wasmtime", "node"] as const;
export type RuntimeChoice = (typeof RUNTIMES)[number];

/** The choices of a program's ABI. `auto`: the first one that an available runtime can run. */
export const ABI_CHOICES = ["auto", ...ABIS] as const;
export type AbiChoice = (typeof ABI_CHOICES)[number];

/** An address to listen on. With port 0, the OS picks a free port. */
export interface Address {
  host: string;
  port: number;
}

/** Returns an address as text: `127.0.0.1:9999`, `[::1]:9999`. */
export function formatAddress(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The options of `serve` and `run`. */
export interface ServeOptions {
  host: string;
  port: number;
  /** The limit of the module's memory, in MiB. */
  maxMemory: number;
  runtime: RuntimeChoice;
  wasmtime?: string;
  /** The log format. Only `serve` has this field; the same is true of `ctl` and `metrics`. */
  logFormat?: LogFormat;
  /** The path of the control socket, or `none`. undefined: the path where `pollcast ctl` looks. */
  ctl?: string;
  /** The address of the metrics server. undefined: there is none. */
  metrics?: Address;
  /** True: if there is no wasmtime, provide one before serving. */
  setup?: boolean;
  abi?: AbiChoice;
  /** True: keep the compiled module in the cache. */
  precompile?: boolean;
  /** Addresses to listen on, in place of `host` and `port`. */
  listen?: Address[];
  /** Addresses to listen on for a proxy, which sends PROXY headers. */
  listenProxy?: Address[];
  /** Addresses to listen on for clients that speak IRC. */
  listenIrc?: Address[];
  /** The file with the message of the day for IRC. */
  motd?: string;
  /** The networks from which proxies may connect. */
  proxyFrom?: string[];
  /** True: report each call of the module. Only the Node runtime can. */
  traces?: boolean;
  /** The directory in which the chat is stored. */
  data?: string;
}
