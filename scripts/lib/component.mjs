/** Wraps core modules as components of WASI 0.3. */
import fs from "node:fs";
import { inRoot } from "./root.mjs";

/** The package whose tools these are. */
export const COMPONENT_TOOLS = "@bytecodealliance/jco-transpile";
/** For asc: how a core module gets the export that a component must have. */
export const EXPORT_TRANSFORM = "scripts/lib/component_export.mjs";
/** What a component imports and exports. */
export const WORLD_FILE = "assembly/wasi/preview3/world.wit";
const WORLD = "program";

/**
 * @param {Uint8Array} core a core module whose imports and exports have the names of the world's
 * @returns {Promise<Uint8Array>} the component; it is refused if a signature is not the world's
 */
export async function componentOf(core) {
  const tools = await import("@bytecodealliance/jco-transpile/wasm-tools");
  const witSource = fs.readFileSync(inRoot(WORLD_FILE), "utf8");
  const embedded = await tools.componentEmbed({ binary: core, witSource, world: WORLD });
  return tools.componentNew(embedded);
}
