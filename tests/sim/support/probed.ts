/** The core module of the chat's component, with probes, and as it is shipped. */
import fs from "node:fs";
import { Wasm, type WasmModule } from "../../../host/wasi/webassembly.js";
import { buildProbed, PROBED_CORE } from "../../../scripts/lib/probed.mjs";

await buildProbed();

export const probed: WasmModule = new Wasm.Module(fs.readFileSync(PROBED_CORE));
export const shippedCore: WasmModule = new Wasm.Module(fs.readFileSync("build/core/chat.wasm"));
