/**
 * An option as the command line, the environment and the configuration file know it, and the texts
 * that it takes. What it is for is not known here.
 */
import net from "node:net";
import type { Address } from "../base/config.js";

/** What a text is not: `a whole number from 0 to 65535`. */
export class Unfit extends Error {
  constructor(readonly wanted: string) {
    super(`is not ${wanted}`);
  }
}

export interface Setting {
  /** Without its hyphens; in the file it is called the same. */
  name: string;
  kind: "number" | "text" | "flag" | "list";
  /** What stands for its value in the help; empty for a flag. */
  placeholder: string;
  help: string;
  /** What it may be, for the help; empty if that goes without saying. */
  bounds: string;
  /** As a text, empty for none; a flag is off unless it says `true`. */
  default: string;
  /** Whether it can be changed while serving. */
  live: boolean;
  /** Whether it is the chat's, to be handed on as a text. */
  forChat: boolean;
  /** The value of a text, one of them in the case of a list. @throws Unfit */
  read: (text: string) => unknown;
}

/** `--name VALUE`, `--name`, or `--no-name` for a flag that is on. */
export function flagOf({ name, kind, default: fallback }: Setting): string {
  return kind === "flag" && fallback === "true" ? `--no-${name}` : `--${name}`;
}

/** `--no-name` for a flag that is off, `--name` for one that is on. */
export function oppositeOf({ name, default: fallback }: Setting): string {
  return fallback === "true" ? `--${name}` : `--no-${name}`;
}

/** As environments call it: `POLLCAST_MAX_LINE`. */
export function variableOf({ name }: Setting): string {
  return `POLLCAST_${name.toUpperCase().replaceAll("-", "_")}`;
}

/** As the launcher's parts call it: `maxLine`. */
export function fieldOf({ name }: Setting): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    throw new Unfit(`a whole number from ${least} to ${most}`);
  };
}

export function oneOf<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    throw new Unfit(words.join(", ").replace(/, ([^,]*)$/, " or $1"));
  };
}

/** Whatever a person may want to say. */
export function anyText(text: string): string {
  return text;
}

/** Of a file or a directory. */
export function filePath(text: string): string {
  if (text === "" || text.includes("\0")) throw new Unfit("a path");
  return text;
}

/** Of a directory that is handed to a guest: for wasmtime, its name there stands behind `::`. */
export function directory(text: string): string {
  if (text.includes("::")) throw new Unfit('a path without "::", which wasmtime cannot be given');
  return filePath(text);
}

export function flag(text: string): boolean {
  return oneOf(["true", "false"])(text) === "true";
}

export function host(text: string): string {
  const name = text.replace(/^\[(.*)\]$/, "$1");
  if (name === "" || /\s/.test(name)) throw new Unfit("an address");
  return name;
}

export const PORT_MAX = 65_535;

/** `HOST:PORT`, `[::1]:7000`. */
export function place(text: string): Address {
  const [, name = "", port = ""] = /^(\[[^\]]+\]|[^:\s]+):(\d{1,9})$/.exec(text) ?? [];
  if (name === "" || Number(port) > PORT_MAX) throw new Unfit("HOST:PORT or [IPV6]:PORT");
  return { host: host(name), port: Number(port) };
}

/** `10.0.0.0/8`, or a single address. */
export function network(text: string): string {
  const [, address = "", , bits] = /^([^/]+)(\/(\d{1,3}))?$/.exec(text) ?? [];
  const most = { 0: -1, 4: 32, 6: 128 }[net.isIP(address)] ?? -1;
  if (Number(bits ?? 0) > most) throw new Unfit("an address or a network such as 10.0.0.0/8");
  return text;
}
