/**
 * Stamps for the build. A stamp records the hashes of the inputs that an output was made from. The
 * output is fresh while all inputs have the same hashes. Modification times are no use, since a
 * clone or a switch of branches changes them.
 *
 * An input may be a file that does not exist: creating it makes the output stale.
 *
 * Plain JavaScript that imports only node: modules and this folder, because scripts/ needs it
 * before anything is installed or built.
 */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { makeDirectory } from "./directory.mjs";

/** @typedef {{ outputs: string[], inputs: Record<string, string>, key: string }} Stamp */

/**
 * Writes the stamp of outputs that were just made.
 * @param {string} root the directory that the paths are relative to
 * @param {string} file the path of the stamp
 * @param {{ outputs: string[], inputs: Iterable<string>, key?: string }} made `key` names what else
 *   the outputs depend on
 */
export function writeStamp(root, file, { outputs, inputs, key = "" }) {
  /** @type {Stamp} */
  const stamp = { key, outputs, inputs: {} };
  for (const input of [...inputs].sort()) stamp.inputs[input] = hashOf(path.resolve(root, input));
  makeDirectory(path.dirname(file));
  writeWhole(file, JSON.stringify(stamp, null, 1) + "\n");
}

/**
 * Returns the reason why outputs are stale.
 * @param {string} root the directory that the paths are relative to
 * @param {string} file the path of the stamp
 * @param {string} [key] compared with the stamp's key; not compared if left out
 * @returns {string | undefined} undefined if the outputs are fresh
 */
export function staleness(root, file, key) {
  /** @type {Stamp} */
  let stamp;
  try {
    stamp = /** @type {Stamp} */ (JSON.parse(fs.readFileSync(file, "utf8")));
  } catch {
    return "not built";
  }
  if (key !== undefined && stamp.key !== key) return `built with ${stamp.key}`;
  for (const output of stamp.outputs) {
    if (!fs.existsSync(path.resolve(root, output))) return `${output} is missing`;
  }
  for (const [input, hash] of Object.entries(stamp.inputs)) {
    if (hashOf(path.resolve(root, input)) !== hash) return `${input} changed`;
  }
  return undefined;
}

/**
 * Writes a file atomically: a reader sees the old content or the new one.
 * @param {string} file
 * @param {string | Uint8Array} content
 */
export function writeWhole(file, content) {
  const draft = `${file}.${process.pid}.draft`;
  makeDirectory(path.dirname(file));
  fs.writeFileSync(draft, content);
  fs.renameSync(draft, file);
}

/** @param {string} file @returns {string} the SHA-256 of a file, or "absent" */
function hashOf(file) {
  try {
    return createHash("sha256").update(fs.readFileSync(file)).digest("hex");
  } catch {
    return "absent";
  }
}
