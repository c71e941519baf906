/**
 * The process that runs a guest on Node: `node main.js MAX_MEMORY_BYTES MODULE ARGUMENT...`.
 *
 * The launcher sets these variables of the environment:
 *
 *   LISTEN_FDS   The number of listening sockets. They are the descriptors 3, 4, ...
 *   LISTEN_FROM  For each of them, separated by `;`, the networks whose clients may connect,
 *                separated by `,`. Empty: all networks.
 *   PREOPENED    A directory, as for wasmtime's --dir: `PATH::NAME`.
 *   TRACER       The path of a tracer module, which reports each call of the guest.
 *
 * The process ends as wasmtime would: with the guest's exit code, or with 134 and the reason if the
 * guest trapped. It is a process of its own so that a crash does not reach the launcher, and so
 * that the OS cleans up. It has two threads: the guest can block in one, while the other serves the
 * sockets.
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
/** The exit code by which a shell reports SIGABRT. A trap ends wasmtime by that signal. */
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
  const end = await runWorker(start, () => network.onBell());
  if ("trap" in end) process.stderr.write(`the module trapped: ${end.trap}\n`);
  await network.finish();
  return "trap" in end ? TRAP_EXIT_CODE : end.exitCode;
}

/** Parses `PATH::NAME`. Returns undefined for anything else. */
function preopened(text: string): Preopened | undefined {
  const [, directory = "", name = ""] = /^(.+)::([^:]+)$/.exec(text) ?? [];
  return directory === "" ? undefined : { path: directory, name };
}

/** Runs the guest's thread. Resolves with how the guest ended. @throws if the thread fails */
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

// By default, SIGUSR1 opens Node's debugger on a port.
process.on("SIGUSR1", () => undefined);
try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`pollcast: this is a mistake of pollcast itself\n${stack}\n`);
  process.exit(SOFTWARE_EXIT_CODE);
}
