/**
 * What the options mean: defaults, and numbers that are numbers. Bounds of the chat are the guest's
 * to check.
 */
import net from "node:net";
import { usage } from "./errors.js";

export const DEFAULT_HOST = "127.0.0.1";
export const DEFAULT_PORT = 9999;
export const DEFAULT_MEMORY_MIB = 512;
/** A module has 4 GiB of addresses at most. */
export const MEMORY_MIB_MAX = 4096;
export const MEMORY_MIB_MIN = 1;
const PORT_MAX = 65_535;
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

/**
 * Options of the chat, which `serve` hands on: name, value's name, what it must look like, help,
 * and the module's bounds and default, as its own `--help` gives them (a test compares them).
 */
export const CHAT_OPTIONS = [
  {
    flag: "max-line",
    value: "BYTES",
    shape: "number",
    help: "longest line a client may send",
    bounds: "16 to 16384, default 4096",
  },
  {
    flag: "max-clients",
    value: "N",
    shape: "number",
    help: "clients served at once",
    bounds: "1 to 100000, default 10000",
  },
  {
    flag: "style",
    value: "NAME",
    shape: "style",
    help: "what newcomers read: line, json, tutorial",
    bounds: "default line",
  },
  {
    flag: "max-rooms",
    value: "N",
    shape: "number",
    help: "rooms at once",
    bounds: "1 to 100000, default 1000",
  },
  {
    flag: "history",
    value: "LINES",
    shape: "number",
    help: "what a room remembers",
    bounds: "0 to 10000, default 200",
  },
  {
    flag: "replay",
    value: "LINES",
    shape: "number",
    help: "how much of that a newcomer is given",
    bounds: "0 to 1000, default 10",
  },
  {
    flag: "announce",
    value: "N",
    shape: "number",
    help: "people in a room up to whom each is told who comes and goes",
    bounds: "0 to 10000, default 50",
  },
  {
    flag: "rate",
    value: "LINES",
    shape: "number",
    help: "lines of one client that are dealt with in a second; 0: all",
    bounds: "0 to 1000000, default 20",
  },
  {
    flag: "burst",
    value: "LINES",
    shape: "number",
    help: "lines of one client that may come at once",
    bounds: "4 to 1000000, default 400",
  },
  {
    flag: "flood-seconds",
    value: "SECONDS",
    shape: "number",
    help: "how long a client may send more than that before it is closed",
    bounds: "1 to 86400, default 60",
  },
  {
    flag: "time-zone",
    value: "ZONE",
    shape: "zone",
    help: "of the stamps: UTC, +HH:MM or -HH:MM",
    bounds: "default UTC",
  },
  {
    flag: "soft-limit",
    value: "BYTES",
    shape: "number",
    help: "what a client may be owed for a while before it is closed",
    bounds: "1024 to 67108864, default 262144",
  },
  {
    flag: "soft-seconds",
    value: "SECONDS",
    shape: "number",
    help: "how long that while is",
    bounds: "1 to 3600, default 10",
  },
  {
    flag: "hard-limit",
    value: "BYTES",
    shape: "number",
    help: "what a client may be owed at most: then it is closed at once",
    bounds: "1024 to 268435456, default 1048576",
  },
] as const;

const SHAPES = {
  number: { pattern: /^\d+$/, words: "a whole number" },
  style: { pattern: /^(line|json|tutorial)$/, words: "line, json or tutorial" },
  zone: { pattern: /^(UTC|[+-]\d\d:\d\d)$/, words: "UTC, +HH:MM or -HH:MM" },
} as const;

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

export function parseMemory(text: string): number {
  return wholeNumber("--max-memory", text, MEMORY_MIB_MIN, MEMORY_MIB_MAX);
}

export function parseShaped(flag: string, shape: keyof typeof SHAPES, text: string): string {
  const { pattern, words } = SHAPES[shape];
  if (!pattern.test(text)) throw usage(`--${flag} ${quote(text)} is not ${words}`);
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
