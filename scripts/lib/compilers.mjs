/**
 * Runs asc in threads, so that as many programs are compiled at once as there are processors. It
 * uses the API of asc, which reports the files that a program reads. Outputs appear whole.
 */
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { writeWhole } from "../../host/bootstrap/stamp.mjs";
import { root } from "./root.mjs";

/** Each thread needs half a gigabyte of memory. */
const THREADS_MOST = 4;

/**
 * @typedef {object} Compiled
 * @property {string} [error] the error, in one line
 * @property {string[]} inputs the files that were read, relative to the package
 * @property {string[]} outputs the files that were written
 */

export class Compilers {
  /** @type {Worker[]} */
  #all = [];
  /** @type {Worker[]} */
  #idle = [];
  /** @type {((worker: Worker) => void)[]} */
  #waiting = [];

  /**
   * Runs asc with these arguments, once a thread is free.
   * @param {string[]} words
   * @returns {Promise<Compiled>}
   */
  async compile(words) {
    const worker = await this.#free();
    worker.postMessage(words);
    const [compiled] = /** @type {[Compiled]} */ (await once(worker, "message"));
    const next = this.#waiting.shift();
    if (next !== undefined) next(worker);
    else this.#idle.push(worker);
    return compiled;
  }

  async close() {
    await Promise.all(this.#all.map((worker) => worker.terminate()));
  }

  /** @returns {Promise<Worker>} */
  async #free() {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#all.length < Math.min(os.availableParallelism(), THREADS_MOST)) {
      const worker = new Worker(new URL(import.meta.url));
      this.#all.push(worker);
      return worker;
    }
    return new Promise((resolve) => void this.#waiting.push(resolve));
  }
}

/**
 * @param {string[]} words
 * @returns {Promise<Compiled>}
 */
async function compile(words) {
  /** @type {Set<string>} */
  const inputs = new Set();
  /** @type {string[]} */
  const outputs = [];
  const asc = await import("assemblyscript/asc");
  const { error } = await asc.main(words, {
    stdout: process.stderr,
    stderr: process.stderr,
    readFile(name, base) {
      const file = path.resolve(root, base, name);
      inputs.add(path.relative(root, file));
      return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : null;
    },
    writeFile(name, content, base) {
      const file = path.resolve(root, base, name);
      outputs.push(path.relative(root, file));
      writeWhole(file, content);
    },
    listFiles: () => [],
  });
  return { ...(error ? { error: error.message } : {}), inputs: [...inputs], outputs };
}

if (!isMainThread && parentPort !== null) {
  const port = parentPort;
  port.on("message", (/** @type {string[]} */ words) => {
    // Without this, the caller would wait for ever for a thread that has died.
    const failed = (/** @type {unknown} */ error) => ({
      ...{ error: String(error), inputs: [], outputs: [] },
    });
    void compile(words)
      .catch(failed)
      .then((compiled) => port.postMessage(compiled));
  });
}
