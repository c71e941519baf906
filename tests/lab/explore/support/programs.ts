/** The tutorial's modules with their source maps, as a page has them. */
import fs from "node:fs";
import { FrameReader, type GuestMap } from "../../../../lab/explore/frames.js";
import type { Recording } from "../../../../lab/explore/moment.js";
import { record } from "../../../../lab/explore/record.js";
import { scriptOf } from "../../../../lab/explore/script.js";
import { Wasm, type WasmModule } from "../../../../host/runtime/webassembly.js";
import { inRoot } from "../../../../scripts/lib/root.mjs";
import { buildMaps, MAPS } from "../../../../site/maps.mjs";

const modules = new Map<string, WasmModule>();
const readers = new Map<string, FrameReader>();

export function moduleOf(program: string): WasmModule {
  const found =
    modules.get(program) ?? new Wasm.Module(fs.readFileSync(inRoot(`build/${program}.wasm`)));
  modules.set(program, found);
  return found;
}

export async function makeMaps(): Promise<void> {
  await buildMaps();
}

export function mapOf(program: string): GuestMap {
  const text = fs.readFileSync(inRoot(`${MAPS}/${program}.json`), "utf8");
  return JSON.parse(text) as GuestMap;
}

export function framesOf(program: string): FrameReader {
  const found = readers.get(program) ?? new FrameReader(mapOf(program));
  readers.set(program, found);
  return found;
}

export function linesOf(program: string): string[] {
  return fs.readFileSync(inRoot(mapOf(program).main), "utf8").split("\n");
}

export function play(link: string): Recording {
  const script = scriptOf(link);
  return record(moduleOf(script.program), script, { frames: framesOf(script.program) });
}
