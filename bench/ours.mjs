/** What of ours is measured: the modules, and the wasmtime that serves them. */
import fs from "node:fs";
import { modulePath, PROGRAMS } from "../host/bare/programs.mjs";
import { inRoot } from "../scripts/lib/root.mjs";
import { Missing } from "./build.mjs";

/** @param {(line: string) => void} say @returns {Promise<string>} its path */
export async function ensureWasmtime(say) {
  const ensure = /** @type {typeof import("../host/wasmtime/ensure.js")} */ (
    await import(String(new URL("../dist/wasmtime/ensure.js", import.meta.url)))
  );
  return ensure.ensureWasmtime({ say });
}

/** @param {string} name as on the command line */
export function moduleOf(name) {
  const program = PROGRAMS.find((each) => each.name === name);
  const file = program === undefined ? undefined : inRoot(modulePath(program));
  if (file === undefined || !fs.existsSync(file)) throw new Missing(`${name} is not built`);
  return file;
}
