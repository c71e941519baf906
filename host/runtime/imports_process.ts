/** The imports of preview1 for arguments, environment, clocks, random numbers and `proc_exit`. */
import { ClockId, Errno } from "./abi.js";
import { checkEnum } from "./memory.js";
import type { Host, Imports } from "./preview1.js";
import { GuestExit, GuestTrap } from "./outcome.js";

/**
 * The first exit code that wasmtime refuses. Shells use 126 and above for signals and their own
 * errors.
 */
const EXIT_CODES = 126;

/** Returns the imports for the process, by name. */
export function processImports(host: Host): Imports {
  const { args, env } = host;
  return {
    args_sizes_get: (count: number, size: number) => stringSizes(host, args, count, size),
    args_get: (pointers: number, buffer: number) => strings(host, args, pointers, buffer),
    environ_sizes_get: (count: number, size: number) => stringSizes(host, env, count, size),
    environ_get: (pointers: number, buffer: number) => strings(host, env, pointers, buffer),
    ...clockImports(host),
    random_get: (buffer: number, length: number) => {
      const target = host.memory.bytes(buffer, length);
      host.kernel.random(target);
      host.trace.bytes(target);
      return Errno.SUCCESS;
    },
    sched_yield: () => host.kernel.yield(),
    proc_exit: (code: number) => {
      if (host.kernel.badArguments === "trap" && code >>> 0 >= EXIT_CODES) {
        throw new GuestTrap(`exit with invalid exit status outside of [0..${EXIT_CODES})`);
      }
      throw new GuestExit(code >>> 0);
    },
  };
}

function clockImports({ kernel, memory, trace }: Host): Imports {
  const tell = (id: number, at: number, time: () => bigint | undefined): number => {
    trace.number(id);
    checkEnum(id, ClockId.THREAD_CPUTIME);
    memory.check(at, 8, 8);
    const value = time();
    if (value === undefined) return Errno.BADF;
    trace.bigint(value);
    memory.setU64(at, value);
    return Errno.SUCCESS;
  };
  return {
    clock_time_get: (id: number, _precision: bigint, at: number) =>
      tell(id, at, () => kernel.clockTime(id)),
    clock_res_get: (id: number, at: number) => tell(id, at, () => kernel.clockResolution(id)),
  };
}

function stringSizes(
  { memory, trace }: Host,
  all: readonly Uint8Array[],
  countAt: number,
  sizeAt: number,
): number {
  memory.check(countAt, 4, 4);
  memory.check(sizeAt, 4, 4);
  const size = all.reduce((sum, one) => sum + one.length, 0);
  trace.number(all.length);
  trace.number(size);
  memory.setU32(countAt, all.length);
  memory.setU32(sizeAt, size);
  return Errno.SUCCESS;
}

function strings(
  { memory, trace }: Host,
  all: readonly Uint8Array[],
  pointers: number,
  buffer: number,
): number {
  const size = all.reduce((sum, one) => sum + one.length, 0);
  memory.check(pointers, all.length * 4, 4);
  const target = memory.bytes(buffer, size);
  let offset = 0;
  for (const [index, one] of all.entries()) {
    memory.setU32((pointers >>> 0) + index * 4, (buffer >>> 0) + offset);
    target.set(one, offset);
    trace.bytes(one);
    offset += one.length;
  }
  return Errno.SUCCESS;
}
