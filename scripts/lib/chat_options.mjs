/** Asks the chat's module which options it has; a kernel in memory is all that this needs. */
import fs from "node:fs";
import { Failed } from "./run.mjs";

const dist = (/** @type {string} */ name) => String(new URL(`../../dist/${name}`, import.meta.url));

/**
 * @param {string} file the module
 * @returns {Promise<string>} JSON
 */
export async function describeOptions(file) {
  const { runGuest } = /** @type {typeof import("../../host/wasi/run.js")} */ (
    await import(dist("wasi/run.js"))
  );
  const { VirtualKernel } = /** @type {typeof import("../../host/wasi/virtual/kernel.js")} */ (
    await import(dist("wasi/virtual/kernel.js"))
  );
  const { World } = /** @type {typeof import("../../host/wasi/virtual/world.js")} */ (
    await import(dist("wasi/virtual/world.js"))
  );
  const world = new World({ seed: 1 });
  const [stdin, stdout, stderr] = [world.input("null"), world.output(), world.output()];
  const kernel = new VirtualKernel(world, { dialect: "exact", stdin, stdout, stderr });
  const args = ["chat.wasm", "--describe-options"];
  const module = await WebAssembly.compile(fs.readFileSync(file));
  const outcome = runGuest(module, kernel, { args });
  if (outcome.kind === "exit" && outcome.exitCode === 0) return stdout.text;
  throw new Failed(`${file} does not say its options: ${JSON.stringify(outcome)} ${stderr.text}`);
}
