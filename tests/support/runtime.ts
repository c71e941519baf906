/**
 * The runtime that the guests of this test file run on, and the features that each runtime lacks.
 */
import type { Dialect } from "../../host/runtime/table/readiness.js";
import { type ComponentLine, componentWasmtime } from "./component.js";
import { wasmtimePath } from "./wasmtime.js";

export type Runtime = "wasmtime" | "node" | "virtual" | "component";

/** Features that not every runtime has. */
export type Feature =
  | "wasmtime's flags"
  | "few descriptors"
  | "processor time"
  | "a module untried"
  | "a console unread";

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
  component: {
    "wasmtime's flags": "they are those of modules",
    "a console unread": "wasmtime writes to it whether or not somebody reads, and waits",
  },
  virtual: {
    "wasmtime's flags": "they are wasmtime's",
    "processor time": "it is that of a process, and there is none",
  },
};

let current: Runtime = "wasmtime";
let component: string | undefined;
let greets = false;
let dialect: Dialect = "wasmtime-36";

/** For all guests that are started from now on; to be said before the tests are collected. */
export function useRuntime(runtime: Runtime, virtualDialect: Dialect = "wasmtime-36"): void {
  current = runtime;
  dialect = virtualDialect;
}

/**
 * Selects components of WASI 0.3, under the wasmtime of a release line.
 *
 * @returns false if there is none
 */
export function useComponents(line: ComponentLine): boolean {
  current = "component";
  component = componentWasmtime(line);
  return component !== undefined;
}

/** The wasmtime for components, if guests are such. */
export function componentRuntime(): string | undefined {
  return current === "component" ? component : undefined;
}

/**
 * Returns the first bytes of each client. A component knows its clients' addresses and uses them as
 * names; the conversations expect `client-1` and `client-2`, so all clients come through a proxy
 * that does not know their address.
 */
export function greeting(): string {
  return greets ? "PROXY UNKNOWN\r\n" : "";
}

/** @param args the arguments of the program @param isPlain true if it gets no other arguments */
export function greetFor(
  program: string,
  args: readonly string[],
  isPlain: boolean,
): readonly string[] {
  const isTold = isPlain || args.includes("--proxy-protocol");
  greets = current === "component" && program === "chat" && !isTold;
  return greets ? ["--proxy-protocol", "all"] : [];
}

/** Returns the program's name for its n-th client, which comes from this port. */
export function nameFor(number: number, port: number | undefined): string {
  return current === "component" && !greets ? `127.0.0.1:${port}` : `client-${number}`;
}

/** With which code a program ends that would end with this one: a component has two. */
export function exitCode(code: number): number {
  return current === "component" && code !== 0 ? 1 : code;
}

export function has(feature: Feature): boolean {
  return LACKS[current][feature] === undefined;
}

/** Returns the name of the default selector. */
export function selectorName(): string {
  if (current === "component") return "waitable set";
  const isExact = current === "node" || (current === "virtual" && dialect === "exact");
  return `poll_oneoff (${isExact ? "exact host" : "verified"})`;
}

/** The dialect of the virtual world; undefined on other runtimes. */
export function virtualDialect(): Dialect | undefined {
  return current === "virtual" ? dialect : undefined;
}

/** For the launcher: without a wasmtime, it takes Node. */
export function runtimeWasmtime(): string | undefined {
  if (current === "virtual") throw new Error("nothing is launched in a virtual world");
  return current === "node" ? undefined : wasmtimePath();
}
