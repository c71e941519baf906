/**
 * Builds all outputs that are not up to date, in parallel: modules and components with asc, the
 * host with tsc. An output is built again only if a file that it was made from has changed. Each
 * output is replaced as a whole, since a test may run a module meanwhile.
 */
import fs from "node:fs";
import path from "node:path";
import { lock } from "../../host/bootstrap/lock.mjs";
import {
  CHAT_OPTIONS_FILE,
  componentEntry,
  componentPath,
  corePath,
  modulePath,
  PROGRAMS,
  stampPath,
} from "../../host/bootstrap/programs.mjs";
import { staleness, writeStamp, writeWhole } from "../../host/bootstrap/stamp.mjs";
import { describeOptions } from "./chat_options.mjs";
import { Compilers } from "./compilers.mjs";
import {
  COMPONENT_MAKER,
  COMPONENT_TOOLS,
  componentOf,
  EXPORT_TRANSFORM,
  WORLD_FILE,
} from "./component.mjs";
import { inRoot, root } from "./root.mjs";
import { Failed, mustRun, say } from "./run.mjs";

/** The folders that are compiled into dist/. Of the lab, only two folders are shipped. */
const COMPILED = ["host", "lab"];
const CONFIGURATIONS = ["tsconfig.json", "host/tsconfig.json", "lab/tsconfig.json"];
const HOST_STAMP = stampPath("host");

/**
 * Builds everything. If another process is building, waits for it first.
 * @param {{ debug?: boolean, components?: boolean, only?: string }} [options] `debug: false` leaves
 * the debug modules out, which the server does not need; `components: false` leaves the components
 * out, and removes those that are out of date; `only` names a program: the others are left out
 */
export async function build({ debug = true, components = true, only } = {}) {
  const unlock = await lock(inRoot("build/.lock"), {
    onWait: (owner) => say(`waiting for process ${owner.pid}, which is building`),
  });
  const compilers = new Compilers();
  try {
    const programs = PROGRAMS.filter(({ name }) => only === undefined || name === only);
    const host = buildHost();
    const built = await Promise.allSettled([
      host,
      ...programs.flatMap((program) => [
        buildModule(program, false, compilers, host),
        buildComponent(program, components ? compilers : undefined),
        ...(debug ? [buildModule(program, true, compilers, host)] : []),
      ]),
    ]);
    const failed = built.filter((one) => one.status === "rejected").map(({ reason }) => reason);
    const unforeseen = failed.find((reason) => !(reason instanceof Failed));
    if (unforeseen !== undefined) throw unforeseen;
    const messages = new Set(failed.map(({ message }) => message));
    if (messages.size > 0) throw new Failed([...messages].join("; "));
  } finally {
    await compilers.close();
    unlock();
  }
}

/**
 * @param {import("../../host/bootstrap/programs.mjs").Program} program
 * @param {boolean} debug
 * @param {Compilers} compilers
 * @param {Promise<void>} host the build of the host; it asks the chat for its options
 */
async function buildModule(program, debug, compilers, host) {
  const target = debug ? `${program.target}-debug` : program.target;
  const stamp = inRoot(stampPath(target));
  const key = versionOf("assemblyscript");
  if (staleness(root, stamp, key) === undefined) return;

  const expected = modulePath(program, debug);
  say(`building ${expected}`);
  fs.rmSync(stamp, { force: true });
  const { inputs, outputs } = await compiled(compilers, [program.entry, "--target", target]);
  if (!outputs.includes(expected))
    throw new Failed(`asconfig.json: target ${target} does not write ${expected}`);
  if (target === "chat") {
    await host;
    writeWhole(inRoot(CHAT_OPTIONS_FILE), await describeOptions(inRoot(expected)));
    outputs.push(CHAT_OPTIONS_FILE);
  }
  writeStamp(root, stamp, { outputs, inputs, key });
}

/**
 * Compiles a program's entry file for components, and wraps the core module as a component.
 * @param {import("../../host/bootstrap/programs.mjs").Program} program
 * @param {Compilers | undefined} compilers if left out, a component that is out of date is removed
 */
async function buildComponent(program, compilers) {
  const stamp = inRoot(stampPath(`${program.target}-component`));
  const key = `${versionOf("assemblyscript")}, ${versionOf(COMPONENT_TOOLS)}`;
  if (staleness(root, stamp, key) === undefined) return;

  const core = corePath(program);
  const component = componentPath(program);
  fs.rmSync(stamp, { force: true });
  if (compilers === undefined) {
    fs.rmSync(inRoot(component), { force: true });
    return;
  }
  say(`building ${component}`);
  const flags = ["--target", program.target, "--outFile", core];
  const words = [componentEntry(program), ...flags, "--transform", `./${EXPORT_TRANSFORM}`];
  const { inputs, outputs } = await compiled(compilers, words);
  try {
    writeWhole(inRoot(component), await componentOf(fs.readFileSync(inRoot(core))));
  } catch (error) {
    throw new Failed(`${component}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const read = [...inputs, WORLD_FILE, EXPORT_TRANSFORM, COMPONENT_MAKER];
  writeStamp(root, stamp, { outputs: [...outputs, component], inputs: read, key });
}

/**
 * @param {Compilers} compilers
 * @param {string[]} words the arguments of asc, the source first
 */
async function compiled(compilers, words) {
  const { error, ...files } = await compilers.compile(words);
  if (error !== undefined) throw new Failed(`${words[0]}: ${error}`);
  return files;
}

async function buildHost() {
  const key = versionOf("typescript");
  if (staleness(root, inRoot(HOST_STAMP), key) === undefined && sameHostFiles()) return;
  say("building dist/");
  fs.rmSync(inRoot(HOST_STAMP), { force: true });
  // `npm run check` checks the types. That takes twice as long as all other steps.
  const tsc = ["node_modules/typescript/bin/tsc", "-p", "lab/tsconfig.json", "--noCheck"];
  await mustRun(process.execPath, tsc, { stdio: ["ignore", 2, 2] });
  const inputs = [...hostFiles(), ...CONFIGURATIONS];
  writeStamp(root, inRoot(HOST_STAMP), { outputs: hostFiles().map(outputOf), inputs, key });
  removeLeftovers();
}

/** The stamp does not contain a new file yet. */
function sameHostFiles() {
  return hostFiles().every((file) => fs.existsSync(inRoot(outputOf(file))));
}

function hostFiles() {
  const inFolder = (/** @type {string} */ folder) =>
    fs
      .readdirSync(inRoot(folder), { recursive: true, encoding: "utf8" })
      .map((name) => path.join(folder, name))
      .filter(isCompiled);
  return COMPILED.flatMap(inFolder).sort();
}

/** @param {string} file */
function isCompiled(file) {
  // JavaScript files of the lab are not compiled: scripts start them before anything is built.
  if (file.startsWith("lab")) return file.endsWith(".ts") && !file.includes("/guest/");
  return /\.(ts|mjs)$/.test(file);
}

/** @param {string} file */
function outputOf(file) {
  return path.join("dist", file.replace(/\.ts$/, ".js"));
}

/** Compiled files whose source is gone would still be shipped, and could still be imported. */
function removeLeftovers() {
  const wanted = new Set(hostFiles().map(outputOf));
  for (const name of fs.readdirSync(inRoot("dist"), { recursive: true, encoding: "utf8" })) {
    const file = path.join("dist", name);
    if (/\.(js|mjs)$/.test(name) && !wanted.has(file)) fs.rmSync(inRoot(file));
  }
}

/** @param {string} name */
export function versionOf(name) {
  const manifest = fs.readFileSync(inRoot(`node_modules/${name}/package.json`), "utf8");
  return `${name} ${/** @type {{version: string}} */ (JSON.parse(manifest)).version}`;
}
