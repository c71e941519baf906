/**
 * Before any test: what is tested is built and up to date, and a wasmtime is at hand. Tests find
 * its path in POLLCAST_WASMTIME.
 */
import { ensureWasmtime } from "../../host/wasmtime/ensure.js";
import { build } from "../../scripts/lib/build.mjs";
import { say } from "../../scripts/lib/run.mjs";

export async function setup(): Promise<void> {
  await build();
  process.env["POLLCAST_WASMTIME"] = await ensureWasmtime({ say });
}
