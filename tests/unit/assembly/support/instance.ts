/** Runs one export of a spec in a fresh instance and a fresh world. */
import type { SourceMap, SourceMapping } from "node:module";
import type { CompiledSpec } from "./compile.js";
import { FakeFiles } from "./fake_files.js";
import { Exited, FakeWasi } from "./fake_wasi.js";
import { type Ending, readString, specHost } from "./spec_host.js";
import { World } from "./world.js";

/** Beyond this many host calls a case that collects does so only now and then. */
const COLLECT_ALWAYS = 500;
const COLLECT_EVERY = 97;

class Aborted extends Error {}

/** The runtime's number of a class that holds bytes and nothing else. */
const ARRAY_BUFFER = 1;

/** A frame of the module in a stack, with its offset. */
const WASM_FRAME = /wasm-function\[\d+\]:(0x[0-9a-f]+)/g;

/** Throws what the spec's assertions say, with the place in the AssemblyScript source. */
export function runCase(spec: CompiledSpec, name: string, collecting: boolean): void {
  const world = new World();
  const exports: WebAssembly.Exports = {};
  const call = (wanted: string) => (exports[wanted] as () => void)();
  const memory = () => exports["memory"] as WebAssembly.Memory;
  let hostCalls = 0;
  const files = new FakeFiles(memory);
  const wasi = new FakeWasi(world, memory, files, () => {
    hostCalls++;
    const due = hostCalls < COLLECT_ALWAYS || hostCalls % COLLECT_EVERY === 0;
    if (due) collect();
  });
  const collect = () => {
    if (!collecting) return;
    call("__collect");
    spoil(exports, memory());
  };
  const host = specHost(world, files, memory, collect);
  const abort = (message: number, file: number, line: number, column: number) => {
    const said = readString(memory(), message) || "assertion failed";
    const place = `${readString(memory(), file)}:${line}:${column}`;
    throw new Aborted(`${said} at ${place}${callersIn(spec.map)}`);
  };
  const instance = new WebAssembly.Instance(spec.module, {
    env: { abort },
    host: host.imports,
    wasi_snapshot_preview1: wasi.imports(),
  });
  Object.assign(exports, instance.exports);
  judge(
    outcomeOf(() => {
      call("_start");
      call(name);
    }),
    host.ending,
  );
  const wanted = host.ending.said;
  if (wanted === undefined) return;
  const said = Buffer.concat(world.at(2).sent).toString();
  if (!said.startsWith(wanted)) throw new Error(`stderr wanted "${wanted}", found "${said}"`);
}

/** Takes the memory that has just been given back, and leaves garbage in it. */
function spoil(exports: WebAssembly.Exports, memory: WebAssembly.Memory): void {
  const allocate = exports["__new"] as (size: number, id: number) => number;
  for (let size = 12; size <= 252; size += 16) {
    const at = allocate(size, ARRAY_BUFFER);
    new Uint8Array(memory.buffer, at, size).fill(0xdd);
  }
}

/** The lines of the spec that were being run, innermost first. */
function callersIn(map: SourceMap): string {
  const frames = [...(new Error().stack ?? "").matchAll(WASM_FRAME)];
  const places = frames.map((frame) => {
    const entry = map.findEntry(0, Number(frame[1])) as Partial<SourceMapping>;
    return entry.originalSource?.endsWith(".spec.ts")
      ? `\n  called from ${entry.originalSource}:${(entry.originalLine ?? 0) + 1}`
      : "";
  });
  return places.join("");
}

function outcomeOf(run: () => void): Error | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Checks that the case ended as it declared. */
function judge(outcome: Error | undefined, wanted: Ending): void {
  if (wanted.exitCode !== undefined) {
    if (outcome instanceof Exited && outcome.code === wanted.exitCode) return;
    throw outcome ?? new Error(`should have ended with exit code ${wanted.exitCode}`);
  }
  if (wanted.abortMessage !== undefined) {
    if (outcome instanceof Aborted && outcome.message.includes(wanted.abortMessage)) return;
    throw outcome ?? new Error(`should have aborted with "${wanted.abortMessage}"`);
  }
  if (outcome !== undefined) throw outcome;
}
