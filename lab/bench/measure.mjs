/** One run of the benchmark: a server on one core, the load generator on another. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { connect } from "node:net";
import os from "node:os";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { inCache } from "./build.mjs";

const run = promisify(execFile);

/** A server that does not listen after this time has failed. */
const START_WAIT_MS = 10_000;
const LOOK_INTERVAL_MS = 20;
/** After its window, the generator ends by itself long before this. */
const RUN_WAIT_MS = 120_000;
const EXIT_INTERRUPTED = 130;
/** The bytes kept of a server's log, for the line that says why it failed. */
const LOG_BYTES = 2_000;

/**
 * @typedef {object} Faults
 * @property {number} lost
 * @property {number} doubled
 * @property {number} disordered
 * @property {number} damaged
 * @property {number} closed
 * @property {number} refused
 */

/**
 * The generator's output (load/main.c).
 *
 * @typedef {object} Found
 * @property {number} seconds of the measured window
 * @property {number} deliveries
 * @property {number} deliveriesPerSecond
 * @property {number} serverCpuSeconds
 * @property {number} ownCpuSeconds of the generator, without its idle polling
 * @property {number} otherCpuSeconds CPU time of all other processes
 * @property {number} p50Us
 * @property {number} p99Us
 * @property {number} maxUs
 * @property {number} setupSeconds until all clients were connected and in their rooms
 * @property {number} setupCpuSeconds
 * @property {number} rssStart
 * @property {number} rssIn
 * @property {number} rssEnd
 * @property {number} guestStart the part of rssStart that is a module's own memory
 * @property {number} guestEnd
 * @property {-1 | 0 | 1} noDelay 1 if the server's connections have TCP_NODELAY; -1 if unknown
 * @property {number} said
 * @property {number} sharing
 * @property {number} churned
 * @property {number} churnFailed
 * @property {number} silentClosed
 * @property {Faults} faults
 */

/** @typedef {{ server: number, generator: number }} Cores */

/** Returns the first two cores that this process may use. @returns {Cores} */
export function chooseCores() {
  const status = fs.readFileSync("/proc/self/status", "utf8");
  const list = /^Cpus_allowed_list:\s+(\S+)/m.exec(status)?.[1] ?? "0";
  const cores = list.split(",").flatMap((part) => {
    const [first = 0, last = first] = part.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
  const [generator = 0, server = generator] = cores;
  return { generator, server };
}

/** Waits until a server listens on a port. @param {number} port */
export async function answers(port) {
  const deadline = performance.now() + START_WAIT_MS;
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    const [event] = await Promise.race([
      once(socket, "connect").then(() => ["connect"]),
      once(socket, "close").then(() => ["close"]),
    ]).catch(() => ["error"]);
    socket.on("error", () => undefined).destroy();
    if (event === "connect") return;
    if (performance.now() > deadline) throw new Error("the server did not listen");
    await sleep(LOOK_INTERVAL_MS);
  }
}

/**
 * @param {readonly string[]} command the server's command, for peers/c/start.c
 * @param {Readonly<Record<string, string | number>>} load
 * @param {Cores} cores
 * @param {string} [log] the file for the server's log
 * @param {(pid: number) => Promise<() => Promise<void>>} [watch] starts an observer of the server,
 *   and returns a function that ends it
 * @returns {Promise<Found>}
 */
export async function measure(command, load, cores, log = os.devNull, watch) {
  const sink = fs.openSync(log, "w");
  const server = spawn(inCache("start"), [String(cores.server), ...command], {
    stdio: ["ignore", "pipe", sink],
  });
  fs.closeSync(sink);
  const ended = new Promise((resolve) => server.once("exit", resolve).once("error", resolve));
  // The generator ends by itself; the server would not.
  const stop = () => {
    server.kill("SIGKILL");
    process.exit(EXIT_INTERRUPTED);
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    const port = await portOf(server);
    if (command.some((word) => word.includes("{port}"))) await answers(port);
    const words = Object.entries({ ...load, port, pid: server.pid ?? 0 });
    const options = { timeout: Number(load["seconds"] ?? 0) * 1000 + RUN_WAIT_MS };
    const unwatch = await watch?.(server.pid ?? 0);
    const { stdout } = await run(
      "taskset",
      [
        "-c",
        String(cores.generator),
        inCache("load"),
        ...words.map(([key, value]) => `${key}=${value}`),
      ],
      options,
    ).finally(unwatch);
    if (server.exitCode !== null || server.signalCode !== null)
      throw new Error(
        `the server ended with ${server.signalCode ?? `code ${server.exitCode ?? 0}`}`,
      );
    return /** @type {Found} */ (JSON.parse(stdout));
  } catch (error) {
    const said = log === os.devNull ? "" : fs.readFileSync(log, "utf8").slice(-LOG_BYTES);
    const last = said.trimEnd().replace(/^[^]*\n/, "");
    throw new Error(`${reasonOf(error)}${last === "" ? "" : `; its log ends: ${last}`}`, {
      cause: error,
    });
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
    server.kill("SIGKILL");
    await ended;
  }
}

/** @param {unknown} error */
function reasonOf(error) {
  const { stderr, message } = /** @type {{ stderr?: string, message?: string }} */ (error);
  return (stderr ?? "").trim() || (message ?? String(error));
}

/** @param {import("node:child_process").ChildProcess} server */
async function portOf(server) {
  if (server.stdout === null) throw new Error("the server's output is no pipe");
  const lines = createInterface({ input: server.stdout });
  /** @type {Promise<number>} */
  const told = new Promise((resolve, reject) => {
    lines.once("line", (line) => resolve(Number(line)));
    lines.once("close", () => reject(new Error("the server could not be started")));
    server.once("error", reject);
  });
  const late = sleep(START_WAIT_MS, undefined, { ref: false }).then(() => {
    throw new Error("the server did not listen");
  });
  return Promise.race([told, late]);
}
