/**
 * The imports `wasi:cli`, `wasi:clocks` and `wasi:random`: arguments, stdin, clocks, randomness,
 * exit.
 */
import { ClockId } from "../../../host/runtime/abi.js";
import { GuestExit } from "../../../host/runtime/outcome.js";
import { FutureEnd, StreamEnd } from "./copying.js";
import { Ending } from "./futures.js";
import type { ComponentHost, ComponentImports } from "./host.js";
import { futureImports, streamImports, told } from "./imports_async.js";
import { Typing } from "./sockets.js";
import { Status, Subtask } from "./subtask.js";

const NANOSECONDS_PER_SECOND = 1_000_000_000n;
const FUTURE_AT = 4;
const SUBTASK_SHIFT = 4;
const STDIN = "read-via-stream";

export function programImports(host: ComponentHost): ComponentImports {
  const { handles, kernel, memory, trace } = host;
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
    "wasi:cli/stdin": {
      [STDIN]: (at: number) => {
        const typing = new Typing(host);
        memory.setU32(at, told(host, handles.push(new StreamEnd("read", "u8", typing))));
        const ending = new Ending(memory, () => typing.ended);
        memory.setU32(at + FUTURE_AT, told(host, handles.push(new FutureEnd(ending))));
      },
      ...streamImports(host, { name: STDIN, direction: "read", element: "u8" }),
      ...futureImports(host, STDIN),
    },
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

function clockImports(host: ComponentHost): ComponentImports {
  const { handles, kernel, memory, progress, trace } = host;
  const time = (id: number): bigint => {
    const now = kernel.clockTime(id) ?? 0n;
    trace.bigint(now);
    return now;
  };
  return {
    "wasi:clocks/monotonic-clock": {
      now: () => time(ClockId.MONOTONIC),
      "[async-lower]wait-for": (nanoseconds: bigint) => {
        trace.bigint(nanoseconds);
        if (nanoseconds === 0n) return told(host, Status.RETURNED);
        const subtask = new Subtask(kernel.now + Number(BigInt.asUintN(64, nanoseconds)), kernel);
        progress.add(subtask);
        return told(host, (handles.push(subtask) << SUBTASK_SHIFT) | Status.STARTED);
      },
    },
    "wasi:random/random": {
      "get-random-u64": () => {
        const bits = new Uint8Array(8);
        kernel.random(bits);
        const drawn = Buffer.from(bits.buffer).readBigUInt64LE();
        trace.bigint(drawn);
        return drawn;
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
