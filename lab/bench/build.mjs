/**
 * Builds the programs and libraries of the benchmark ("parts") into build/bench/. A part is built
 * again when its sources or its command have changed.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { withLock } from "../../host/bootstrap/lock.mjs";
import { inRoot } from "../../scripts/lib/root.mjs";

const run = promisify(execFile);
const USUAL_FLAGS = ["-O2", "-std=gnu11", "-Wall", "-Werror"];
const OUTPUT_MOST_BYTES = 64 * 1024 * 1024;

/** The error for a tool that this machine lacks. Its message is one line. */
export class Missing extends Error {}

/** @param {...string} parts */
export function inCache(...parts) {
  return inRoot(path.join("build", "bench", ...parts));
}

/** @param {string} name */
function inBench(name) {
  return inRoot(path.join("lab/bench", name));
}

/**
 * @typedef {object} Part
 * @property {string} output path in the cache
 * @property {readonly string[]} sources files and folders, relative to lab/bench/
 * @property {readonly string[]} command
 * @property {Readonly<Record<string, string>>} [env]
 * @property {string} [cwd] a folder in lab/bench/
 */

/**
 * Builds a part unless it is up to date. Waits for another process that builds it.
 *
 * @param {Part} part
 * @param {(line: string) => void} say reports the progress, a line at a time
 * @returns {Promise<string>} the path of the output
 */
export async function build(part, say) {
  const output = inCache(part.output);
  const key = keyOf(part);
  if (isBuilt(output, key)) return output;
  fs.mkdirSync(path.dirname(output), { recursive: true });
  const work = async () => {
    if (!isBuilt(output, key)) await make(part, key, say);
  };
  await withLock(`${output}.lock`, work, {
    onWait: (owner) => say(`waiting for process ${owner.pid}, which is building ${part.output}`),
  });
  return output;
}

/**
 * @param {string} output the path in the cache
 * @param {string} key the hash of all that the part is built from
 */
function isBuilt(output, key) {
  const stamp = `${output}.stamp`;
  return fs.existsSync(output) && fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === key;
}

/**
 * @param {Part} part
 * @param {string} key the hash of all that the part is built from
 * @param {(line: string) => void} say reports the progress, a line at a time
 */
async function make({ output, command, cwd, env }, key, say) {
  const file = inCache(output);
  const stamp = `${file}.stamp`;
  say(`building ${output}`);
  fs.rmSync(stamp, { force: true });
  await must(command, {
    cwd: cwd === undefined ? inRoot("") : inBench(cwd),
    env: { ...process.env, ...env },
  });
  if (!fs.existsSync(file)) throw new Missing(`${command[0]} wrote no ${output}`);
  fs.writeFileSync(stamp, key);
}

/**
 * Runs a command.
 *
 * @param {readonly string[]} command
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeout?: number }} [options]
 * @returns {Promise<string>} its stdout
 * @throws {Missing} if it fails
 */
export async function must([program = "", ...words], options = {}) {
  try {
    const { stdout } = await run(program, words, { ...options, maxBuffer: OUTPUT_MOST_BYTES });
    return stdout;
  } catch (error) {
    const { code, stderr } = /** @type {{ code?: unknown, stderr?: string }} */ (error);
    if (code === "ENOENT") throw new Missing(`there is no ${program}`);
    const told = (stderr ?? "").trim().split("\n");
    const line = told.find((each) => /error/i.test(each)) ?? told[told.length - 1] ?? "";
    throw new Missing(`${program} failed: ${line.trim() || String(code)}`);
  }
}

/** @param {string} program @returns {Promise<string>} its path */
export async function found(program) {
  return (await must(["sh", "-c", `command -v ${program}`])).trim();
}

/** @param {Part} part */
function keyOf({ sources, command, env }) {
  const hash = createHash("sha256").update(JSON.stringify([command, env]));
  for (const source of sources.flatMap(filesOf))
    hash.update(source).update(fs.readFileSync(source));
  return hash.digest("hex");
}

/**
 * @param {string} name
 * @returns {string[]}
 */
function filesOf(name) {
  const file = path.resolve(inRoot("lab/bench"), name);
  if (!fs.statSync(file).isDirectory()) return [file];
  const names = fs.readdirSync(file, { recursive: true, encoding: "utf8" }).sort();
  return names.map((each) => path.join(file, each)).filter((each) => fs.statSync(each).isFile());
}

/**
 * Returns the part that gcc builds from C sources.
 *
 * @param {string} output the path in the cache
 * @param {readonly string[]} sources in lab/bench/
 * @param {string} folder the folder in lab/bench/ that contains them
 * @param {readonly string[]} [flags] additional flags
 * @returns {Part}
 */
export function gccPart(output, sources, folder, flags = []) {
  const files = sources.map(inBench);
  return {
    output,
    sources: [folder],
    command: ["gcc", ...USUAL_FLAGS, ...flags, ...files, "-o", inCache(output)],
  };
}

const LOAD = [
  "beside",
  "figures",
  "latency",
  "line",
  "main",
  "nodelay",
  "setup",
  "socket",
  "stream",
  "talk",
];

export const generator = gccPart(
  "load",
  LOAD.map((name) => `load/${name}.c`),
  "load",
);
export const starter = gccPart("start", ["peers/c/start.c"], "peers/c");
/** @param {"epoll" | "poll"} name */
export const cPeer = (name) => gccPart(name, [`peers/c/${name}.c`, "peers/c/chat.c"], "peers/c");
/** A library to preload: it sets TCP_NODELAY on each connection that a program accepts. */
export const noDelay = gccPart("nodelay.so", ["peers/c/nodelay.c"], "peers/c", [
  "-shared",
  "-fPIC",
]);
