/** One thing of a run that can be shown. All of a picture is a function of these. */
import type { Outcome } from "../../host/runtime/outcome.js";
import type { Call } from "./calls.js";
import type { Frame } from "./frames.js";
import type { Deed, Script } from "./script.js";

/**
 * What a call is for: the selector's wait; the program's own work; a look whether the host has
 * told the truth; the program's log and its console; all that remains.
 */
export type Role = "wait" | "work" | "verify" | "log" | "other";

/** What happens outside of the guest. */
export interface Happening {
  what: Deed | "arrived" | "received" | "ended";
  client: number;
  text: string;
}

/** Bytes of one client, each count at most the one before: written >= arrived >= read. */
export interface Counters {
  written: number;
  /** In the kernel. */
  arrived: number;
  /** Copied to the program. */
  read: number;
  sent: number;
  received: number;
}

export interface Moment {
  /**
   * `call`: one that has returned; `sleep`: one that has begun to wait; `world`: something outside
   * of the guest; `stop`: it was stopped, as it spins.
   */
  kind: "call" | "sleep" | "world" | "stop";
  n: number;
  /** Nanoseconds of virtual time. */
  at: number;
  /** Host calls so far. */
  calls: number;
  /** Of them, waits of the selector. */
  waits: number;
  /** Of all calls so far. */
  hash: string;
  call?: Call;
  errno?: number;
  role?: Role;
  frames?: Frame[];
  happening?: Happening;
  /** So many calls like it, one after another. */
  repeat: number;
  /** Whether the guest is within a wait. */
  asleep: boolean;
  counters: Counters[];
  /** The descriptor of each client in the guest, or -1. */
  fds: number[];
  /** Connections that nobody has accepted. */
  queued: number;
  /** Descriptors that the guest holds. */
  open: number[];
  /** Characters on stderr so far. */
  logged: number;
}

export interface Recording {
  script: Script;
  moments: Moment[];
  outcome: Outcome;
  /** Whether it was stopped because it spun. */
  spins: boolean;
  hash: string;
  calls: number;
  /** Virtual time at its end, nanoseconds. */
  now: number;
  /** Bytes that each client has written, and been sent. */
  inbound: Uint8Array[];
  outbound: Uint8Array[];
  /** What the program has logged. */
  log: string;
}
