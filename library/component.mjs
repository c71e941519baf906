/**
 * The module `pollcast-selectors/component`: wraps core modules as components of WASI 0.3. The
 * encoder is the one of the Bytecode Alliance's jco, so that there is no second one to maintain.
 */
import fs from "node:fs";

const WORLD = "program";
const TOOLS = "@bytecodealliance/jco-transpile";
const RUN = "wasi:cli/run@0.3.0#run";
/** The magic bytes and the version of a module. */
const MODULE = "0061736d01000000";
/** The magic bytes and the version of a component. */
const COMPONENT = "0061736d0d000100";

/**
 * The error of {@link componentOf}. Its message says what is wrong with the file or the
 * installation, and what to do.
 */
export class NotWrapped extends Error {}

/**
 * Wraps a core module, compiled with asconfig.component.json, as a component.
 *
 * @param {Uint8Array} core a core module whose imports and exports have the names of the world
 * @param {string} [world] the world in WIT; by default this package's
 * @returns {Promise<Uint8Array>} the component
 * @throws {NotWrapped} if it is no such core module, or the tools are not installed
 */
export async function componentOf(core, world = ownWorld()) {
  const mistake = mistakeIn(core);
  if (mistake !== undefined) throw new NotWrapped(mistake);
  const tools = await loadTools();
  try {
    const embedded = await tools.componentEmbed({ binary: core, witSource: world, world: WORLD });
    return await tools.componentNew(embedded);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new NotWrapped(`it does not fit WASI 0.3: ${reason.replaceAll(/\s*\n\s*/g, " ")}`);
  }
}

function ownWorld() {
  return fs.readFileSync(new URL("assembly/wasi/preview3/world.wit", import.meta.url), "utf8");
}

async function loadTools() {
  try {
    return await import("@bytecodealliance/jco-transpile/wasm-tools");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND"))
      throw error;
    throw new NotWrapped(`${TOOLS} is missing: npm install --save-dev ${TOOLS}@0.15`);
  }
}

/** Returns what is wrong with a core module, or undefined. @param {Uint8Array} bytes */
function mistakeIn(bytes) {
  const begin = Buffer.from(bytes.subarray(0, 8)).toString("hex");
  if (begin === COMPONENT) return "it is a component already";
  if (begin !== MODULE) return "it is no WebAssembly module";
  /** @type {WebAssembly.Module} */
  let module;
  try {
    module = new WebAssembly.Module(Uint8Array.from(bytes));
  } catch (error) {
    return `it is no valid module: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (WebAssembly.Module.exports(module).some(({ name }) => name === RUN)) return undefined;
  return (
    "it was compiled to be a module: compile it with " +
    "--config node_modules/pollcast-selectors/asconfig.component.json"
  );
}
