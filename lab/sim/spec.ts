/** A world before it is played: everything in it that does not come from the module. */
import type { Dialect } from "../../host/runtime/table/readiness.js";
import type { StreamOptions } from "../world/stream.js";
import type { ChatSettings } from "./model/settings.js";

/** What befalls sockets, time and the whole module. */
export const FIRST_FAULTS = [
  ...["short-read", "short-write", "again", "spurious", "delay", "reset", "accept"],
  ...["jump", "stall", "swizzle", "kill", "trap"],
] as const;

/**
 * What befalls the rest: drawn apart, so that a seed's clients and first faults are the same with
 * and without them. `order`: events come in any; `rush`: people come while others talk; `stdio`:
 * nobody reads stdout or stderr; `eof`: stdin ends; `kill-at-call`: a kill at a chosen call.
 */
export const LATER_FAULTS = ["order", "rush", "stdio", "eof", "kill-at-call"] as const;

export const FAULT_NAMES = [...FIRST_FAULTS, ...LATER_FAULTS] as const;

export type FaultName = (typeof FAULT_NAMES)[number];

/** How often each strikes: a probability for each occasion, or, per second, for time's own. */
export type FaultRates = Partial<Record<FaultName, number>>;

export const OUTPUT_NAMES = ["stdout", "stderr"] as const;
export type OutputName = (typeof OUTPUT_NAMES)[number];

export type Act =
  | { act: "connect" }
  | { act: "write"; bytes: Buffer }
  | { act: "end" | "close" | "reset" | "pause" | "resume" }
  /** Asks for objects, and for all of them since the last one that it has got. */
  | { act: "since" }
  /** On the console; `client` is nobody then. */
  | { act: "command"; text: string }
  /** Whoever reads what the module writes stops for a while, or for ever. */
  | { act: "output"; name: OutputName; does: "pause" | "resume" | "close" }
  /** stdin ends. */
  | { act: "eof" }
  /** The module is killed, and started again. */
  | { act: "kill" };

export type Event = Act & {
  /** Nanoseconds of virtual time. */
  at: number;
  client: number;
};

export const NO_CLIENT = -1;

/**
 * What the chat is kept by: nothing, or a disk that outlives it, with syncs or without; with them,
 * each end may also be a loss of power.
 */
export const DATA_NAMES = ["none", "never", "always", "power"] as const;
export type DataName = (typeof DATA_NAMES)[number];

/** What the chat is played as: a module of preview1, or a component of WASI 0.3. */
export const ABIS = ["p1", "p3"] as const;
export type Abi = (typeof ABIS)[number];

/**
 * What a life of the module does last: so many calls; so many sends of which something was taken;
 * so many bytes that it writes to files, which may be in the midst of a write.
 */
export const KILL_POINTS = ["call", "send", "byte"] as const;
export interface Kill {
  at: (typeof KILL_POINTS)[number];
  number: number;
}

export interface WorldSpec {
  seed: number;
  /** Instead of `p1`. */
  abi?: Abi | undefined;
  /** Of preview1. */
  dialect: Dialect;
  /** What each call of the module takes, in nanoseconds, on a host that is slow. */
  callNs?: number | undefined;
  settings: ChatSettings;
  faults: FaultRates;
  /** Of each client's connections. */
  streams: StreamOptions[];
  /** Client n comes in by listener n modulo this. */
  listeners: number;
  /** What stdout and stderr hold each while nobody reads. */
  outputBytes: number;
  /** The first life of the module ends as the first of these says, and so on. */
  kills: Kill[];
  data: DataName;
  events: Event[];
  /** When no more faults strike, and everything owed is awaited. */
  calmAt: number;
}

/** What the directory of a world's disk is called. */
export const DATA = "data";

/** So much that no segment is ever full. */
export function dataArguments({ data }: WorldSpec): string[] {
  if (data === "none") return [];
  const sync = data === "never" ? "never" : "always";
  return ["--data", DATA, "--data-size", "8192", "--sync", sync];
}

export function isComponent({ abi }: WorldSpec): boolean {
  return abi === "p3";
}
