/** `wasi:cli`, `wasi:clocks` and `wasi:random`: who a program is, what time it is, and its end. */
import { ClockId } from "../../abi.js";
import { GuestExit } from "../../outcome.js";
import type { ComponentHost, ComponentImports } from "./host.js";

const NANOSECONDS_PER_SECOND = 1_000_000_000n;
const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;

export function programImports(host: ComponentHost): ComponentImports {
  const { kernel, memory, resources, trace } = host;
  return {
    "wasi:cli/environment": {
      "get-arguments": (at: number) => {
        memory.setStrings(at, host.args);
      },
    },
    "wasi:cli/exit": {
      exit: (failed: number) => {
        throw new GuestExit(failed === 0 ? 0 : 1);
      },
    },
    "wasi:cli/stdin": { "get-stdin": () => resources.push("input", STDIN).handle },
    "wasi:cli/stdout": { "get-stdout": () => resources.push("output", STDOUT).handle },
    "wasi:cli/stderr": { "get-stderr": () => resources.push("output", STDERR).handle },
    "wasi:random/random": {
      "get-random-bytes": (count: bigint, at: number) => {
        const bytes = new Uint8Array(Number(count));
        kernel.random(bytes);
        trace.bytes(bytes);
        memory.setBytes(at, bytes);
      },
    },
    ...clockImports(host),
  };
}

function clockImports({ kernel, memory, resources, trace }: ComponentHost): ComponentImports {
  const time = (id: number): bigint => {
    const now = kernel.clockTime(id) ?? 0n;
    trace.bigint(now);
    return now;
  };
  return {
    "wasi:clocks/monotonic-clock": {
      now: () => time(ClockId.MONOTONIC),
      "subscribe-duration": (nanoseconds: bigint) => {
        trace.bigint(nanoseconds);
        const due = kernel.setTimer(Number(nanoseconds));
        const deadline = resources.push("deadline", -1, undefined, due);
        return resources.push("pollable", -1, deadline).handle;
      },
    },
    "wasi:clocks/wall-clock": {
      now: (at: number) => {
        const now = time(ClockId.REALTIME);
        memory.setU64(at, now / NANOSECONDS_PER_SECOND);
        memory.setU32(at + 8, Number(now % NANOSECONDS_PER_SECOND));
      },
    },
  };
}
