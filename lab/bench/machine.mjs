/** The machine and the tools that the benchmark was run with. */
import fs from "node:fs";
import os from "node:os";
import { must } from "./build.mjs";
import { ensureComponentWasmtime, ensureWasmtime } from "./ours.mjs";

const GIB = 1024 ** 3;

/** @type {readonly [name: string, command: readonly string[]][]} */
const TOOLS = [
  ["gcc", ["gcc", "--version"]],
  ["rustc", ["rustc", "--version"]],
  ["go", ["go", "version"]],
  ["python", ["python3", "--version"]],
];

/** @returns {Promise<[what: string, value: string][]>} */
export async function machine() {
  const [cpu] = os.cpus();
  const memory = `${(os.totalmem() / GIB).toFixed(0)} GiB`;
  /** @type {[string, string][]} */
  const told = [
    ["machine", `${os.availableParallelism()} cores, ${cpu?.model ?? "unknown"}, ${memory}`],
    ["kernel", `${os.type()} ${os.release()}`],
    ["node", process.version],
    ["wasmtime, of the module", await wasmtimeVersion(ensureWasmtime)],
    ["wasmtime, of the component", await wasmtimeVersion(ensureComponentWasmtime)],
  ];
  for (const [name, command] of TOOLS) told.push([name, await versionOf(command)]);
  return told;
}

/** @param {typeof ensureWasmtime} ensure */
async function wasmtimeVersion(ensure) {
  const wasmtime = await ensure(() => undefined).catch(() => "none");
  return versionOf([wasmtime, "--version"]);
}

/** @param {readonly string[]} command */
async function versionOf(command) {
  try {
    return (await must(command)).split("\n")[0] ?? "";
  } catch {
    return "none";
  }
}

/** Returns the load average of the last minute. */
export function loadNow() {
  return Number(fs.readFileSync("/proc/loadavg", "utf8").split(" ")[0]);
}
