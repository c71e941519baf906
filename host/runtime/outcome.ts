/** How a guest ends: what a kernel or an import throws through it, and what its starter is told. */
import { Wasm } from "./webassembly.js";

/** `proc_exit`, which does not return. */
export class GuestExit extends Error {
  override readonly name = "GuestExit";

  constructor(readonly code: number) {
    super(`the module called proc_exit(${code})`);
  }
}

/** The host gives the guest up, as wasmtime does where an errno has no name or a pointer is bad. */
export class GuestTrap extends Error {
  override readonly name = "GuestTrap";
}

/** Why a kernel that is not the guest's world any more lets it go. */
export type StopReason = "waits for ever" | "killed" | "out of calls" | "out of time";

/** The kernel ends the guest, through no call of its own. */
export class GuestStopped extends Error {
  override readonly name = "GuestStopped";

  constructor(
    readonly reason: StopReason,
    detail: string,
  ) {
    super(`${reason}: ${detail}`);
  }
}

export type Outcome =
  /** It returned from `_start` (0) or called proc_exit. */
  | { kind: "exit"; exitCode: number }
  | { kind: "trap"; trap: string }
  | { kind: "stopped"; reason: StopReason; detail: string };

/** What it was that came out of `_start`; a mistake of the host's own is thrown on. */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof GuestExit) return { kind: "exit", exitCode: error.code };
  if (error instanceof GuestTrap) return { kind: "trap", trap: error.message };
  if (error instanceof GuestStopped) {
    return { kind: "stopped", reason: error.reason, detail: error.message };
  }
  // `unreachable`, a memory access out of bounds, a stack overflow.
  const trapped = error instanceof Wasm.RuntimeError || error instanceof RangeError;
  if (trapped) return { kind: "trap", trap: error.message };
  throw error;
}
