/** Asks the chat's module about options, not serving: a kernel in memory will do. */
import fs from "node:fs";
import { messageOf, UserError } from "../base/errors.js";
import type { Outcome } from "../../runtime/outcome.js";
import { runGuest } from "../../runtime/run.js";
import { VirtualKernel } from "../../../lab/world/kernel.js";
import { World } from "../../../lab/world/world.js";
import { Wasm } from "../../runtime/webassembly.js";

/**
 * @param file the module
 * @param args some of its options
 * @returns all of its options as JSON, or in one line why it refuses those
 * @throws UserError if the file is missing, half written, or no such module
 */
export function askModule(
  file: string,
  args: readonly string[],
): { options: string } | { mistake: string } {
  const world = new World({ seed: 1 });
  const [stdin, stdout, stderr] = [world.input("null"), world.output(), world.output()];
  const kernel = new VirtualKernel(world, { dialect: "exact", stdin, stdout, stderr });
  const outcome = run(file, kernel, ["chat.wasm", ...args, "--describe-options"]);
  if (outcome.kind === "exit" && outcome.exitCode === 0) return { options: stdout.text };
  return {
    mistake:
      stderr.text.replace(/^chat: /, "").trim() || `${file} ends with ${JSON.stringify(outcome)}`,
  };
}

function run(file: string, kernel: VirtualKernel, args: readonly string[]): Outcome {
  try {
    return runGuest(new Wasm.Module(fs.readFileSync(file)), kernel, { args });
  } catch (error) {
    throw new UserError("E_NOT_BUILT", `${file} cannot be used (${messageOf(error)})`);
  }
}
