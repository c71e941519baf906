/**
 * Compiles the chat from its sources with one change: for the mutations, the mutants and the
 * fuzzer. It writes no files.
 */
import fs from "node:fs";
import path from "node:path";
import { componentEntry, PROGRAMS } from "../../host/bootstrap/programs.mjs";
import { EXPORT_TRANSFORM } from "../../scripts/lib/component.mjs";
import { inRoot, root } from "../../scripts/lib/root.mjs";
import { PROBE_TRANSFORM } from "./probed.mjs";

/**
 * Flags for asc that compile in a second in place of 15. The module does the same, and costs the
 * worlds a sixth more.
 */
export const UNOPTIMIZED = ["--optimizeLevel", "0", "--shrinkLevel", "0"];

/**
 * @typedef {object} Planted one change of the sources
 * @property {string} file path below assembly/
 * @property {string} from text that occurs exactly once
 * @property {string} to its replacement
 */

/**
 * @typedef {object} How
 * @property {"p1" | "p3"} [abi] `p1`, the module, or `p3`, the core module of the component
 * @property {boolean} [isProbed] with probes, unless this is false
 * @property {(file: string, text: string) => string} [change] returns the changed text of a source
 *   file, whose path is relative to the package
 * @property {string[]} [flags] further flags for asc
 */

/**
 * @param {How} how
 * @returns {Promise<Uint8Array<ArrayBuffer>>} the module's bytes
 * @throws {Error} with asc's complaints, if it does not compile; if `change` changes no source
 */
export async function changedChat({ abi = "p1", isProbed = true, change, flags = [] }) {
  const asc = await import("assemblyscript/asc");
  const [chat] = PROGRAMS.filter(({ name }) => name === "chat");
  if (chat === undefined) throw new Error("there is no chat");
  const entry = abi === "p1" ? chat.entry : componentEntry(chat);
  const transforms = [
    ...(abi === "p1" ? [] : [EXPORT_TRANSFORM]),
    ...(isProbed ? [PROBE_TRANSFORM] : []),
  ];
  const args = [entry, "--target", chat.target, "--outFile", "changed.wasm", ...flags];
  for (const transform of transforms) args.push("--transform", inRoot(transform));
  /** @type {string[]} */
  const complaints = [];
  const told = { write: (/** @type {unknown} */ text) => complaints.push(String(text)) };
  let compiled = new Uint8Array();
  let changedFiles = 0;
  const { error } = await asc.main(args, {
    ...{ stdout: told, stderr: told, listFiles: () => [] },
    readFile(name, base) {
      const file = path.resolve(root, base, name);
      if (!fs.existsSync(file)) return null;
      const text = fs.readFileSync(file, "utf8");
      const changed = change === undefined ? text : change(path.relative(root, file), text);
      if (changed !== text) changedFiles++;
      return changed;
    },
    writeFile: (_name, content) => {
      compiled = Uint8Array.from(Buffer.from(content));
    },
  });
  if (error !== null) throw new Error(`the chat does not compile: ${complaints.join("")}`);
  if (change !== undefined && changedFiles === 0)
    throw new Error("the change is in no file of the chat");
  return compiled;
}

/**
 * @param {Planted} planted
 * @returns {(file: string, text: string) => string} a change for {@link changedChat}
 */
export function planting({ file, from, to }) {
  const wanted = path.normalize(`assembly/${file}`);
  return (name, text) => {
    if (name !== wanted) return text;
    if (text.split(from).length !== 2) throw new Error(`${file}: "${from}" is not there once`);
    return text.replace(from, () => to);
  };
}
