/** What the groups of a component's imports share. */
import type { Tracer } from "../../trace.js";
import type { Canonical } from "./canonical.js";
import type { ComponentKernel } from "./kernel.js";
import type { ResourceTable } from "./resources.js";

/** Where a listener may be opened: those that the world has, in the order of the kernel's table. */
export interface Place {
  /** `127.0.0.1:9001` or `[::1]:9001`. */
  address: string;
  fd: number;
  isOpen: boolean;
}

export interface ComponentHost {
  readonly kernel: ComponentKernel;
  readonly memory: Canonical;
  readonly resources: ResourceTable;
  readonly trace: Tracer;
  readonly places: readonly Place[];
  /** The program's name first. */
  readonly args: readonly string[];
}

/** Integers in (i64 as bigint), a number or nothing out. */
export type ComponentImport = (...values: never[]) => number | bigint | undefined;
/** By interface, without its version, and function: `wasi:io/poll` and `poll`. */
export type ComponentImports = Record<string, Record<string, ComponentImport>>;

/** A result without a value: its tag, and the code of an error right behind it. */
export function setOutcome({ memory, trace }: ComponentHost, at: number, code: number): void {
  const isError = code !== NO_ERROR;
  memory.setU8(at, isError ? 1 : 0);
  if (isError) memory.setU8(at + 1, code);
  trace.number(code);
}

/** In place of a code. */
export const NO_ERROR = -1;
