/** The guest's thread: runs one module to its end, and says how it ended. */
import { parentPort, workerData } from "node:worker_threads";
import { runGuest } from "../run.js";
import { Wasm } from "../webassembly.js";
import { NodeKernel } from "./kernel.js";
import type { WorkerNote, WorkerStart } from "./protocol.js";
import { RingReader, RingWriter } from "./ring.js";

const { module, args, listeners, directory, toGuest, toNetwork } = workerData as WorkerStart;

function tell(note: WorkerNote): void {
  parentPort?.postMessage(note);
}

const kernel = new NodeKernel({
  incoming: new RingReader(toGuest),
  outgoing: new RingWriter(toNetwork),
  ring: () => tell("bell"),
  listeners,
  directory,
});
const outcome = runGuest(new Wasm.Module(module), kernel, { args });
if (outcome.kind === "exit") tell({ exitCode: outcome.exitCode });
else tell({ trap: outcome.kind === "trap" ? outcome.trap : outcome.detail });
