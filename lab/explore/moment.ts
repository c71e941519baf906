/** The moments of a recorded run. A picture is a function of these moments only. */
import type { Outcome } from "../../host/runtime/outcome.js";
import type { Call } from "./calls.js";
import type { Frame } from "./frames.js";
import type { Deed, Script } from "./script.js";

/**
 * The purpose of a call: the selector's wait; the program's own work; a check whether the host's
 * event is true; the program's log and console; anything else.
 */
export type Role = "wait" | "work" | "verify" | "log" | "other";

/** An event outside of the guest. */
export interface Happening {
  what: Deed | "arrived" | "received" | "ended";
  client: number;
  text: string;
}

/** Bytes of one client. Each count is at most the one before: written >= arrived >= read. */
export interface Counters {
  written: number;
  /** Bytes that have arrived in the kernel. */
  arrived: number;
  /** Bytes that were copied to the program. */
  read: number;
  sent: number;
  received: number;
}

export interface Moment {
  /**
   * `call`: a call has returned; `sleep`: a call has begun to wait; `world`: an event outside of
   * the guest; `stop`: the guest was stopped, because it spins.
   */
  kind: "call" | "sleep" | "world" | "stop";
  n: number;
  /** Nanoseconds of virtual time. */
  at: number;
  /** Host calls so far. */
  calls: number;
  /** Waits of the selector so far. */
  waits: number;
  /** The hash of all calls so far. */
  hash: string;
  call?: Call;
  errno?: number;
  role?: Role;
  frames?: Frame[];
  happening?: Happening;
  /** The number of consecutive calls that this moment stands for. */
  repeat: number;
  /** True while the guest is blocked in a wait. */
  asleep: boolean;
  counters: Counters[];
  /** The guest's descriptor of each client, or -1. */
  fds: number[];
  /** Connections that were not accepted yet. */
  queued: number;
  /** The guest's open descriptors. */
  open: number[];
  /** Characters on stderr so far. */
  logged: number;
}

export interface Recording {
  script: Script;
  moments: Moment[];
  outcome: Outcome;
  /** True if the guest was stopped because it spins. */
  spins: boolean;
  hash: string;
  calls: number;
  /** The virtual time at the end, in nanoseconds. */
  now: number;
  /** The bytes that each client has written. */
  inbound: Uint8Array[];
  /** The bytes that the server has sent to each client. */
  outbound: Uint8Array[];
  /** The program's log. */
  log: string;
}
