/** The chat with probes and with counters on its edges; or with a fault of one's choice. */
import fs from "node:fs";
import path from "node:path";
import { PROBE_TRANSFORM } from "../sim/probed.mjs";
import { inRoot, root } from "../../scripts/lib/root.mjs";

/**
 * @typedef {object} Planted
 * @property {string} file in assembly/
 * @property {string} from what is there once
 * @property {string} to what is there instead
 */

/**
 * Compiles as the target `chat` does, with room for counters in front of the module's own data.
 * @param {typeof import("./edges.js")} edges
 * @param {Planted} [planted]
 */
export async function countingChat({ MEMORY_BASE, withCounters }, planted) {
  const asc = await import("assemblyscript/asc");
  const args = ["assembly/chat/main.ts", "--target", "chat", "--memoryBase", String(MEMORY_BASE)];
  args.push("--transform", inRoot(PROBE_TRANSFORM));
  /** @type {string[]} */
  const complaints = [];
  const told = { write: (/** @type {unknown} */ text) => complaints.push(String(text)) };
  let compiled = new Uint8Array();
  const { error } = await asc.main([...args, "--outFile", "counting.wasm"], {
    ...{ stdout: told, stderr: told, listFiles: () => [] },
    readFile(name, base) {
      const file = path.resolve(root, base, name);
      if (!fs.existsSync(file)) return null;
      const text = fs.readFileSync(file, "utf8");
      const isHurt = planted && file === path.join(root, "assembly", planted.file);
      return isHurt ? replaceOnce(text, planted) : text;
    },
    writeFile: (_name, content) => {
      compiled = Buffer.from(content);
    },
  });
  if (error !== null) throw new Error(`the chat does not compile: ${complaints.join("")}`);
  return withCounters(compiled);
}

/**
 * @param {string} text
 * @param {Planted} planted
 */
function replaceOnce(text, { file, from, to }) {
  if (text.split(from).length !== 2) throw new Error(`${file}: "${from}" is not there once`);
  return text.replace(from, to);
}
