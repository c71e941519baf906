/**
 * The parts of a played world that do not depend on its oracles: the clients' events, the
 * listeners, the faults, the trace, and how a guest is run on them.
 */
import type { Outcome } from "../../host/runtime/outcome.js";
import type { TraceHash } from "../../host/runtime/trace.js";
import { DrawnPace } from "../world/preview3/pace.js";
import { Random } from "../world/random.js";
import type { Output } from "../world/stdio.js";
import { SECOND_NS, World } from "../world/world.js";
import { ObservedListener } from "./client_connection.js";
import { OracleFailure } from "./failure.js";
import { FaultPlan, TRAP } from "./fault_plan.js";
import { tracing, type Watching } from "./played.js";
import type { WorldSpec } from "./spec.js";
import { type ConnectionWatcher, Workload } from "./workload.js";

/** The interval in which clients must make progress once faults have ended. */
export const PROGRESS_NS = 15 * SECOND_NS;
/** Time for bytes in flight to arrive at the end, with any latency. */
export const SETTLE_NS = 60 * SECOND_NS;
export const CALLS_MOST = 20_000_000;
export const STANDARD_FDS = 3;

/** The parts of the guest's kernel that clients' events and faults reach. */
interface RunningKernel {
  connectionOf(fd: number): { broken: boolean } | undefined;
  kill(): void;
}

export interface WorldParts {
  world: World;
  listeners: ObservedListener[];
  trace: TraceHash;
  plan: FaultPlan;
  workload: Workload;
}

/**
 * Schedules a world's events. Its faults end at the time of calm.
 *
 * @param kernel returns the kernel of the present guest
 */
export function setUp(
  spec: WorldSpec,
  { tell }: Watching,
  kernel: () => RunningKernel | undefined,
  watcher?: ConnectionWatcher,
): WorldParts {
  const world = new World({ seed: spec.seed });
  const listeners = Array.from({ length: spec.listeners }, () => new ObservedListener());
  const trace = tracing(world, tell);
  const plan = new FaultPlan(spec.faults, new Random(spec.seed, 2), world, (fd) => {
    const connection = kernel()?.connectionOf(fd);
    if (connection !== undefined) connection.broken = true;
  });
  const workload = new Workload(world, listeners, spec, () => kernel()?.kill(), watcher);
  workload.schedule();
  world.at(spec.calmAt, () => {
    plan.calmDown();
    workload.resumeAll();
  });
  return { world, listeners, trace, plan, workload };
}

/** Returns the pace of a component's host. @param life the number of the guest, from 1 on */
export function drawnPace({ seed, faults }: WorldSpec, life: number): DrawnPace {
  return new DrawnPace(new Random(seed, 8 + life), faults.order === undefined);
}

/** Returns the arguments with which a component listens at its places. */
export function listenArguments(places: readonly string[]): string[] {
  return places.flatMap((place) => ["--listen", place]);
}

/** Returns true if the world ended the guest, and another life may follow. */
export function wasEnded(outcome: Outcome): boolean {
  if (outcome.kind === "trap") return outcome.trap === TRAP;
  return outcome.kind === "stopped" && outcome.reason === "killed";
}

/** Returns the failure of a guest that ended in a wrong way, with its last words. */
export function exitFailure(outcome: Outcome, stderr: Output): OracleFailure {
  const said = stderr.text.split("\n").slice(-3).join(" ");
  return new OracleFailure("exit", `${JSON.stringify(outcome)} ${said}`);
}
