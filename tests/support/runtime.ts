/**
 * The runtime that the guests of this test file run on, and the features that each runtime lacks.
 */
import type { Dialect } from "../../host/runtime/table/readiness.js";
import { type ComponentLine, componentWasmtime } from "./component.js";
import { wasmtimePath } from "./wasmtime.js";

export type Runtime = "wasmtime" | "node" | "virtual" | "component";

/** What not every runtime has. */
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

/** Components of WASI 0.3, under the wasmtime of a line. @returns whether there is one */
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
 * What a client says first. A component knows where its clients are, and calls them by it; the
 * conversations are about `client-1` and `client-2`, and so all come through a proxy that says it
 * does not know.
 */
export function greeting(): string {
  return greets ? "PROXY UNKNOWN\r\n" : "";
}

/**
 * @param args those of the program that is started
 * @param isPlain it is to be told nothing else
 */
export function greetFor(
  program: string,
  args: readonly string[],
  isPlain: boolean,
): readonly string[] {
  const isTold = isPlain || args.includes("--proxy-protocol");
  greets = current === "component" && program === "chat" && !isTold;
  return greets ? ["--proxy-protocol", "all"] : [];
}

/** What a program calls the client that came as the so many-th, from this port. */
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

/** What the default selector calls itself. */
export function selectorName(): string {
  if (current === "component") return "waitable set";
  const isExact = current === "node" || (current === "virtual" && dialect === "exact");
  return `poll_oneoff (${isExact ? "exact host" : "verified"})`;
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
