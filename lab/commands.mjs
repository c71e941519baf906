/**
 * The tools of the lab by name. Each builds what it needs first: this file imports nothing that
 * must be installed or built before.
 */
import { build } from "../scripts/lib/build.mjs";
import { inRoot } from "../scripts/lib/root.mjs";

/**
 * @typedef {object} Command
 * @property {string} summary
 * @property {(args: string[]) => Promise<void>} run
 */ /** @typedef {{ main: (args: string[]) => unknown }} Tool it sets the exit code */

/** The programs to build. */
const CHAT = { only: "chat" };
const ALL = {};

/** @type {Record<string, Command>} */
export const COMMANDS = {
  sim: { summary: "plays the shipped chat in seeded worlds, beside a model of it", run: sim },
  mutations: {
    summary: "breaks the chat in many ways, and says how soon the worlds notice each",
    run: inPlace(() => import("./sim/mutations/main.mjs")),
  },
  mutants: {
    summary: "changes the guest's sources at random, and says which changes no test notices",
    run: inPlace(() => import("./mutants/main.mjs")),
  },
  fuzz: { summary: "changes the bytes of clients and console, led by what they reach", run: fuzz },
  kills: {
    summary: "kills the server at random moments under load, and says what was lost",
    run: compiled("kills/main"),
  },
  soak: {
    summary: "runs the server under load for minutes or hours: losses, leaks, latencies",
    run: compiled("soak/main"),
  },
  siege: {
    summary: "lets clients talk beside floods and clients that never read",
    run: compiled("siege/main"),
  },
  bench: {
    summary: "measures servers under the same load, beside a native epoll server",
    run: inPlace(() => import("./bench/main.mjs"), ALL),
  },
  profile: {
    summary: "shows where the server's time goes: functions of the module, system calls",
    run: inPlace(() => import("./bench/profile.mjs")),
  },
  cost: {
    summary: "times single calls in and out of the sandbox, by the number of connections",
    run: inPlace(() => import("./bench/cost/main.mjs")),
  },
  demo: {
    summary: "shows one lesson of the tutorial: demo spin, demo io-models, demo restart",
    run: compiled("demo/main", ALL),
  },
};

/**
 * Returns a tool written in TypeScript.
 *
 * @param {string} name its file in lab/
 * @param {{ only?: string }} [programs] the programs that it needs
 */
function compiled(name, programs = CHAT) {
  return inPlace(() => /** @type {Promise<Tool>} */ (load(name)), programs);
}

/**
 * Returns a tool written in JavaScript.
 *
 * @param {() => Promise<Tool>} imported imports the tool, after the build
 * @param {{ only?: string }} [programs] the programs that it needs
 */
function inPlace(imported, programs = CHAT) {
  return async (/** @type {string[]} */ args) => {
    await build({ debug: false, ...programs });
    const { main } = await imported();
    await main(args);
  };
}

/** @param {string} name a compiled file of lab/ */
function load(name) {
  return import(String(new URL(`../dist/lab/${name}.js`, import.meta.url)));
}

/** @param {string[]} args */
async function sim(args) {
  await build({ debug: false, ...CHAT });
  const { buildProbed, PROBED_CORE, PROBED_MODULE } = await import("./sim/probed.mjs");
  await buildProbed();
  const { main } = /** @type {typeof import("./sim/command.js")} */ (await load("sim/command"));
  const modules = { module: inRoot(PROBED_MODULE), core: inRoot(PROBED_CORE) };
  process.exitCode = await main(args, modules, inRoot("build/sim"));
}

/** @param {string[]} args */
async function fuzz(args) {
  await build({ debug: false });
  const { countingChat } = await import("./fuzz/counting_chat.mjs");
  const edges = /** @type {typeof import("./fuzz/edges.js")} */ (await load("fuzz/edges"));
  const { main } = /** @type {typeof import("./fuzz/command.js")} */ (await load("fuzz/command"));
  const places = { corpus: inRoot("tests/lab/fuzz/corpus"), failures: "fuzz-failures" };
  process.exitCode = await main(args, places, () => countingChat(edges));
}
