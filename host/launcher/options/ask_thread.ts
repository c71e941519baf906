/** The thread of ask_module.ts: runs the module over a kernel without sockets and files. */
import { parentPort, workerData } from "node:worker_threads";
import { runGuest } from "../../runtime/run.js";
import { Wasm } from "../../runtime/webassembly.js";
import { messageOf } from "../base/errors.js";
import { readPlainFile } from "../base/plain_file.js";
import { AskingKernel } from "./asking_kernel.js";
import type { ModuleAnswer } from "./ask_module.js";

/** The largest size of a module in bytes. The modules of this package are much smaller. */
const MODULE_BYTES_MOST = 64 * 1024 * 1024;

function ask(file: string, args: readonly string[]): ModuleAnswer | { unusable: string } {
  const kernel = new AskingKernel();
  try {
    const module = new Wasm.Module(readPlainFile(file, MODULE_BYTES_MOST));
    const words = ["chat.wasm", ...args, "--describe-options"];
    const outcome = runGuest(module, kernel, { args: words });
    if (outcome.kind === "exit" && outcome.exitCode === 0) return { options: kernel.stdout.text };
    const said = kernel.stderr.text.replace(/^chat: /, "").trim();
    return { mistake: said || `${file} ends with ${JSON.stringify(outcome)}` };
  } catch (error) {
    return { unusable: messageOf(error) };
  }
}

const { file, args } = workerData as { file: string; args: readonly string[] };
parentPort?.postMessage(ask(file, args));
