/** The thread of ask_module.ts. A kernel in memory will do, as nothing is served. */
import { parentPort, workerData } from "node:worker_threads";
import { runGuest } from "../../runtime/run.js";
import { VirtualKernel } from "../../../lab/world/kernel.js";
import { World } from "../../../lab/world/world.js";
import { Wasm } from "../../runtime/webassembly.js";
import { messageOf } from "../base/errors.js";
import { readPlainFile } from "../base/plain_file.js";
import type { ModuleAnswer } from "./ask_module.js";

/** More than any module of ours has. */
const MODULE_BYTES_MOST = 64 * 1024 * 1024;

function ask(file: string, args: readonly string[]): ModuleAnswer | { unusable: string } {
  const world = new World({ seed: 1 });
  const [stdin, stdout, stderr] = [world.input("null"), world.output(), world.output()];
  const kernel = new VirtualKernel(world, { dialect: "exact", stdin, stdout, stderr });
  try {
    const module = new Wasm.Module(readPlainFile(file, MODULE_BYTES_MOST));
    const words = ["chat.wasm", ...args, "--describe-options"];
    const outcome = runGuest(module, kernel, { args: words });
    if (outcome.kind === "exit" && outcome.exitCode === 0) return { options: stdout.text };
    const said = stderr.text.replace(/^chat: /, "").trim();
    return { mistake: said || `${file} ends with ${JSON.stringify(outcome)}` };
  } catch (error) {
    return { unusable: messageOf(error) };
  }
}

const { file, args } = workerData as { file: string; args: readonly string[] };
parentPort?.postMessage(ask(file, args));
