/** Asks the chat's module about options, in a thread that is ended if it does not answer. */
import path from "node:path";
import { Worker } from "node:worker_threads";
import { UserError } from "../base/errors.js";
import { packageRoot } from "../base/programs.js";

/** For an answer that takes a twentieth of a second, in milliseconds. */
const ANSWER_WAIT_MS = 10_000;
/** Compiled, as this may be running under a test runner. */
const THREAD = path.join(packageRoot, "dist/host/launcher/options/ask_thread.js");

/** All of a module's options as JSON, or in one line why it refuses some. */
export type ModuleAnswer = { options: string } | { mistake: string };

/**
 * @param file the module
 * @param args some of its options
 * @throws UserError if the file is missing, half written, no such module, or gives no answer
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
