/**
 * A stamp remembers from which inputs an output was made, by content: the output is fresh as long
 * as they all still hash the same. Times of modification lie after a clone or a switch of branches.
 *
 * Plain JavaScript on node: alone, because scripts/ needs it before anything is installed or built.
 * An input that was looked for and not found counts too: its appearance changes what is built.
 */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { makeDirectory } from "./directory.mjs";

/** @typedef {{ outputs: string[], inputs: Record<string, string>, key: string }} Stamp */

/**
 * @param {string} root what the paths are relative to
 * @param {string} file
 * @param {{ outputs: string[], inputs: Iterable<string>, key?: string }} made
 *   `key`: what else it depends on
 */
export function writeStamp(root, file, { outputs, inputs, key = "" }) {
  /** @type {Stamp} */
  const stamp = { key, outputs, inputs: {} };
  for (const input of [...inputs].sort()) stamp.inputs[input] = hashOf(path.resolve(root, input));
  makeDirectory(path.dirname(file));
  writeWhole(file, JSON.stringify(stamp, null, 1) + "\n");
}

/**
 * Why the stamp's outputs are not up to date.
 * @param {string} root
 * @param {string} file
 * @param {string} [key] left out: it is not compared
 * @returns {string | undefined} undefined when they are
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
 * Writes a file that is never seen half written.
 * @param {string} file
 * @param {string | Uint8Array} content
 */
export function writeWhole(file, content) {
  const draft = `${file}.${process.pid}.draft`;
  makeDirectory(path.dirname(file));
  fs.writeFileSync(draft, content);
  fs.renameSync(draft, file);
}

/** @param {string} file */
function hashOf(file) {
  try {
    return createHash("sha256").update(fs.readFileSync(file)).digest("hex");
  } catch {
    return "absent";
  }
}
