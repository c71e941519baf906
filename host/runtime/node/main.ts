/**
 * A guest on Node, as a process of its own: `node main.js MAX_MEMORY_BYTES MODULE ARGUMENT...`,
 * with LISTEN_FDS listening sockets at 3, 4, ..., and in LISTEN_FROM, for each of them (`;`), the
 * networks that may connect (`,`), or nothing: all; in PREOPENED a directory, as wasmtime's --dir
 * has it: `PATH::NAME`; in TRACER, what tells each call. It ends as wasmtime would: with
 * the guest's exit code, or 134 and the reason if it trapped.
 *
 * A process, so that the launcher outlives whatever happens here, and its clean-up is the
 * system's; two threads, so that the guest can wait while the sockets are served.
 */
import fs from "node:fs";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { networkList } from "./networks.js";
import { MemoryTooSmall, withMemoryLimit } from "./memory_limit.js";
import { Network } from "./network.js";
import { RING_BYTES, type Preopened, type WorkerNote, type WorkerStart } from "./protocol.js";
import { createRing, RingReader, RingWriter } from "./ring.js";

/** EX_SOFTWARE of sysexits.h. */
const SOFTWARE_EXIT_CODE = 70;
/** As a shell reports SIGABRT, which is what a trap does to wasmtime. */
const TRAP_EXIT_CODE = 134;
const FIRST_LISTENER_FD = 3;

async function main([maxMemory = "", file = "", ...rest]: readonly string[]): Promise<number> {
  const listeners = Number(process.env["LISTEN_FDS"] ?? "0");
  const allowed = (process.env["LISTEN_FROM"] ?? "").split(";");
  const listeningSockets = Array.from({ length: listeners }, (_, at) => ({
    fd: FIRST_LISTENER_FD + at,
    allows: allowed[at] ? networkList(allowed[at].split(",")) : () => true,
  }));
  let module: Uint8Array;
  try {
    module = withMemoryLimit(fs.readFileSync(file), Number(maxMemory));
  } catch (error) {
    if (!(error instanceof MemoryTooSmall)) throw error;
    process.stderr.write(`${error.message}\n`);
    return SOFTWARE_EXIT_CODE;
  }
  const [toGuest, toNetwork] = [createRing(RING_BYTES), createRing(RING_BYTES)];
  const network = new Network(
    new RingReader(toNetwork),
    new RingWriter(toGuest),
    listeningSockets,
    process.stdin,
    [process.stdout, process.stderr],
  );
  network.start();
  const args = [path.basename(file), ...rest];
  const directory = preopened(process.env["PREOPENED"] ?? "");
  const tracer = process.env["TRACER"];
  const start: WorkerStart = { module, args, listeners, directory, tracer, toGuest, toNetwork };
  const end = await runWorker(start, () => network.rung());
  if ("trap" in end) process.stderr.write(`the module trapped: ${end.trap}\n`);
  await network.finish();
  return "trap" in end ? TRAP_EXIT_CODE : end.exitCode;
}

function preopened(text: string): Preopened | undefined {
  const [, directory = "", name = ""] = /^(.+)::([^:]+)$/.exec(text) ?? [];
  return directory === "" ? undefined : { path: directory, name };
}

async function runWorker(start: WorkerStart, onBell: () => void) {
  const worker = new Worker(new URL("./worker.js", import.meta.url), {
    env: {},
    stdin: false,
    workerData: start,
  });
  return new Promise<Exclude<WorkerNote, "bell">>((resolve, reject) => {
    worker.on("message", (note: WorkerNote) => {
      if (note === "bell") onBell();
      else resolve(note);
    });
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`the guest's thread ended with ${code}`)));
  });
}

// It would open a debugger's door.
process.on("SIGUSR1", () => undefined);
try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`pollcast: this is a mistake of pollcast itself\n${stack}\n`);
  process.exit(SOFTWARE_EXIT_CODE);
}
