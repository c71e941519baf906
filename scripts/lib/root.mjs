/** The root directory of the repository. It does not depend on the working directory. */
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** @param {string} relative */
export function inRoot(relative) {
  return path.join(root, relative);
}
