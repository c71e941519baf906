/** Which runtime the guests of this test file run on. */
import { wasmtimePath } from "./wasmtime.js";

export type Runtime = "wasmtime" | "node";

let current: Runtime = "wasmtime";

/** For all guests that are started from now on; to be said before the tests are collected. */
export function useRuntime(runtime: Runtime): void {
  current = runtime;
}

export function isOnNode(): boolean {
  return current === "node";
}

/** For the launcher: without a wasmtime, it takes Node. */
export function runtimeWasmtime(): string | undefined {
  return isOnNode() ? undefined : wasmtimePath();
}
