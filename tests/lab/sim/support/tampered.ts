/** The chat with probes, with one of its texts changed. */
import fs from "node:fs";
import { Wasm, type WasmModule } from "../../../../host/runtime/webassembly.js";
import { buildProbed, PROBED_MODULE } from "../../../../lab/sim/probed.mjs";

await buildProbed();

/** The module with one text of its own replaced by another of the same length. */
export function tampered(text: string, other: string): WasmModule {
  return new Wasm.Module(tamperedBytes(text, other));
}

export function tamperedBytes(text: string, other: string): Buffer<ArrayBuffer> {
  const copy = fs.readFileSync(PROBED_MODULE);
  const at = copy.indexOf(Buffer.from(text, "utf16le"));
  if (at < 0 || text.length !== other.length) throw new Error(`cannot tamper with "${text}"`);
  copy.write(other, at, "utf16le");
  return copy;
}
