/** The servers of the benchmark, with the commands that build and start them. */
import { inRoot } from "../../scripts/lib/root.mjs";
import { build, cPeer, found, noDelay } from "./build.mjs";
import {
  compiled,
  componentCommand,
  componentFile,
  ensureComponentWasmtime,
  ensureWasmtime,
  helpOf,
  moduleOf,
} from "./ours.mjs";
import { goNative, goWasm, pythonWithUvloop, rustNative, rustWasm } from "./peers.mjs";
import { LINE_BYTES, QUEUE_BYTES } from "./scenarios.mjs";

/** @typedef {import("./scenarios.mjs").Scenario} Scenario */
/** @typedef {(line: string) => void} Say */

/**
 * @typedef {object} Server
 * @property {string} name
 * @property {string} about
 * @property {"native" | "wasm"} kind
 * @property {(say: Say) => Promise<Start>} prepare throws Missing
 * @property {readonly string[]} [only] its scenarios, if not all
 * @property {boolean} [talksOnly] true for scenarios of kind "talk" only
 * @property {boolean} [aim] true if there are targets for it: then it takes part in all runs
 * @property {boolean} [silent] true to discard its log, which would fill the disk
 * @property {Readonly<Record<string, string | number>>} [load] options that the generator needs for
 *   it
 */

/**
 * @typedef {object} Start
 * @property {(limits: Limits) => readonly string[]} command for peers/c/start.c: {port} stands for
 *   the port to listen on
 * @property {readonly string[]} [files] the modules, whose sizes are reported
 */

/** @typedef {{ line: number, queue: number }} Limits bytes, of a line and owed to a client */

/** The memory limit of modules. */
const MEMORY_BYTES = 1_073_741_824;

/** @param {Scenario} scenario @returns {Limits} */
export function limitsOf({ queueBytes }) {
  return { line: LINE_BYTES, queue: queueBytes ?? QUEUE_BYTES };
}

/** @param {Limits} limits */
const inWords = ({ line, queue }) => [String(line), String(queue)];

/** @param {Limits} limits */
function chatOptions({ line, queue }) {
  const usual = queue === QUEUE_BYTES;
  return [
    ...["--rate", "0", "--history", "0", "--replay", "0", "--announce", "0"],
    // All clients come from one address here; the limit of an address is not measured.
    ...["--max-per-address", "0", "--address-rate", "0", "--unknown-share", "0"],
    ...["--room-rate", "0"],
    ...["--max-line", String(line)],
    ...(usual ? [] : ["--hard-limit", String(queue), "--soft-limit", String(queue)]),
    ...(usual ? [] : ["--max-queued", "1024"]),
  ];
}

/** @param {string} wasmtime @param {string} module @param {readonly string[]} words */
function underWasmtime(wasmtime, module, words) {
  const flags = ["-S", "preview2=n", "-S", "listenfd", "-W", `max-memory-size=${MEMORY_BYTES}`];
  return [wasmtime, "run", ...flags, "-C", "cache=n", "--allow-precompiled", module, ...words];
}

/**
 * A native program.
 *
 * @param {string} name
 * @param {string} about
 * @param {(say: Say) => Promise<readonly string[]>} prepare returns the command; the
 *   options for the limits are appended to it
 * @returns {Server}
 */
function native(name, about, prepare) {
  return {
    name,
    about,
    kind: "native",
    async prepare(say) {
      const command = await prepare(say);
      return { command: (limits) => [...command, ...inWords(limits)] };
    },
  };
}

/**
 * A module on wasmtime.
 *
 * @param {string} name
 * @param {string} about
 * @param {(say: Say) => Promise<string>} prepare returns its file
 * @param {(limits: Limits) => string[]} [words] returns its options
 * @param {string} [other] a wasmtime in place of the one that ours uses
 * @returns {Server}
 */
function module(name, about, prepare, words = inWords, other) {
  return {
    name,
    about,
    kind: "wasm",
    async prepare(say) {
      const wasmtime = other ?? (await ensureWasmtime(say));
      const file = await prepare(say);
      const code = await compiled(name, wasmtime, file, say);
      return {
        command: (limits) => underWasmtime(wasmtime, code, words(limits)),
        files: [file],
      };
    },
  };
}

/**
 * Our module.
 *
 * @param {string} name
 * @param {string} about
 * @param {{ module?: string, wasmtime?: string }} files replacements for those of this checkout
 * @returns {Server}
 */
export function ours(name, about, files) {
  const prepare = () => Promise.resolve(files.module ?? moduleOf("chat"));
  const server = { ...module(name, about, prepare, chatOptions, files.wasmtime), aim: true };
  return files.module === undefined ? server : withKnownOptions(server);
}

/**
 * Returns an earlier build of our module, which lacks some of today's options: they are left out.
 *
 * @param {Server} server
 * @returns {Server}
 */
function withKnownOptions(server) {
  return {
    ...server,
    async prepare(say) {
      const start = await server.prepare(say);
      const help = await helpOf(start.files?.[0] ?? "", say);
      return {
        ...start,
        command: (limits) => {
          const words = start.command(limits);
          const options = words.length - chatOptions(limits).length;
          return [
            ...words.slice(0, options),
            ...chatOptions(limits).filter((word, at, all) =>
              help.includes(`${at % 2 === 0 ? word : (all[at - 1] ?? "")} `),
            ),
          ];
        },
      };
    },
  };
}

/**
 * Our component.
 *
 * @param {string} name
 * @param {string} about
 * @param {(say: Say) => Promise<readonly string[]>} before returns the words in front of the
 *   command
 * @returns {Server}
 */
function component(name, about, before) {
  return {
    name,
    about,
    kind: "wasm",
    aim: true,
    async prepare(say) {
      const file = componentFile();
      const wasmtime = await ensureComponentWasmtime(say);
      const code = await compiled("pollcast-p3", wasmtime, file, say);
      const first = await before(say);
      return {
        command: (limits) => [...first, ...componentCommand(wasmtime, code, chatOptions(limits))],
        files: [file],
      };
    },
  };
}

const PYTHON = "lab/bench/peers/python";

/** @type {readonly Server[]} */
export const SERVERS = [
  {
    ...native("epoll", "C on epoll, tuned by hand: the limit", async (say) => [
      await build(cPeer("epoll"), say),
    ]),
    aim: true,
  },
  {
    ...native("epoll-nagle", "the same without TCP_NODELAY", async (say) => [
      "--nagle",
      await build(cPeer("epoll"), say),
    ]),
    aim: true,
    talksOnly: true,
  },
  native("poll", "the same on poll", async (say) => [await build(cPeer("poll"), say)]),
  native("rust", "Rust on mio", async (say) => [await rustNative(say)]),
  module("rust-wasm", "the same for wasm32-wasip1, on wasmtime", rustWasm),
  native("go", "Go, two goroutines a client", async (say) => [await goNative(say)]),
  module("go-wasm", "the same for wasip1, on wasmtime", goWasm),
  native("node", "Node's net", () =>
    Promise.resolve([process.execPath, inRoot("lab/bench/peers/node/chat.mjs")]),
  ),
  {
    ...native("python-selectors", "the tutorial's Python, mended", async () => [
      await found("python3"),
      inRoot(`${PYTHON}/selectors_chat.py`),
    ]),
    aim: true,
  },
  native("python-uvloop", "Python's asyncio on uvloop", async (say) => [
    await pythonWithUvloop(say),
    inRoot(`${PYTHON}/uvloop_chat.py`),
  ]),
  ours("pollcast", "ours, on wasmtime", {}),
  {
    name: "pollcast-node",
    about: "ours, on Node",
    kind: "wasm",
    prepare() {
      const file = moduleOf("chat");
      const runtime = [
        process.execPath,
        inRoot("dist/host/runtime/node/main.js"),
        String(MEMORY_BYTES),
        file,
      ];
      return Promise.resolve({ command: (limits) => [...runtime, ...chatOptions(limits)] });
    },
  },
  component("pollcast-p3", "ours as a component of WASI 0.3, on wasmtime", () =>
    Promise.resolve([]),
  ),
  {
    ...component(
      "pollcast-p3-nodelay",
      "the same, with TCP_NODELAY set from outside",
      async (say) => ["env", `LD_PRELOAD=${await build(noDelay, say)}`],
    ),
    talksOnly: true,
  },
  {
    ...module(
      "chat_v2",
      "the tutorial's second chat in AssemblyScript, which spins, on wasmtime",
      () => Promise.resolve(moduleOf("chat-v2")),
      () => [],
    ),
    // This chat logs every key for every message, and has no rooms.
    silent: true,
    only: ["A", "C", "D2", "E", "H"],
    load: { form: "raw", greets: 0 },
  },
];

/** The base of the ratios. */
export const BASE = "epoll";
/** The base of the ratios without TCP_NODELAY, for servers that cannot set it. */
export const NAGLE_BASE = "epoll-nagle";
