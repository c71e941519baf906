/** Asks the chat's module about its options, without serving. */
import fs from "node:fs";
import { messageOf, UserError } from "../base/errors.js";
import type { Outcome } from "../../runtime/outcome.js";
import { runGuest } from "../../runtime/run.js";
import { AskingKernel } from "./asking_kernel.js";
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
  const kernel = new AskingKernel();
  const outcome = run(file, kernel, ["chat.wasm", ...args, "--describe-options"]);
  if (outcome.kind === "exit" && outcome.exitCode === 0) return { options: kernel.stdout.text };
  return {
    mistake:
      kernel.stderr.text.replace(/^chat: /, "").trim() ||
      `${file} ends with ${JSON.stringify(outcome)}`,
  };
}

function run(file: string, kernel: AskingKernel, args: readonly string[]): Outcome {
  try {
    return runGuest(new Wasm.Module(fs.readFileSync(file)), kernel, { args });
  } catch (error) {
    throw new UserError("E_NOT_BUILT", `${file} cannot be used (${messageOf(error)})`);
  }
}
