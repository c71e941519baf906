/**
 * Builds what is not up to date: the modules and the components with asc, the host with tsc.
 *
 * asc runs in this process, so that the files each target reads are known and only the targets that
 * read a changed file are built again. Outputs appear whole: a test may run a module meanwhile.
 */
import fs from "node:fs";
import path from "node:path";
import { lock } from "../../host/bare/lock.mjs";
import {
  CHAT_OPTIONS_FILE,
  componentEntry,
  componentPath,
  corePath,
  modulePath,
  PROGRAMS,
  stampPath,
} from "../../host/bare/programs.mjs";
import { staleness, writeStamp, writeWhole } from "../../host/bare/stamp.mjs";
import { describeOptions } from "./chat_options.mjs";
import { COMPONENT_TOOLS, componentOf, EXPORT_TRANSFORM, WORLD_FILE } from "./component.mjs";
import { inRoot, root } from "./root.mjs";
import { Failed, mustRun, say } from "./run.mjs";

const HOST_STAMP = stampPath("host");

/**
 * Builds everything, after another process that is at it.
 * @param {{ debug?: boolean, only?: string }} [options]
 *   `debug: false` leaves the debug modules out, which serving does not need; `only` leaves out the
 *   modules of other programs
 */
export async function build({ debug = true, only } = {}) {
  const unlock = await lock(inRoot("build/.lock"), {
    onWait: (owner) => say(`waiting for process ${owner.pid}, which is building`),
  });
  try {
    await buildHost();
    /** @type {string[]} */
    const failed = [];
    for (const program of PROGRAMS) {
      if (only !== undefined && program.name !== only) continue;
      for (const withDebug of debug ? [false, true] : [false]) {
        if (!(await buildModule(program, withDebug))) failed.push(modulePath(program, withDebug));
      }
      if (!(await buildComponent(program))) failed.push(componentPath(program));
    }
    if (failed.length > 0) throw new Failed(`not built: ${failed.join(", ")}`);
  } finally {
    unlock();
  }
}

/**
 * @param {import("../../host/bare/programs.mjs").Program} program
 * @param {boolean} debug
 */
async function buildModule(program, debug) {
  const target = debug ? `${program.target}-debug` : program.target;
  const stamp = inRoot(stampPath(target));
  const key = versionOf("assemblyscript");
  if (staleness(root, stamp, key) === undefined) return true;

  const expected = modulePath(program, debug);
  say(`building ${expected}`);
  fs.rmSync(stamp, { force: true });
  const { error, inputs, outputs } = await compile([program.entry, "--target", target]);
  if (error) {
    say(`${program.entry}: ${error.message}`);
    return false;
  }
  if (!outputs.includes(expected)) {
    say(`asconfig.json: target ${target} does not write ${expected}`);
    return false;
  }
  if (target === "chat") {
    writeWhole(inRoot(CHAT_OPTIONS_FILE), await describeOptions(inRoot(expected)));
    outputs.push(CHAT_OPTIONS_FILE);
  }
  writeStamp(root, stamp, { outputs, inputs, key });
  return true;
}

/**
 * The same program once more, from its other entry file, and wrapped.
 * @param {import("../../host/bare/programs.mjs").Program} program
 */
async function buildComponent(program) {
  const stamp = inRoot(stampPath(`${program.target}-component`));
  const key = `${versionOf("assemblyscript")}, ${versionOf(COMPONENT_TOOLS)}`;
  if (staleness(root, stamp, key) === undefined) return true;

  const entry = componentEntry(program);
  const core = corePath(program);
  const component = componentPath(program);
  say(`building ${component}`);
  fs.rmSync(stamp, { force: true });
  const flags = [
    "--target",
    program.target,
    "--outFile",
    core,
    "--transform",
    `./${EXPORT_TRANSFORM}`,
  ];
  const { error, inputs, outputs } = await compile([entry, ...flags]);
  if (error) {
    say(`${entry}: ${error.message}`);
    return false;
  }
  try {
    writeWhole(inRoot(component), await componentOf(fs.readFileSync(inRoot(core))));
  } catch (error) {
    say(`${component}: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
  for (const input of [WORLD_FILE, EXPORT_TRANSFORM]) inputs.add(input);
  writeStamp(root, stamp, { outputs: [...outputs, component], inputs, key });
  return true;
}

/**
 * Runs asc. @returns what went wrong, the files that it read, and those that it wrote
 * @param {string[]} words
 */
export async function compile(words) {
  /** @type {Set<string>} */
  const inputs = new Set();
  /** @type {string[]} */
  const outputs = [];
  const asc = await import("assemblyscript/asc");
  const { error } = await asc.main(words, {
    stdout: process.stderr,
    stderr: process.stderr,
    readFile(name, base) {
      const file = path.resolve(root, base, name);
      inputs.add(path.relative(root, file));
      return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : null;
    },
    writeFile(name, content, base) {
      const file = path.resolve(root, base, name);
      outputs.push(path.relative(root, file));
      writeWhole(file, content);
    },
    listFiles: () => [],
  });
  return { error, inputs, outputs };
}

async function buildHost() {
  const key = versionOf("typescript");
  if (staleness(root, inRoot(HOST_STAMP), key) === undefined && sameHostFiles()) return;
  say("building dist/");
  fs.rmSync(inRoot(HOST_STAMP), { force: true });
  await mustRun(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "host/tsconfig.json"], {
    stdio: ["ignore", 2, 2],
  });
  const inputs = [...hostFiles(), "tsconfig.json", "host/tsconfig.json"];
  writeStamp(root, inRoot(HOST_STAMP), { outputs: hostFiles().map(outputOf), inputs, key });
  removeLeftovers();
}

/** A new file is in no stamp yet. */
function sameHostFiles() {
  return hostFiles().every((file) => fs.existsSync(inRoot(outputOf(file))));
}

function hostFiles() {
  return fs
    .readdirSync(inRoot("host"), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|mjs)$/.test(name))
    .map((name) => path.join("host", name))
    .sort();
}

/** @param {string} file */
function outputOf(file) {
  return file.replace(/^host/, "dist").replace(/\.ts$/, ".js");
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
