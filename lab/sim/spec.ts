/** The specification of a world: everything in it that does not come from the guest. */
import type { Dialect } from "../../host/runtime/table/readiness.js";
import type { StreamOptions } from "../world/stream.js";
import type { ChatSettings } from "./model/settings.js";

/** Faults of sockets, of time and of the whole guest. */
export const FIRST_FAULTS = [
  ...["short-read", "short-write", "again", "spurious", "delay", "reset", "accept"],
  ...["jump", "stall", "swizzle", "kill", "trap"],
] as const;

/**
 * Further faults, which are drawn separately: a seed's clients and first faults are the same with
 * and without them. `order`: events come in any order; `rush`: clients connect while others write;
 * `stdio`: stdout or stderr is not read; `eof`: stdin ends; `kill-at-call`: a kill at a chosen
 * call.
 */
export const LATER_FAULTS = ["order", "rush", "stdio", "eof", "kill-at-call"] as const;

export const FAULT_NAMES = [...FIRST_FAULTS, ...LATER_FAULTS] as const;

export type FaultName = (typeof FAULT_NAMES)[number];

/**
 * The rate of each fault: a probability for each occasion, or a number per second for faults of
 * time.
 */
export type FaultRates = Partial<Record<FaultName, number>>;

export const OUTPUT_NAMES = ["stdout", "stderr"] as const;
export type OutputName = (typeof OUTPUT_NAMES)[number];

export type Act =
  | { act: "connect" }
  | { act: "write"; bytes: Buffer }
  | { act: "end" | "close" | "reset" | "pause" | "resume" }
  /** A bot (bot.ts) asks for JSON, and for all messages since the last one that it has. */
  | { act: "since" }
  /** Text on the console; `client` is {@link NO_CLIENT}. */
  | { act: "command"; text: string }
  /** The reader of the guest's output pauses, resumes or closes it. */
  | { act: "output"; name: OutputName; does: "pause" | "resume" | "close" }
  /** stdin ends. */
  | { act: "eof" }
  /** The guest is killed and started again. */
  | { act: "kill" };

export type Event = Act & {
  /** Nanoseconds of virtual time. */
  at: number;
  client: number;
};

export const NO_CLIENT = -1;

/**
 * The storage of the chat: none, or a disk that survives the guest, with `--sync` never or always;
 * with `power`, each end may also be a power loss.
 */
export const DATA_NAMES = ["none", "never", "always", "power"] as const;
export type DataName = (typeof DATA_NAMES)[number];

/** The form of the chat: a module of preview1, or a component of WASI 0.3. */
export const ABIS = ["p1", "p3"] as const;
export type Abi = (typeof ABIS)[number];

/**
 * The moment of a kill: after `number` calls, after `number` sends that took bytes, or after
 * `number` bytes written to files, which may be in the middle of a write.
 */
export const KILL_POINTS = ["call", "send", "byte"] as const;
export interface Kill {
  at: (typeof KILL_POINTS)[number];
  number: number;
}

export interface WorldSpec {
  seed: number;
  /** `p1` by default. */
  abi?: Abi | undefined;
  /** The readiness of preview1 hosts; a component ignores it. */
  dialect: Dialect;
  /** The virtual time of each call, in nanoseconds, on a slow host. */
  callNs?: number | undefined;
  settings: ChatSettings;
  faults: FaultRates;
  /** The buffers and the latency of each client's connections. */
  streams: StreamOptions[];
  /** The number of listeners; client n connects to listener n modulo this. */
  listeners: number;
  /**
   * Bit n is set if listener n speaks IRC. Such a world is checked by invariants (irc/); undefined
   * in all other worlds, which have an exact model.
   */
  irc?: number | undefined;
  /**
   * True if the clients of a world with IRC write any bytes: then only the form of what IRC clients
   * hear is checked, and that nothing is left undone.
   */
  isRandom?: boolean | undefined;
  /** The bytes that stdout and stderr each hold while they are not read. */
  outputBytes: number;
  /** The kills of the first life, of the second, and so on. */
  kills: Kill[];
  data: DataName;
  events: Event[];
  /** The time when faults end, in nanoseconds. From then on all output must arrive. */
  calmAt: number;
}

/** The name of the disk's directory. */
export const DATA = "data";

/** Returns the arguments for the disk, with segments so large that none is ever full. */
export function dataArguments({ data }: WorldSpec): string[] {
  if (data === "none") return [];
  const sync = data === "never" ? "never" : "always";
  return ["--data", DATA, "--data-size", "8192", "--sync", sync];
}

export function isComponent({ abi }: WorldSpec): boolean {
  return abi === "p3";
}
