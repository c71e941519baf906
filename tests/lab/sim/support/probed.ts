/** The chat with probes and as shipped: the module, and the core module of the component. */
import fs from "node:fs";
import { Wasm, type WasmModule } from "../../../../host/runtime/webassembly.js";
import { buildProbed, PROBED_CORE, PROBED_MODULE } from "../../../../lab/sim/probed.mjs";

await buildProbed();

export const probed: WasmModule = moduleOf(PROBED_MODULE);
export const probedCore: WasmModule = moduleOf(PROBED_CORE);
export const shipped: WasmModule = moduleOf("build/chat.wasm");
export const shippedCore: WasmModule = moduleOf("build/core/chat.wasm");

function moduleOf(file: string): WasmModule {
  return new Wasm.Module(fs.readFileSync(file));
}
