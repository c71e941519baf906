/**
 * The list of programs: the name on the command line, the target in asconfig.json, and the source.
 *
 * Plain JavaScript without imports, because scripts/ needs it before anything is built.
 */

/**
 * A program. `entry` is the source of the preview1 module; {@link componentEntry} has the
 * component's.
 * @typedef {{ name: string, target: string, entry: string, summary: string }} Program
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
 * Returns the path of a program's module, relative to the package.
 * @param {Program} program
 * @param {boolean} [debug] true: the debug build
 */
export function modulePath(program, debug = false) {
  return `build/${debug ? "debug/" : ""}${program.target}.wasm`;
}

/** Returns the path of the same program as a component of WASI 0.3. @param {Program} program */
export function componentPath(program) {
  return `build/${program.target}.component.wasm`;
}

/** Returns the path of the core module that the component wraps. @param {Program} program */
export function corePath(program) {
  return `build/core/${program.target}.wasm`;
}

/** Returns the path of the component's source. @param {Program} program */
export function componentEntry(program) {
  return program.entry.replace(/\.ts$/, "_component.ts");
}

/**
 * Returns the path of a target's stamp (stamp.mjs), relative to the package.
 * @param {string} target
 */
export function stampPath(target) {
  return `build/.stamps/${target}.json`;
}

/** The path of the chat's options, as its module describes them. The build writes the file. */
export const CHAT_OPTIONS_FILE = "dist/chat_options.json";
