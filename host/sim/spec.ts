/** A world before it is played: everything in it that does not come from the module. */
import type { Dialect } from "../wasi/virtual/readiness.js";
import type { StreamOptions } from "../wasi/virtual/stream.js";
import type { ChatSettings } from "./model/settings.js";

export const FAULT_NAMES = [
  ...["short-read", "short-write", "again", "spurious", "delay", "reset", "accept"],
  ...["jump", "stall", "swizzle", "kill", "trap"],
] as const;

export type FaultName = (typeof FAULT_NAMES)[number];

/** How often each strikes: a probability for each occasion, or, per second, for time's own. */
export type FaultRates = Partial<Record<FaultName, number>>;

export type Act =
  | { act: "connect" }
  | { act: "write"; bytes: Buffer }
  | { act: "end" | "close" | "reset" | "pause" | "resume" }
  /** On the console; `client` is nobody then. */
  | { act: "command"; text: string }
  /** The module is killed, and started again. */
  | { act: "kill" };

export type Event = Act & {
  /** Nanoseconds of virtual time. */
  at: number;
  client: number;
};

export const NOBODY = -1;

export interface WorldSpec {
  seed: number;
  dialect: Dialect;
  settings: ChatSettings;
  faults: FaultRates;
  /** Of each client's connections. */
  streams: StreamOptions[];
  events: Event[];
  /** When no more faults strike, and everything owed is awaited. */
  calmAt: number;
}
