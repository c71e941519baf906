/** Types that the groups of a component's imports share. */
import type { Tracer } from "../../../host/runtime/trace.js";
import type { Canonical } from "./canonical.js";
import type { HandleTable } from "./handles.js";
import type { ComponentKernel } from "./kernel.js";
import type { Progress } from "./progress.js";

/**
 * A place where the component may open a listener: one for each listener of the world, in the order
 * of the kernel's table.
 */
export interface Place {
  /** As in `127.0.0.1:9001` or `[::1]:9001`. */
  address: string;
  fd: number;
  isOpen: boolean;
}

export interface ComponentHost {
  readonly kernel: ComponentKernel;
  readonly memory: Canonical;
  readonly handles: HandleTable;
  readonly progress: Progress;
  readonly trace: Tracer;
  readonly places: readonly Place[];
  /** The program's name first. */
  readonly args: readonly string[];
}

/** An import: integers (i64 as bigint) as arguments, a number or nothing as result. */
export type ComponentImport = (...values: never[]) => number | bigint | undefined;
/** Imports by interface without version, and by function: `wasi:cli/exit` and `exit`. */
export type ComponentImports = Record<string, Record<string, ComponentImport>>;
