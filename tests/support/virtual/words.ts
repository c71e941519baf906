/**
 * The messages between a test and the thread of its virtual world. A stream is one of the console
 * (0, 1 and 2, the guest's descriptors) or a peer's (from {@link FIRST_PEER}), and is named by its
 * number.
 */
import type { WasmModule } from "../../../host/runtime/webassembly.js";
import type { Dialect } from "../../../host/runtime/table/readiness.js";

/** How the thread begins. */
export interface ThreadStart {
  /** The compiled module, or the reason why its memory cannot have the limit. */
  module: WasmModule | string;
  /** The program's name first. */
  args: readonly string[];
  dialect: Dialect;
  listeners: number;
  /** Most descriptors that the guest may have open. */
  descriptors: number;
  /** How many orders have been given so far: what the thread waits on. */
  orders: Int32Array;
}

export type Order =
  | { act: "connect"; stream: number; listener: number }
  | { act: "write"; stream: number; bytes: Uint8Array }
  /** Reads until something has come; without it, nothing is read. */
  | { act: "read" | "end" | "close" | "reset"; stream: number }
  | { act: "kill"; signal: NodeJS.Signals };

export type News =
  | { what: "data"; stream: number; bytes: Uint8Array }
  | { what: "connected" | "end" | "reset"; stream: number }
  | { what: "exit"; code: number | null; signal: NodeJS.Signals | null };
