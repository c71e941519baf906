/**
 * The ways in which a guest ends: the errors that imports and kernels throw through it, and the
 * Outcome that `runGuest` returns.
 */
import { Wasm } from "./webassembly.js";

/** Thrown by the import `proc_exit`, which does not return to the guest. */
export class GuestExit extends Error {
  override readonly name = "GuestExit";

  constructor(readonly code: number) {
    super(`the module called proc_exit(${code})`);
  }
}

/**
 * A trap by the host. The host traps where wasmtime does, such as after a bad pointer, or an error
 * of the OS without an errno.
 */
export class GuestTrap extends Error {
  override readonly name = "GuestTrap";
}

/** The reason for which a simulated kernel stops its guest. */
export type StopReason = "waits for ever" | "killed" | "out of calls" | "out of time";

/** Thrown by a kernel that stops its guest for a StopReason, and not for an error of the guest. */
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
  /** The guest returned from `_start` (exit code 0) or called `proc_exit`. */
  | { kind: "exit"; exitCode: number }
  | { kind: "trap"; trap: string }
  | { kind: "stopped"; reason: StopReason; detail: string };

/**
 * Converts an error that `_start` threw to an outcome.
 *
 * @throws `error` itself if it is a bug of the host, and no end of a guest
 */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof GuestExit) return { kind: "exit", exitCode: error.code };
  if (error instanceof GuestTrap) return { kind: "trap", trap: error.message };
  if (error instanceof GuestStopped) {
    return { kind: "stopped", reason: error.reason, detail: error.message };
  }
  // The engine throws these for `unreachable`, for an access out of bounds and for a stack
  // overflow.
  const trapped = error instanceof Wasm.RuntimeError || error instanceof RangeError;
  if (trapped) return { kind: "trap", trap: error.message };
  throw error;
}
