/** The modules of this project that are measured, and the wasmtime that runs them. */
import { execFile } from "node:child_process";
import fs from "node:fs";
import { promisify } from "node:util";
import { modulePath, PROGRAMS } from "../../host/bootstrap/programs.mjs";
import { inRoot } from "../../scripts/lib/root.mjs";
import { build, inCache, Missing } from "./build.mjs";

/** @typedef {(line: string) => void} Say */

/**
 * Finds a wasmtime for modules.
 *
 * @param {Say} say reports the progress, a line at a time
 * @returns {Promise<string>} its path
 */
export function ensureWasmtime(say) {
  return ensureFor("p1", say);
}

/**
 * Finds a wasmtime for components.
 *
 * @param {Say} say reports the progress, a line at a time
 * @returns {Promise<string>} its path
 */
export function ensureComponentWasmtime(say) {
  return ensureFor("p3", say);
}

/** Each is searched only once. @type {Map<string, Promise<string>>} */
const ensured = new Map();

/**
 * @param {import("../../host/launcher/base/config.js").Abi} abi
 * @param {Say} say reports the progress, a line at a time
 */
function ensureFor(abi, say) {
  const wasmtime = ensured.get(abi) ?? looked(abi, say);
  ensured.set(abi, wasmtime);
  return wasmtime;
}

/**
 * @param {import("../../host/launcher/base/config.js").Abi} abi
 * @param {Say} say reports the progress, a line at a time
 */
async function looked(abi, say) {
  const [{ ensureSuitable }, { UserError }] = await Promise.all([
    /** @type {Promise<typeof import("../../host/launcher/wasmtime/ensure.js")>} */ (
      ofHost("wasmtime/ensure")
    ),
    /** @type {Promise<typeof import("../../host/launcher/base/errors.js")>} */ (
      ofHost("base/errors")
    ),
  ]);
  try {
    return (await ensureSuitable({ abis: [abi], say })).wasmtime;
  } catch (error) {
    throw error instanceof UserError ? new Missing(error.message) : error;
  }
}

/** @param {string} name the path in dist/host/launcher, without .js @returns {Promise<unknown>} */
function ofHost(name) {
  return import(String(new URL(`../../dist/host/launcher/${name}.js`, import.meta.url)));
}

/** @param {string} name the program, as on the command line */
export function moduleOf(name) {
  const program = PROGRAMS.find((each) => each.name === name);
  const file = program === undefined ? undefined : inRoot(modulePath(program));
  if (file === undefined || !fs.existsSync(file)) throw new Missing(`${name} is not built`);
  return file;
}

/**
 * Compiles a module ahead of time, as the launcher does: compilation is not measured.
 *
 * @param {string} server the server's name
 * @param {string} wasmtime
 * @param {string} file the path of the module
 * @param {(line: string) => void} say reports the progress, a line at a time
 */
export function compiled(server, wasmtime, file, say) {
  const output = `compiled/${server}.cwasm`;
  const command = [wasmtime, "compile", file, "-o", inCache(output)];
  return build({ output, sources: [wasmtime, file], command }, say);
}

/**
 * Returns what a module prints about its options.
 *
 * @param {string} file the path of the module
 * @param {(line: string) => void} say reports the progress, a line at a time
 */
export async function helpOf(file, say) {
  const wasmtime = await ensureWasmtime(say);
  const { stdout } = await promisify(execFile)(wasmtime, ["run", file, "--help"]);
  return stdout;
}

/** Returns the path of the chat as a component of WASI 0.3. */
export function componentFile() {
  const file = inRoot("build/chat.component.wasm");
  if (!fs.existsSync(file)) throw new Missing("build/chat.component.wasm is not built");
  return file;
}

/**
 * @param {string} wasmtime
 * @param {string} file the path of the module
 * @param {readonly string[]} options the chat's options
 */
export function componentCommand(wasmtime, file, options) {
  const flags = ["-S", "inherit-network", "-C", "cache=n", "--allow-precompiled"];
  return [wasmtime, "run", ...flags, file, "--listen", "127.0.0.1:{port}", ...options];
}
