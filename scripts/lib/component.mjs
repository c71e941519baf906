/** The repository's own components: the library's tool and transform, and the world's file. */
import fs from "node:fs";
import { componentOf as wrap } from "../../library/component.mjs";
import { inRoot } from "./root.mjs";

/** The package that contains the tools. */
export const COMPONENT_TOOLS = "@bytecodealliance/jco-transpile";
/** A transform for asc. It adds the export that a component must have. */
export const EXPORT_TRANSFORM = "library/transform.mjs";
/** The script that wraps a core module into a component. */
export const COMPONENT_MAKER = "library/component.mjs";
/** The WIT world: the imports and exports of a component. */
export const WORLD_FILE = "assembly/wasi/preview3/world.wit";

/**
 * @param {Uint8Array} core a core module whose imports and exports have the names of the world's
 * @returns {Promise<Uint8Array>} the component; it is refused if a signature is not the world's
 */
export async function componentOf(core) {
  return wrap(core, fs.readFileSync(inRoot(WORLD_FILE), "utf8"));
}
