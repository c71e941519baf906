/**
 * Asks the chat's module for its options, or if it accepts given options. It runs the module in a
 * thread, and ends the thread if no answer comes.
 */
import path from "node:path";
import { Worker } from "node:worker_threads";
import { UserError } from "../base/errors.js";
import { packageRoot } from "../base/programs.js";

/** The timeout for an answer in milliseconds. An answer usually takes 50 ms. */
const ANSWER_WAIT_MS = 10_000;
/** The compiled file, because the caller may be TypeScript under a test runner. */
const THREAD = path.join(packageRoot, "dist/host/launcher/options/ask_thread.js");

/**
 * The answer: all options as JSON; or one line with the reason why the module refuses the
 * arguments.
 */
export type ModuleAnswer = { options: string } | { mistake: string };

/**
 * Runs the module with `args` and `--describe-options`.
 *
 * @param file the path of the module
 * @param args options to be checked by the module
 * @throws UserError if the file is missing, is not a chat module, or gives no answer in time
 */
export async function askModule(file: string, args: readonly string[]): Promise<ModuleAnswer> {
  const thread = new Worker(THREAD, { workerData: { file, args }, env: {}, execArgv: [] });
  let timer: NodeJS.Timeout | undefined;
  const late = `no answer within ${ANSWER_WAIT_MS / 1000} s`;
  try {
    const heard = await new Promise<ModuleAnswer | { unusable: string }>((resolve) => {
      thread.once("message", resolve);
      thread.once("error", (error) => resolve({ unusable: error.message }));
      timer = setTimeout(() => resolve({ unusable: late }), ANSWER_WAIT_MS);
    });
    if (!("unusable" in heard)) return heard;
    throw new UserError("E_NOT_BUILT", `${file} cannot be used (${heard.unusable})`);
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}
