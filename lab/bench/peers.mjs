/** Builds the peers that need the toolchains of other languages. */
import { build, inCache, must } from "./build.mjs";

const RUST_TARGET = "wasm32-wasip1";
const RUSTUP_WAIT_MS = 180_000;

/** @typedef {(line: string) => void} Say */

/**
 * @param {Say} say reports the progress, a line at a time
 * @returns {Promise<string>} the program
 */
export function rustNative(say) {
  return cargo("rust/release/chat-mio", [], say);
}

/** @param {Say} say reports the progress, a line at a time @returns {Promise<string>} the module */
export async function rustWasm(say) {
  await rustTarget(say);
  const output = `rust/${RUST_TARGET}/release/chat-mio.wasm`;
  return cargo(output, ["--target", RUST_TARGET], say);
}

/**
 * @param {string} output the program's path in the cache
 * @param {readonly string[]} words further arguments of cargo
 * @param {Say} say reports the progress, a line at a time
 */
function cargo(output, words, say) {
  const manifest = "lab/bench/peers/rust/Cargo.toml";
  return build(
    {
      output,
      sources: ["peers/rust"],
      command: ["cargo", "build", "--release", "--locked", "--manifest-path", manifest, ...words],
      env: { CARGO_TARGET_DIR: inCache("rust") },
    },
    say,
  );
}

/**
 * Installs the target with rustup if possible; otherwise cargo reports what is missing.
 *
 * @param {Say} say reports the progress, a line at a time
 */
async function rustTarget(say) {
  try {
    const installed = await must(["rustup", "target", "list", "--installed"]);
    if (installed.split("\n").includes(RUST_TARGET)) return;
    say(`fetching Rust's ${RUST_TARGET}`);
    await must(["rustup", "target", "add", RUST_TARGET], { timeout: RUSTUP_WAIT_MS });
  } catch (error) {
    say(`rustup: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * @param {Say} say reports the progress, a line at a time
 * @returns {Promise<string>} the program
 */
export function goNative(say) {
  return go("go/chat", {}, say);
}

/** @param {Say} say reports the progress, a line at a time @returns {Promise<string>} the module */
export function goWasm(say) {
  return go("go/chat.wasm", { GOOS: "wasip1", GOARCH: "wasm" }, say);
}

/**
 * @param {string} output the program's path in the cache
 * @param {Record<string, string>} env
 * @param {Say} say reports the progress, a line at a time
 */
function go(output, env, say) {
  return build(
    {
      output,
      sources: ["peers/go"],
      command: ["go", "build", "-trimpath", "-o", inCache(output), "."],
      cwd: "peers/go",
      env,
    },
    say,
  );
}

/**
 * @param {Say} say reports the progress, a line at a time
 * @returns {Promise<string>} the path of a Python with uvloop
 */
export async function pythonWithUvloop(say) {
  const folder = inCache("python");
  const python = await build(
    {
      output: "python/bin/python",
      sources: ["peers/python/requirements.txt"],
      command: ["python3", "-m", "venv", folder],
    },
    say,
  );
  await build(
    {
      output: "python/pyvenv.cfg",
      sources: ["peers/python/requirements.txt"],
      command: [
        ...[python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"],
        ...["--requirement", "lab/bench/peers/python/requirements.txt"],
      ],
    },
    say,
  );
  return python;
}
