/** Asks the chat's module about options, not serving: a kernel in memory will do. */
import fs from "node:fs";
import { runGuest } from "../wasi/run.js";
import { VirtualKernel } from "../wasi/virtual/kernel.js";
import { World } from "../wasi/virtual/world.js";
import { Wasm } from "../wasi/webassembly.js";

/**
 * @param file the module
 * @param args some of its options
 * @returns all of its options as JSON, or in one line why it refuses those
 */
export function askModule(
  file: string,
  args: readonly string[],
): { options: string } | { mistake: string } {
  const world = new World({ seed: 1 });
  const [stdin, stdout, stderr] = [world.input("null"), world.output(), world.output()];
  const kernel = new VirtualKernel(world, { dialect: "exact", stdin, stdout, stderr });
  const module = new Wasm.Module(fs.readFileSync(file));
  const outcome = runGuest(module, kernel, { args: ["chat.wasm", ...args, "--describe-options"] });
  if (outcome.kind === "exit" && outcome.exitCode === 0) return { options: stdout.text };
  return {
    mistake:
      stderr.text.replace(/^chat: /, "").trim() || `${file} ends with ${JSON.stringify(outcome)}`,
  };
}
