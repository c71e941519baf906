/** The repository's own components: the library's tool and transform, and the world's file. */
import fs from "node:fs";
import { componentOf as wrap } from "../../library/component.mjs";
import { inRoot } from "./root.mjs";

/** The package whose tools these are. */
export const COMPONENT_TOOLS = "@bytecodealliance/jco-transpile";
/** For asc: how a core module gets the export that a component must have. */
export const EXPORT_TRANSFORM = "library/transform.mjs";
/** What wraps the core module. */
export const COMPONENT_MAKER = "library/component.mjs";
/** What a component imports and exports. */
export const WORLD_FILE = "assembly/wasi/preview3/world.wit";

/**
 * @param {Uint8Array} core a core module whose imports and exports have the names of the world's
 * @returns {Promise<Uint8Array>} the component; it is refused if a signature is not the world's
 */
export async function componentOf(core) {
  return wrap(core, fs.readFileSync(inRoot(WORLD_FILE), "utf8"));
}
