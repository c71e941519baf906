/** The guest's thread: runs one module until it ends, and posts the exit code or the trap. */
import fs from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { pathToFileURL } from "node:url";
import type { Kernel } from "../kernel.js";
import { runGuest, type RunOptions } from "../run.js";
import { Wasm } from "../webassembly.js";
import { NodeKernel } from "./kernel.js";
import type { WorkerNote, WorkerStart } from "./protocol.js";
import { RingReader, RingWriter } from "./ring.js";

/**
 * The exports of a tracer module, see lab/explore/traced.ts. `traced` wraps the kernel so that each
 * call is reported as a line.
 */
interface TracerModule {
  traced: (
    kernel: Kernel,
    tell: (line: string) => void,
    language: string,
  ) => Pick<RunOptions, "trace"> & { kernel: Kernel };
}

const STDERR = 2;
const start = workerData as WorkerStart;
const { module, args, listeners, directory, tracer, toGuest, toNetwork } = start;

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
const watched = tracer === undefined ? { kernel } : await tracedBy(tracer);
const outcome = runGuest(new Wasm.Module(module), watched.kernel, { args, ...watched });
if (outcome.kind === "exit") tell({ exitCode: outcome.exitCode });
else tell({ trap: outcome.kind === "trap" ? outcome.trap : outcome.detail });

/**
 * Wraps the kernel with a tracer. Lines go to stderr directly, past the guest's own output, which
 * may be waiting in a window.
 */
async function tracedBy(file: string): Promise<ReturnType<TracerModule["traced"]>> {
  const { traced } = (await import(pathToFileURL(file).href)) as TracerModule;
  return traced(kernel, (line) => fs.writeSync(STDERR, `${line}\n`), "en");
}
