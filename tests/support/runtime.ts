/** Which runtime the guests of this test file run on, and what there is not on each. */
import type { Dialect } from "../../host/wasi/virtual/readiness.js";
import { wasmtimePath } from "./wasmtime.js";

export type Runtime = "wasmtime" | "node" | "virtual";

/** What not every runtime has. */
export type Feature =
  "wasmtime's flags" | "few descriptors" | "processor time" | "a module untried";

/**
 * Tests that need what a runtime lacks are not listed for it, for these reasons. (And by_hand.test.ts
 * is all of wasmtime: of its command line, with no launcher.)
 */
const LACKS: Record<Runtime, Partial<Record<Feature, string>>> = {
  wasmtime: {},
  node: {
    "wasmtime's flags": "they are wasmtime's",
    "few descriptors": "Node accepts by itself, and closes what it has no descriptor for",
    "a module untried": "what the module does by itself is not tried twice",
  },
  virtual: {
    "wasmtime's flags": "they are wasmtime's",
    "processor time": "it is that of a process, and there is none",
  },
};

let current: Runtime = "wasmtime";
let dialect: Dialect = "wasmtime-36";

/** For all guests that are started from now on; to be said before the tests are collected. */
export function useRuntime(runtime: Runtime, virtualDialect: Dialect = "wasmtime-36"): void {
  current = runtime;
  dialect = virtualDialect;
}

export function has(feature: Feature): boolean {
  return LACKS[current][feature] === undefined;
}

/** Whether it reports what is ready and nothing else. */
export function isExact(): boolean {
  return current === "node" || (current === "virtual" && dialect === "exact");
}

/** Of the virtual world, if guests live in one. */
export function virtualDialect(): Dialect | undefined {
  return current === "virtual" ? dialect : undefined;
}

/** For the launcher: without a wasmtime, it takes Node. */
export function runtimeWasmtime(): string | undefined {
  if (current === "virtual") throw new Error("nothing is launched in a virtual world");
  return current === "node" ? undefined : wasmtimePath();
}
