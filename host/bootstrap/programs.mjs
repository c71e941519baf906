/**
 * The programs there are: their name on the command line, their target in asconfig.json, their
 * source.
 *
 * Plain JavaScript on node: alone, because scripts/ needs it before anything is built.
 */

/**
 * @typedef {{ name: string, target: string, entry: string, summary: string }} Program
 *   `entry` is that of the preview1 module; the component's is beside it ({@link componentEntry})
 */

/** @type {readonly Program[]} */
export const PROGRAMS = [
  {
    name: "chat",
    target: "chat",
    entry: "assembly/chat/main.ts",
    summary: "the chat server itself",
  },
  {
    name: "echo",
    target: "echo",
    entry: "assembly/tutorial/echo.ts",
    summary: "answers every message with that message",
  },
  {
    name: "chat-v0",
    target: "chat_v0",
    entry: "assembly/tutorial/chat_v0.ts",
    summary: "what the tutorial's exercise begins with: calls that block, one client at a time",
  },
  {
    name: "chat-v1",
    target: "chat_v1",
    entry: "assembly/tutorial/chat_v1.ts",
    summary: "the tutorial's first chat: one read callback per key",
  },
  {
    name: "chat-v2",
    target: "chat_v2",
    entry: "assembly/tutorial/chat_v2.ts",
    summary:
      "the tutorial's second chat: handle(key, mask) and a queue per client; it spins, on purpose",
  },
  {
    name: "chat-v3",
    target: "chat_v3",
    entry: "assembly/tutorial/chat_v3.ts",
    summary: "the second chat, cured: EVENT_WRITE is asked for only while a queue holds something",
  },
  {
    name: "io-models",
    target: "io_models",
    entry: "assembly/tutorial/io_models.ts",
    summary:
      "one echo service, four ways to wait: blocking, nonblocking, multiplexed, asynchronous",
  },
];

/**
 * Where a program's module is built, relative to the package.
 * @param {Program} program
 * @param {boolean} [debug]
 */
export function modulePath(program, debug = false) {
  return `build/${debug ? "debug/" : ""}${program.target}.wasm`;
}

/**
 * Where the same program is built as a component of WASI 0.3.
 * @param {Program} program
 */
export function componentPath(program) {
  return `build/${program.target}.component.wasm`;
}

/**
 * Where the core module is built that the component wraps.
 * @param {Program} program
 */
export function corePath(program) {
  return `build/core/${program.target}.wasm`;
}

/**
 * The source of the component.
 * @param {Program} program
 */
export function componentEntry(program) {
  return program.entry.replace(/\.ts$/, "_component.ts");
}

/**
 * Where the stamp of a built target is kept, relative to the package.
 * @param {string} target
 */
export function stampPath(target) {
  return `build/.stamps/${target}.json`;
}

/** What the chat's module says of its options, relative to the package; made when it is built. */
export const CHAT_OPTIONS_FILE = "dist/chat_options.json";
