/** What of ours is measured: the modules, and the wasmtime that serves them. */
import fs from "node:fs";
import { modulePath, PROGRAMS } from "../host/bare/programs.mjs";
import { inRoot } from "../scripts/lib/root.mjs";
import { build, inCache, Missing } from "./build.mjs";

/** @param {(line: string) => void} say @returns {Promise<string>} its path */
export async function ensureWasmtime(say) {
  const ensure = /** @type {typeof import("../host/wasmtime/ensure.js")} */ (
    await ofHost("ensure")
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

/**
 * Compiled ahead of time, as the launcher does it: compiling is not what is measured.
 * @param {string} server whose it is
 * @param {string} wasmtime @param {string} file @param {(line: string) => void} say
 */
export function compiled(server, wasmtime, file, say) {
  const output = `compiled/${server}.cwasm`;
  const command = [wasmtime, "compile", file, "-o", inCache(output)];
  return build({ output, sources: [wasmtime, file], command }, say);
}

/** The chat as a component of WASI 0.2. */
export function componentFile() {
  const file = inRoot("build/chat.component.wasm");
  if (!fs.existsSync(file)) throw new Missing("build/chat.component.wasm is not built");
  return file;
}

/** One that is there; none is provided for it. @param {36 | 48} line @returns {Promise<string>} */
export async function wasmtimeOfLine(line) {
  const [{ candidates }, { checkLine }, { LINES }] = await Promise.all([
    /** @type {Promise<typeof import("../host/wasmtime/locate.js")>} */ (ofHost("locate")),
    /** @type {Promise<typeof import("../host/wasmtime/check.js")>} */ (ofHost("check")),
    /** @type {Promise<typeof import("../host/wasmtime/pinned.js")>} */ (ofHost("pinned")),
  ]);
  for (const { path } of candidates()) {
    if ((await checkLine(path, LINES[line])) === undefined) return path;
  }
  throw new Missing(`there is no wasmtime ${LINES[line].version}`);
}

/** @param {string} wasmtime @param {string} file @param {readonly string[]} options of the chat */
export function componentCommand(wasmtime, file, options) {
  const flags = ["-S", "inherit-network", "-C", "cache=n", "--allow-precompiled"];
  return [wasmtime, "run", ...flags, file, "--listen", "127.0.0.1:{port}", ...options];
}

/** @param {string} name @returns {Promise<unknown>} */
function ofHost(name) {
  return import(String(new URL(`../dist/wasmtime/${name}.js`, import.meta.url)));
}
