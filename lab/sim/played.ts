/** The result of a world, and how to watch it while it is played. */
import { errnoName } from "../../host/runtime/abi.js";
import { TraceHash, TraceLog } from "../../host/runtime/trace.js";
import type { WasmMemory } from "../../host/runtime/webassembly.js";
import { SECOND_NS, type World } from "../world/world.js";
import type { OracleFailure } from "./failure.js";

export interface Played {
  failure: OracleFailure | undefined;
  /** The letter or address that the model does not know, if it ended the world early. */
  undecided: string | undefined;
  hash: string;
  calls: number;
  /** Messages of clients that were broadcast. */
  messages: number;
  deliveries: number;
  guests: number;
  faults: number;
  virtualNs: number;
}

export type TraceTo = (line: string) => void;

export interface Watching {
  tell?: TraceTo | undefined;
  /** Called with the memory of each guest before it starts. */
  onStart?: (memory: WasmMemory) => void;
}

/** Returns a trace of a world, which reports each call to `tell`, if that is given. */
export function tracing(world: World, tell: TraceTo | undefined): TraceHash {
  if (tell === undefined) return new TraceHash();
  return new TraceLog((call, values, errno) => {
    const seconds = (world.now / SECOND_NS).toFixed(6).padStart(12);
    tell(`${seconds} ${call} ${values} -> ${errno < 0 ? "ended" : errnoName(errno)}`);
  });
}
