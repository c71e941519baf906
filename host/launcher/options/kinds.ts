/**
 * The type of an option, its names (flag, variable, field), and parsers for its value. The options
 * themselves are in launcher.ts and chat.ts.
 */
import net from "node:net";
import type { Address } from "../base/config.js";

/**
 * Thrown by a parser for a value that does not fit. `wanted` says what would: `a whole number from
 * 0 to 65535`.
 */
export class Unfit extends Error {
  constructor(readonly wanted: string) {
    super(`is not ${wanted}`);
  }
}

/** One option. */
export interface Setting {
  /** The name without hyphens in front. It is also the key in the configuration file. */
  name: string;
  kind: "number" | "text" | "flag" | "list";
  /** The placeholder of the value in the help; empty for a flag. */
  placeholder: string;
  help: string;
  /** The allowed values, for the help; empty if they are obvious. */
  bounds: string;
  /** The default as text; empty for none. A flag is off unless it is `true`. */
  default: string;
  /** True if a reload can change it while the server runs. */
  live: boolean;
  /** True for an option of the chat: its text is passed to the module. */
  forChat: boolean;
  /** True for a password, which no log shows. */
  isSecret?: boolean;
  /** Parses a value (of a list: one element). @throws Unfit */
  read: (text: string) => unknown;
}

/** Returns the flag for the help: `--name`, or `--no-name` for a flag that is on by default. */
export function flagOf({ name, kind, default: fallback }: Setting): string {
  return kind === "flag" && fallback === "true" ? `--no-${name}` : `--${name}`;
}

/**
 * Returns the opposite of {@link flagOf}: `--name` if that is `--no-name`, else `--no-name`.
 */
export function oppositeOf({ name, default: fallback }: Setting): string {
  return fallback === "true" ? `--${name}` : `--no-${name}`;
}

/** Returns the name of the environment variable: `POLLCAST_MAX_LINE`. */
export function variableOf({ name }: Setting): string {
  return `POLLCAST_${name.toUpperCase().replaceAll("-", "_")}`;
}

/** Returns the name of the field in ServeOptions: `maxLine`. */
export function fieldOf({ name }: Setting): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** Returns a parser for a whole number within bounds, both included. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    throw new Unfit(`a whole number from ${least} to ${most}`);
  };
}

/** Returns a parser that accepts only these words. */
export function oneOf<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    throw new Unfit(words.join(", ").replace(/, ([^,]*)$/, " or $1"));
  };
}

/** Accepts any text. */
export function anyText(text: string): string {
  return text;
}

/** Parses the path of a file or a directory. */
export function filePath(text: string): string {
  if (text === "" || text.includes("\0")) throw new Unfit("a path");
  return text;
}

/**
 * Parses the path of a directory for a guest. wasmtime's --dir separates the guest's name by `::`,
 * so the path must not contain it.
 */
export function directory(text: string): string {
  if (text.includes("::")) throw new Unfit('a path without "::", which wasmtime cannot be given');
  return filePath(text);
}

/** Parses `true` or `false`. */
export function flag(text: string): boolean {
  return oneOf(["true", "false"])(text) === "true";
}

/** Parses a host name or an address; IPv6 may be in brackets. */
export function host(text: string): string {
  const name = text.replace(/^\[(.*)\]$/, "$1");
  if (name === "" || /\s/.test(name)) throw new Unfit("an address");
  return name;
}

export const PORT_MAX = 65_535;

/** Parses `HOST:PORT` or `[::1]:7000`. */
export function place(text: string): Address {
  const [, name = "", port = ""] = /^(\[[^\]]+\]|[^:\s]+):(\d{1,9})$/.exec(text) ?? [];
  if (name === "" || Number(port) > PORT_MAX) throw new Unfit("HOST:PORT or [IPV6]:PORT");
  return { host: host(name), port: Number(port) };
}

/** Parses a network such as `10.0.0.0/8`, or a single address. */
export function network(text: string): string {
  const [, address = "", , bits] = /^([^/]+)(\/(\d{1,3}))?$/.exec(text) ?? [];
  const most = { 0: -1, 4: 32, 6: 128 }[net.isIP(address)] ?? -1;
  if (Number(bits ?? 0) > most) throw new Unfit("an address or a network such as 10.0.0.0/8");
  return text;
}
