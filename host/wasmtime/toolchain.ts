/**
 * What building wasmtime takes: cargo, a Rust that is new enough, a C compiler; or what to install.
 */
import fs from "node:fs";
import path from "node:path";
import { execute } from "./execute.js";
import { onPath } from "./locate.js";
import { DEFAULT_LINE, type Line } from "./pinned.js";

export interface Toolchain {
  cargo: string;
  env: NodeJS.ProcessEnv;
  rust: string;
  compiler: string;
}

/** @returns the toolchain, or what is missing and how to get it */
export async function findToolchain(
  env: NodeJS.ProcessEnv = process.env,
  { rustMin }: Line = DEFAULT_LINE,
): Promise<Toolchain | { missing: string }> {
  const installRust = `install Rust ${rustMin} or newer from https://rustup.rs`;
  const cargo = onPath("cargo", env)[0];
  if (cargo === undefined) return { missing: `no cargo on PATH: ${installRust}` };
  const working = await workingEnvironment(cargo, env);
  if (working === undefined) {
    return { missing: `${cargo} does not run (no default toolchain): run rustup default stable` };
  }
  const rust = await rustVersion(cargo, working);
  if (rust === undefined) return { missing: `no rustc on PATH: ${installRust}` };
  if (!atLeast(rust, rustMin)) {
    return { missing: `Rust ${rust} is older than ${rustMin}: run rustup update stable` };
  }
  const compiler = onPath(env["CC"] || "cc", env)[0] ?? existing(env["CC"]);
  if (compiler === undefined) {
    return {
      missing: "no C compiler (cc) on PATH: install one (apt install gcc, xcode-select --install)",
    };
  }
  return { cargo, env: working, rust, compiler };
}

/**
 * With another HOME than the one rustup was installed in (a test, a service), its shim finds no
 * toolchain, although they are right beside it: ~/.cargo/bin/cargo and ~/.rustup.
 */
async function workingEnvironment(
  cargo: string,
  env: NodeJS.ProcessEnv,
): Promise<NodeJS.ProcessEnv | undefined> {
  if (await runs(cargo, env)) return env;
  const beside = path.resolve(path.dirname(cargo), "..", "..", ".rustup");
  if (env["RUSTUP_HOME"] !== undefined || !fs.existsSync(beside)) return undefined;
  const repaired = { ...env, RUSTUP_HOME: beside };
  return (await runs(cargo, repaired)) ? repaired : undefined;
}

async function runs(cargo: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  return (await execute(cargo, ["--version"], { env })).code === 0;
}

async function rustVersion(cargo: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const beside = path.join(path.dirname(cargo), "rustc");
  const rustc = fs.existsSync(beside) ? beside : (onPath("rustc", env)[0] ?? beside);
  const { stdout } = await execute(rustc, ["--version"], { env });
  return /^rustc (\d+\.\d+\.\d+)/.exec(stdout)?.[1];
}

function atLeast(version: string, minimum: string): boolean {
  const order = new Intl.Collator("en", { numeric: true });
  return order.compare(version, minimum) >= 0;
}

function existing(file: string | undefined): string | undefined {
  return file !== undefined && file !== "" && fs.existsSync(file) ? file : undefined;
}
