/** The servers: what each is, how it is built, and how it is started. */
import fs from "node:fs";
import { ensureWasmtime, moduleOf } from "./ours.mjs";
import { build, cPeer, Missing } from "./build.mjs";
import { LINE_BYTES, QUEUE_BYTES } from "./scenarios.mjs";

/** @typedef {import("./scenarios.mjs").Scenario} Scenario */

/**
 * @typedef {object} Server
 * @property {string} name
 * @property {string} about
 * @property {"native" | "wasm"} kind
 * @property {(say: (line: string) => void) => Promise<Start>} prepare throws Missing
 * @property {readonly string[]} [only] scenarios, if not all
 * @property {boolean} [silent] its log is thrown away: it would fill the disk
 * @property {Readonly<Record<string, string | number>>} [load] what the generator must know of it
 */

/**
 * @typedef {object} Start
 * @property {(limits: Limits) => readonly string[]} command
 * @property {readonly string[]} [files] whose size is of interest: modules
 */

/** @typedef {{ line: number, queue: number }} Limits bytes, of a line and owed to a client */

/** @param {Scenario} scenario @returns {Limits} */
export function limitsOf({ queueBytes }) {
  return { line: LINE_BYTES, queue: queueBytes ?? QUEUE_BYTES };
}

/** @param {Limits} limits */
const inWords = ({ line, queue }) => [String(line), String(queue)];

/** @param {Limits} limits */
function chatOptions({ line, queue }) {
  return [
    ...["--rate", "0", "--history", "0", "--replay", "0", "--announce", "0"],
    ...["--max-line", String(line), "--hard-limit", String(queue), "--soft-limit", String(queue)],
  ];
}

/** @param {string} wasmtime @param {string} module @param {readonly string[]} words */
function underWasmtime(wasmtime, module, words) {
  const flags = ["-S", "preview2=n", "-S", "listenfd", "-W", "max-memory-size=1073741824"];
  return [wasmtime, "run", ...flags, "-C", "cache=n", module, ...words];
}

/** @param {"epoll" | "poll"} name @param {string} about @returns {Server} */
function nativeC(name, about) {
  return {
    name,
    about,
    kind: "native",
    async prepare(say) {
      const program = await build(cPeer(name), say);
      return { command: (limits) => [program, ...inWords(limits)] };
    },
  };
}

/** @type {readonly Server[]} */
export const SERVERS = [
  nativeC("epoll", "C on epoll, tuned by hand: the limit"),
  nativeC("poll", "the same on poll"),
  {
    name: "pollcast",
    about: "ours, on wasmtime",
    kind: "wasm",
    async prepare(say) {
      const wasmtime = await ensureWasmtime(say);
      const module = moduleOf("chat");
      return {
        command: (limits) => underWasmtime(wasmtime, module, chatOptions(limits)),
        files: [module],
      };
    },
  },
];

/** The one that all others are held against. */
export const BASE = "epoll";

/** @param {readonly string[]} names */
export function named(names) {
  for (const name of names) {
    if (!SERVERS.some((server) => server.name === name))
      throw new Missing(
        `there is no server ${name}: ${SERVERS.map((each) => each.name).join(", ")}`,
      );
  }
  return SERVERS.filter(({ name }) => names.includes(name));
}

/** @param {readonly string[]} files */
export function sizesOf(files) {
  return files.map((file) => ({ file, bytes: fs.statSync(file).size }));
}
