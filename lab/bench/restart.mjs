/**
 * Measures how long no client is served after the module is killed, until the launcher has
 * restarted it.
 */
import { spawn } from "node:child_process";
import fs from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { inRoot } from "../../scripts/lib/root.mjs";

const LISTENING = /listening on \S*:(\d+)/;
const WAIT_MS = 30_000;
/** After this time, the launcher does not take an end for an early death. */
const SERVES_MS = 300;

/** @param {string} wasmtime @returns {Promise<number>} milliseconds */
export async function restart(wasmtime) {
  const launcher = spawn(
    process.execPath,
    [inRoot("bin/pollcast.mjs"), "serve", "--port", "0", "--wasmtime", wasmtime],
    { stdio: ["pipe", "ignore", "pipe"], env: { ...process.env, npm_lifecycle_event: "bench" } },
  );
  const ended = new Promise((resolve) => launcher.once("exit", resolve).once("error", resolve));
  try {
    const port = await portOf(launcher);
    await served(port);
    await sleep(SERVES_MS);
    const children = `/proc/${launcher.pid ?? 0}/task/${launcher.pid ?? 0}/children`;
    const guest = Number(fs.readFileSync(children, "utf8").trim().split(" ")[0]);
    const start = performance.now();
    process.kill(guest, "SIGKILL");
    await served(port);
    return performance.now() - start;
  } finally {
    launcher.kill("SIGTERM");
    await ended;
  }
}

/** @param {import("node:child_process").ChildProcess} launcher @returns {Promise<number>} */
function portOf(launcher) {
  return within("the launcher did not listen", (resolve, reject) => {
    let log = "";
    launcher.stderr?.setEncoding("utf8").on("data", (text) => {
      log = (log + String(text)).slice(-4096);
      const port = LISTENING.exec(log)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    launcher.once("exit", () => reject(new Error(`the launcher ended: ${log.trim()}`)));
    launcher.once("error", reject);
  });
}

/**
 * Connects a new client, which sends a line and waits for it.
 *
 * @param {number} port
 * @returns {Promise<void>}
 */
function served(port) {
  return within("nobody was served", (resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let heard = "";
    socket.setEncoding("utf8").on("data", (text) => {
      heard += String(text);
      if (!/: hello\n/.test(heard)) return;
      socket.destroy();
      resolve();
    });
    socket.on("error", reject);
    socket.write("hello\n");
  });
}

/**
 * @template Value
 * @param {string} complaint the error's message after the timeout
 * @param {ConstructorParameters<typeof Promise<Value>>[0]} work
 * @returns {Promise<Value>}
 */
async function within(complaint, work) {
  const late = sleep(WAIT_MS, undefined, { ref: false }).then(() => {
    throw new Error(complaint);
  });
  return Promise.race([new Promise(work), late]);
}
