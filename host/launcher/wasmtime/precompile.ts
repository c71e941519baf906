/**
 * Compiles the module ahead of time, into the cache. A start, or a restart after a crash, then
 * takes wasmtime milliseconds instead of the 100 ms for compiling.
 *
 * A compiled module is native code, which wasmtime runs without checks. So it is used only from a
 * directory that no other user can write to, and only if it is unchanged. Its file name contains a
 * hash of what it was made from (module, wasmtime, processor) and a hash of its content. If
 * anything is wrong, the module itself is launched, and the log says why.
 */
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { withLock } from "../../bootstrap/lock.mjs";
import { errnoOf, messageOf } from "../base/errors.js";
import { cacheDirectory } from "./cache.js";
import { execute } from "./execute.js";
import { isPrivateFile, ensurePrivateDirectory } from "./file_trust.js";

/** The most compiled code in the cache, of all modules and versions together. @limit bytes */
export const COMPILED_BYTES_MOST = 32 * 1024 * 1024;
const COMPILE_WAIT_MS = 60_000;
/** The number of hexadecimal digits that are used of a SHA-256. */
const HASH_DIGITS = 32;
const DRAFT_PREFIX = ".draft-";
const ENDING = ".cwasm";
/** The exit code of wasmtime for a file that it cannot load. */
const NOT_LOADED_EXIT_CODE = 1;
/** The machine. wasmtime compiles for the processor that it finds. */
const MACHINE = [os.arch(), os.platform(), os.cpus()[0]?.model ?? ""].join("\n");

export interface PrecompileOptions {
  wasmtime: string;
  module: string;
  say: (line: string) => void;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
}

/**
 * Compiles the module, or finds it compiled in the cache. If that fails, the result launches the
 * module itself.
 */
export async function precompile(options: PrecompileOptions): Promise<Precompiled> {
  const { wasmtime, module, say, env, signal } = options;
  const directory = path.join(cacheDirectory(env), "compiled");
  try {
    const origin = originOf(module, wasmtime);
    const problem = ensurePrivateDirectory(directory);
    if (problem !== undefined) throw new Unusable(problem);
    const lock = path.join(directory, ".lock");
    const compile = (): Promise<string> => compileInto(directory, origin, options);
    const found =
      intact(directory, origin) ?? (await withLock(lock, compile, signal ? { signal } : {}));
    return new Precompiled(module, { directory, origin, wasmtime, name: found }, say);
  } catch (error) {
    const foreseen = error instanceof Unusable || errnoOf(error) !== "";
    if (!foreseen || signal?.aborted === true) throw error;
    say(`the module is compiled at each start, not ahead of time: ${messageOf(error)}`);
    return new Precompiled(module, undefined, say);
  }
}

interface Kept {
  directory: string;
  origin: string;
  wasmtime: string;
  name: string;
}

/** A module and, if there is one, its compiled form. It decides which of the two is launched. */
export class Precompiled {
  #kept: Kept | undefined;

  constructor(
    private readonly module: string,
    kept: Kept | undefined,
    private readonly say: (line: string) => void,
  ) {
    this.#kept = kept;
  }

  /**
   * Returns the path of the compiled form, or undefined if it is not valid any more; then launch
   * the module.
   */
  usablePath(): string | undefined {
    if (this.#kept === undefined) return undefined;
    const { directory, origin, wasmtime, name } = this.#kept;
    const why = this.#isOf(origin, wasmtime)
      ? faultOf(directory, name)
      : "the module or wasmtime is another by now, or gone";
    if (why === undefined) return path.join(directory, name);
    this.#giveUp(why);
    return undefined;
  }

  /**
   * Handles the end of a guest that was launched from the compiled file. Exit code 1 means that
   * wasmtime could not load the file, so it is removed.
   */
  onExit(exitCode: number | null): void {
    if (exitCode !== NOT_LOADED_EXIT_CODE || this.#kept === undefined) return;
    fs.rmSync(path.join(this.#kept.directory, this.#kept.name), { force: true });
    this.#giveUp("wasmtime ended with code 1 on it");
  }

  #isOf(origin: string, wasmtime: string): boolean {
    try {
      return originOf(this.module, wasmtime) === origin;
    } catch (error) {
      if (errnoOf(error) === "") throw error;
      return false;
    }
  }

  #giveUp(why: string): void {
    this.say(`the compiled module is not used any more, the module itself is: ${why}`);
    this.#kept = undefined;
  }
}

class Unusable extends Error {}

/** Compiles the module. The caller holds the lock. @returns the name of the file */
async function compileInto(
  directory: string,
  origin: string,
  { wasmtime, module, signal }: PrecompileOptions,
): Promise<string> {
  // Another process may have compiled it while this one waited for the lock.
  const there = intact(directory, origin);
  if (there !== undefined) return there;
  for (const name of fs.readdirSync(directory)) {
    if (name.startsWith(DRAFT_PREFIX) || name.startsWith(origin))
      fs.rmSync(path.join(directory, name), { force: true });
  }
  const draft = path.join(directory, `${DRAFT_PREFIX}${process.pid}`);
  try {
    const done = await execute(wasmtime, ["compile", "-C", "cache=n", module, "-o", draft], {
      env: { RUST_BACKTRACE: "0" },
      timeoutMs: COMPILE_WAIT_MS,
      ...(signal ? { signal } : {}),
    });
    if (done.code !== 0 || !fs.existsSync(draft)) {
      const [line = ""] = done.stderr.trim().split("\n");
      throw new Unusable(done.failure ?? `wasmtime compile ended with code ${done.code}: ${line}`);
    }
    // The module may have been rebuilt during the compilation.
    if (originOf(module, wasmtime) !== origin) throw new Unusable(`${module} has just changed`);
    const name = `${origin}-${hashOf(fs.readFileSync(draft))}${ENDING}`;
    fs.chmodSync(draft, 0o600);
    fs.renameSync(draft, path.join(directory, name));
    removeOldest(directory, name);
    return name;
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

/** Returns the name of the compiled file for an origin, or undefined if there is no valid one. */
function intact(directory: string, origin: string): string | undefined {
  return fs
    .readdirSync(directory)
    .find((name) => name.startsWith(origin) && faultOf(directory, name) === undefined);
}

/**
 * Returns why a compiled file is not valid, or undefined. Updates the time of a valid one, so that
 * it counts as used.
 */
function faultOf(directory: string, name: string): string | undefined {
  const file = path.join(directory, name);
  try {
    if (!isPrivateFile(file)) return `${file} is not a plain file that is ours alone`;
    const hash = hashOf(fs.readFileSync(file));
    if (!name.endsWith(`-${hash}${ENDING}`)) return `${file} is damaged`;
    fs.utimesSync(file, new Date(), new Date());
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** Removes the least recently used files until the rest is within COMPILED_BYTES_MOST. */
function removeOldest(directory: string, keep: string): void {
  const entries = fs
    .readdirSync(directory)
    .filter((name) => name.endsWith(ENDING))
    .map((name) => ({ name, stat: fs.statSync(path.join(directory, name)) }))
    .sort((one, other) => other.stat.mtimeMs - one.stat.mtimeMs);
  let bytes = 0;
  for (const { name, stat } of entries) {
    bytes += stat.size;
    if (bytes > COMPILED_BYTES_MOST && name !== keep) fs.rmSync(path.join(directory, name));
  }
}

/**
 * Returns a hash of all that a compiled module depends on. Size and time stand for wasmtime: the
 * version alone would not tell builds with other features apart, and hashing the program would take
 * longer than compiling.
 */
function originOf(module: string, wasmtime: string): string {
  const { size, mtimeMs } = fs.statSync(wasmtime);
  return hashOf(fs.readFileSync(module), `${size}\n${mtimeMs}\n${MACHINE}`);
}

function hashOf(bytes: Uint8Array, more = ""): string {
  const hash = createHash("sha256").update(bytes).update(more);
  return hash.digest("hex").slice(0, HASH_DIGITS);
}
