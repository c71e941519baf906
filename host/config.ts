/** What the options mean: defaults, and numbers that are numbers. */
import net from "node:net";
import { type ChatOption, wantedInstead } from "./chat_options.js";
import { usage } from "./errors.js";
import { type Line, LINES } from "./wasmtime/pinned.js";

export const DEFAULT_HOST = "127.0.0.1";
export const DEFAULT_PORT = 9999;
export const DEFAULT_MEMORY_MIB = 512;
/** A module has 4 GiB of addresses at most. */
export const MEMORY_MIB_MAX = 4096;
export const MEMORY_MIB_MIN = 1;
const PORT_MAX = 65_535;
/** More than can be served, so that doctor can say so. */
const CLIENTS_MAX = 999_999_999;
/** What runs the module; `auto` is a wasmtime if one is at hand, and otherwise Node. */
export const RUNTIMES = ["auto", "wasmtime", "node"] as const;
export type RuntimeChoice = (typeof RUNTIMES)[number];

/** Where to listen; port 0: the system picks one. */
export interface Address {
  host: string;
  port: number;
}

/** What `serve` and `run` know of the command line. */
export interface ServeOptions {
  host: string;
  port: number;
  maxMemory: number;
  runtime: RuntimeChoice;
  wasmtime?: string;
  /** Provide a wasmtime first if there is none. */
  setup?: boolean;
  /** Keep the module compiled in the cache. */
  precompile?: boolean;
  /** Listeners, instead of the one at `host` and `port`. */
  listen?: Address[];
  /** Listeners behind a proxy that says who connects. */
  listenProxy?: Address[];
  /** Networks that may connect to those. */
  proxyFrom?: string[];
}

export function parseHost(text: string): string {
  const host = text.replace(/^\[(.*)\]$/, "$1");
  if (host === "" || /\s/.test(host)) throw usage(`--host ${quote(text)} is not an address`);
  return host;
}

export function parsePort(text: string): number {
  return wholeNumber("--port", text, 0, PORT_MAX);
}

/** `HOST:PORT`, `[::1]:7000`; the option may be given several times. */
export function parseAddress(flag: string, text: string, before: Address[] = []): Address[] {
  const [, host = "", port = ""] = /^(\[[^\]]+\]|[^:\s]+):(\d+)$/.exec(text) ?? [];
  if (host === "") throw usage(`${flag} ${quote(text)} is not HOST:PORT or [IPV6]:PORT`);
  return [...before, { host: parseHost(host), port: wholeNumber(flag, port, 0, PORT_MAX) }];
}

/** `10.0.0.0/8,::1`: networks with commas, or single addresses. */
export function parseNetworks(flag: string, text: string): string[] {
  const networks = text.split(",");
  for (const network of networks) {
    const [, address = "", , bits] = /^([^/]+)(\/(\d{1,3}))?$/.exec(network) ?? [];
    const most = { 0: -1, 4: 32, 6: 128 }[net.isIP(address)] ?? -1;
    if (Number(bits ?? 0) > most)
      throw usage(`${flag} ${quote(network)} is not an address or a network such as 10.0.0.0/8`);
  }
  return networks;
}

export function parseRuntime(text: string): RuntimeChoice {
  const found = RUNTIMES.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw usage(`--runtime ${quote(text)} is not one of ${RUNTIMES.join(", ")}`);
}

export function parseLine(text: string): Line {
  const lines: Record<string, Line> = LINES;
  const found = Object.hasOwn(lines, text) ? lines[text] : undefined;
  if (found !== undefined) return found;
  throw usage(`--line ${quote(text)} is not one of ${Object.keys(lines).join(", ")}`);
}

export function parseMemory(text: string): number {
  return wholeNumber("--max-memory", text, MEMORY_MIB_MIN, MEMORY_MIB_MAX);
}

export function parseClients(text: string): number {
  return wholeNumber("--max-clients", text, 1, CLIENTS_MAX);
}

/** One of the chat's own. */
export function parseChatOption(option: ChatOption, text: string): string {
  const wanted = wantedInstead(option, text);
  if (wanted !== undefined) throw usage(`--${option.name} ${quote(text)} is not ${wanted}`);
  return text;
}

function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (!(value >= min && value <= max)) {
    throw usage(`${flag} ${quote(text)} is not a whole number from ${min} to ${max}`);
  }
  return value;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
