/**
 * `npm run bench -- --scenario IRC`: pollcast beside other IRC servers, in interleaved runs. Each
 * server runs on one core, the load generator on another.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { inRoot } from "../../../scripts/lib/root.mjs";
import { say } from "../../../scripts/lib/run.mjs";
import { Missing } from "../build.mjs";
import { answers, chooseCores } from "../measure.mjs";
import { reportOf } from "./report.mjs";
import { IRC_SERVERS } from "./servers.mjs";

/** @typedef {import("./load.mjs").IrcFound} IrcFound */
/** @typedef {import("./report.mjs").Row} Row */

const run = promisify(execFile);
const RUN_WAIT_MS = 240_000;

/** @type {readonly Row[]} */
const ROWS = [
  {
    about: "100 users in a channel, 10 send 1,000 lines/s",
    load: { users: 100, channels: 1, senders: 10, rate: 1000, seconds: 2 },
  },
  {
    about: "1,000 users in a channel, 10 send 100 lines/s",
    load: { users: 1000, channels: 1, senders: 10, rate: 100, seconds: 2 },
  },
  {
    about: "1,000 users in 100 channels, one in each sends, 2,000 lines/s in all",
    load: { users: 1000, channels: 100, senders: 1, rate: 2000, seconds: 2 },
  },
];

/** @param {{ runs: number, out: string }} request */
export async function measureIrc({ runs, out }) {
  const cores = chooseCores();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pollcast-irc-"));
  /** @type {Map<string, import("./servers.mjs").Command>} */
  const commands = new Map();
  for (const server of IRC_SERVERS) {
    try {
      commands.set(server.name, await server.prepare(say));
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      say(`${server.name} is left out: ${error.message}`);
    }
  }
  /** @type {import("./report.mjs").Results} */
  const results = new Map();
  try {
    for (const row of ROWS) {
      say(row.about);
      /** @type {Map<string, (IrcFound | string)[]>} */
      const found = new Map();
      results.set(row, found);
      for (let turn = 0; turn < runs; turn++) {
        const names = [...commands.keys()];
        // Another server begins in each round.
        for (let i = 0; i < names.length; i++) {
          const name = names[(turn + i) % names.length] ?? "";
          const command = commands.get(name);
          if (command === undefined) continue;
          const one = await measured(command, row.load, cores, folder);
          if (typeof one === "string") say(`${name}: ${one}`);
          found.set(name, [...(found.get(name) ?? []), one]);
        }
      }
      // An interrupted benchmark leaves what it has.
      fs.writeFileSync(out, await reportOf(results, runs));
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  process.stdout.write(fs.readFileSync(out, "utf8"));
}

/**
 * @param {import("./servers.mjs").Command} command
 * @param {Row["load"]} load
 * @param {import("../measure.mjs").Cores} cores
 * @param {string} folder for the server's files
 * @returns {Promise<IrcFound | string>} a string: why it failed
 */
async function measured(command, load, cores, folder) {
  const port = await freePort();
  const words = ["-c", String(cores.server), ...command(port, folder)];
  const server = spawn("taskset", words, { stdio: ["pipe", "ignore", "ignore"], cwd: folder });
  const ended = new Promise((resolve) => server.once("exit", resolve).once("error", resolve));
  try {
    await answers(port);
    const argument = JSON.stringify({ ...load, port, pid: server.pid });
    const generator = [process.execPath, inRoot("lab/bench/irc/load.mjs"), argument];
    const { stdout } = await run("taskset", ["-c", String(cores.generator), ...generator], {
      timeout: RUN_WAIT_MS,
    });
    return /** @type {IrcFound} */ (JSON.parse(stdout));
  } catch (error) {
    const { stderr, message } = /** @type {{ stderr?: string, message: string }} */ (error);
    return (stderr ?? "").trim().split("\n").at(-1) || message;
  } finally {
    server.kill("SIGKILL");
    await ended;
  }
}

/** @returns {Promise<number>} a port of loopback that no program has */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  server.close();
  await once(server, "close");
  return port;
}
