import { spawn, type ChildProcess } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { PassThrough } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import type { UserError } from "../../host/errors.js";
import { packageRoot } from "../../host/programs.js";
import { Progress } from "../../host/progress.js";
import { check, checkLine } from "../../host/wasmtime/check.js";
import { LINES } from "../../host/wasmtime/pinned.js";
import { provide, type ProvideOptions } from "../../host/wasmtime/provide.js";
import { fakeCargo, type CargoOptions, type FakeCargo } from "../support/fake_cargo.js";
import { releaseServer, type Fault } from "../support/release_server.js";
import { descendantsOf, isAlive } from "../support/processes.js";
import { temporaryDirectory } from "../support/temporary.js";
import { until } from "../support/wait.js";

interface Machine {
  env: NodeJS.ProcessEnv;
  cache: string;
  cargo: FakeCargo;
  said: string[];
  provide: (options?: Partial<ProvideOptions>) => Promise<string>;
}

function silent(): Progress {
  return new Progress(new PassThrough().resume());
}

/**
 * A machine with nothing but the tools of a shell, a fake toolchain, and a release server of ours.
 */
function machine(releases: string, cargoOptions?: CargoOptions): Machine {
  const root = temporaryDirectory();
  const cargo = fakeCargo(root, cargoOptions);
  // tar is taken from the system's own directory; a cargo there must not be found.
  const tools = path.join(root, "tools");
  fs.mkdirSync(tools);
  for (const tool of ["tar", "xz", "sh"]) {
    const system = ["/usr/bin", "/bin"].map((place) => path.join(place, tool)).find(fs.existsSync);
    if (system !== undefined) fs.symlinkSync(system, path.join(tools, tool));
  }
  const env = {
    HOME: path.join(root, "home"),
    PATH: `${cargo.bin}:${tools}`,
    POLLCAST_RELEASES: releases,
  };
  const said: string[] = [];
  const say = (line: string): void => void said.push(line);
  return {
    env,
    cache: path.join(env.HOME, ".cache", "pollcast"),
    cargo,
    said,
    provide: (options = {}) =>
      provide({
        say,
        env,
        progress: silent(),
        waits: { answerWaitMs: 300, stallWaitMs: 300 },
        ...options,
      }),
  };
}

function builds(cargo: FakeCargo): number {
  return fs.readFileSync(cargo.log, "utf8").split("\n").length - 1;
}

async function errorOf(work: Promise<unknown>): Promise<UserError> {
  return (await work.then(
    () => undefined,
    (error: unknown) => error,
  )) as UserError;
}

test("a good release archive is installed, and nothing else is left in the cache", async () => {
  const server = await releaseServer();
  const { provide, cache, cargo } = machine(server.url);
  const binary = await provide();
  expect(binary).toBe(path.join(cache, "wasmtime-36.0.14", "bin", "wasmtime"));
  expect((await check(binary)).kind).toBe("supported");
  expect(fs.readdirSync(cache)).toEqual(["wasmtime-36.0.14"]);
  expect(fs.readdirSync(path.join(cache, "wasmtime-36.0.14"))).toEqual(["bin"]);
  expect(fs.statSync(path.join(cache, "wasmtime-36.0.14")).mode & 0o777).toBe(0o755);
  expect(builds(cargo)).toBe(0);
});

test("another line is provided beside it", async () => {
  const line = LINES[48];
  const server = await releaseServer("none", line.version, line);
  const { provide, cache, env } = machine(server.url);
  const binary = await provide({ line });
  expect(binary).toBe(path.join(cache, "wasmtime-48.0.8", "bin", "wasmtime"));
  expect(await checkLine(binary, line)).toBeUndefined();
  await provide({ env: { ...env, POLLCAST_RELEASES: (await releaseServer()).url } });
  expect(fs.readdirSync(cache).sort()).toEqual(["wasmtime-36.0.14", "wasmtime-48.0.8"]);
});

test("another line is built in a place of its own, with a Rust that is newer", async () => {
  const line = LINES[48];
  const here = machine("http://nosuch.invalid", { installs: line.version });
  await here.provide({ line });
  expect(fs.readFileSync(here.cargo.log, "utf8")).toMatch(
    /^install wasmtime-cli --version 48\.0\.8 --locked .* --target-dir \S*build-48\.0\.8 /,
  );
  expect(fs.readdirSync(here.cache)).toEqual(["wasmtime-48.0.8"]);
  const old = machine("http://nosuch.invalid", { rust: "1.94.9" });
  expect((await errorOf(old.provide({ line }))).message).toContain(
    "Rust 1.94.9 is older than 1.95.0: run rustup update",
  );
});

test("one that is there already is not provided again", async () => {
  const server = await releaseServer();
  const { provide } = machine(server.url);
  await provide();
  await provide();
  expect(server.downloads()).toBe(1);
});

test("one that is there and broken is replaced", async () => {
  const server = await releaseServer();
  const { provide } = machine(server.url);
  const binary = await provide();
  fs.writeFileSync(binary, "broken");
  expect((await check(await provide())).kind).toBe("supported");
});

const faults: [Fault, string][] = [
  ["no such release", "/tags/v36.0.14 answers 404"],
  ["no such asset", "/tags/v36.0.14 does not list wasmtime-v36.0.14-"],
  ["no digest", "/tags/v36.0.14 gives no sha256 for wasmtime-v36.0.14-"],
  ["wrong digest", ` instead of ${"0".repeat(64)}`],
  ["cut off", "the download broke off ("],
  ["stalls", "the download broke off (nothing for 0.3 s)"],
  ["hangs", "cannot be reached (no answer within 0.3 s)"],
  ["not an archive", "the release archive cannot be unpacked ("],
];
test.each(faults)("a release that is faulty (%s) is replaced by a build", async (fault, words) => {
  const server = await releaseServer(fault);
  const { provide, said, cache, cargo } = machine(server.url);
  expect((await check(await provide())).kind).toBe("supported");
  expect(builds(cargo)).toBe(1);
  expect(said.filter((line) => line.startsWith("no release archive: "))).toHaveLength(1);
  expect(said.join("\n")).toContain(words);
  expect(fs.readdirSync(cache)).toEqual(["wasmtime-36.0.14"]);
  expect(fs.readdirSync(path.join(cache, "wasmtime-36.0.14"))).toEqual(["bin"]);
});

test("a name that does not resolve is one line, within seconds", async () => {
  const startedAt = performance.now();
  const { provide, said } = machine("http://nosuch.invalid");
  await provide({ waits: {} });
  expect(said.join("\n")).toMatch(/nosuch\.invalid\/tags\/v36\.0\.14 cannot be reached \(.*nosuch/);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});

test("an archive whose program does not do here is replaced by a build", async () => {
  const server = await releaseServer("none", "48.0.8");
  const { provide, cargo } = machine(server.url);
  expect((await check(await provide())).kind).toBe("supported");
  expect(builds(cargo)).toBe(1);
});

test("cargo is asked for the pinned version with the small set of features", async () => {
  const { provide, cargo } = machine("http://nosuch.invalid");
  await provide();
  expect(fs.readFileSync(cargo.log, "utf8")).toMatch(
    /^install wasmtime-cli --version 36\.0\.14 --locked --no-default-features --features run,/,
  );
});

test.each<[string, CargoOptions, string]>([
  [
    "a Rust that is too old",
    { rust: "1.85.9" },
    "Rust 1.85.9 is older than 1.86.0: run rustup update",
  ],
  ["no C compiler", { withoutCompiler: true }, "no C compiler (cc) on PATH: install one"],
])("with %s, one line says so and what to do", async (_, options, words) => {
  const { provide } = machine("http://nosuch.invalid", options);
  const { code, message } = await errorOf(provide());
  expect(code).toBe("E_WASMTIME_UNAVAILABLE");
  expect(message).toContain(words);
  expect(message).not.toContain("\n");
});

test("without cargo, one line says where to get it", async () => {
  const { provide, env } = machine("http://nosuch.invalid");
  const { message } = await errorOf(provide({ env: { ...env, PATH: "" } }));
  expect(message).toMatch(/cannot be reached .* no cargo on PATH: install Rust 1\.86\.0 or newer/);
});

test("a shim that finds its toolchain only beside itself is helped", async () => {
  const { provide, cargo, env } = machine("http://nosuch.invalid");
  const home = temporaryDirectory();
  fs.mkdirSync(path.join(home, ".rustup"));
  fs.mkdirSync(path.join(home, ".cargo"));
  fs.cpSync(cargo.bin, path.join(home, ".cargo", "bin"), { recursive: true });
  const shim = path.join(home, ".cargo", "bin", "cargo");
  const real = fs.readFileSync(shim, "utf8");
  const refuses = '[ -n "$RUSTUP_HOME" ] || { echo "no default toolchain" >&2; exit 1; }';
  fs.writeFileSync(shim, real.replace("\n", `\n${refuses}\n`));
  const PATH = (env["PATH"] ?? "").replace(cargo.bin, path.dirname(shim));
  await provide({ env: { ...env, PATH } });
  expect(builds(cargo)).toBe(1);
});

test("a build that fails leaves nothing that looks provided", async () => {
  const { provide, cache } = machine("http://nosuch.invalid", { fails: true });
  const { code, message } = await errorOf(provide());
  expect(code).toBe("E_CARGO");
  expect(message).toContain("cargo could not build wasmtime 36.0.14 (code 101)");
  // What was compiled is kept for the next attempt.
  expect(fs.readdirSync(cache)).toEqual(["build-36.0.14"]);
});

test("a build of the wrong thing is not put in place", async () => {
  const { provide, cache } = machine("http://nosuch.invalid", { installs: "48.0.8" });
  const { message } = await errorOf(provide());
  expect(message).toContain("the wasmtime just provided is not right: wasmtime 48.0.8");
  expect(fs.readdirSync(cache)).toEqual([]);
});

test("a cache that cannot be written is one line", async () => {
  const { provide, env } = machine("http://nosuch.invalid");
  fs.writeFileSync(env["HOME"] ?? "", "a file where the home should be");
  const { code, message } = await errorOf(provide());
  expect(code).toBe("E_CACHE");
  expect(message).toMatch(/cannot write to .*: make room there, or set XDG_CACHE_HOME/);
});

/** `pollcast setup`, as a process that can be killed. */
function setup({ env }: Machine): {
  child: ChildProcess;
  said: () => string;
  code: Promise<number | null>;
} {
  const bin = path.join(packageRoot, "bin", "pollcast.mjs");
  const child = spawn(process.execPath, [bin, "setup"], { env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk) => (said += String(chunk)));
  child.stdout.resume();
  const code = new Promise<number | null>((resolve) => child.once("exit", resolve));
  onTestFinished(() => void child.kill("SIGKILL"));
  return { child, said: () => said, code };
}

test("of two set-ups at once one builds, and the other waits and says for whom", async () => {
  const here = machine("http://nosuch.invalid");
  fs.writeFileSync(here.cargo.hold, "");
  const first = setup(here);
  await until("the first builds", () => builds(here.cargo) === 1);
  const second = setup(here);
  const words = `pollcast: waiting for process ${first.child.pid} on `;
  await until("the second waits", () => second.said().includes(words));
  fs.rmSync(here.cargo.hold);
  expect(await Promise.all([first.code, second.code])).toEqual([0, 0]);
  expect(builds(here.cargo)).toBe(1);
  expect(fs.readdirSync(here.cache)).toEqual(["wasmtime-36.0.14"]);
});

test("a set-up killed with -9 leaves nothing broken, and the next one succeeds", async () => {
  const here = machine("http://nosuch.invalid");
  fs.writeFileSync(here.cargo.hold, "");
  const first = setup(here);
  await until("it builds", () => builds(here.cargo) === 1);
  const orphans = descendantsOf(first.child.pid ?? 0);
  first.child.kill("SIGKILL");
  await first.code;
  expect(fs.readdirSync(here.cache)).not.toContain("wasmtime-36.0.14");
  for (const orphan of orphans.filter(isAlive)) process.kill(orphan, "SIGKILL");
  fs.rmSync(here.cargo.hold);
  await here.provide();
  expect(here.said.join("\n")).not.toContain("waiting for");
  expect(fs.readdirSync(here.cache)).toEqual(["wasmtime-36.0.14"]);
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "a set-up ended by %s takes its build along",
  async (signal) => {
    const here = machine("http://nosuch.invalid");
    fs.writeFileSync(here.cargo.hold, "");
    const first = setup(here);
    await until("it builds", () => builds(here.cargo) === 1);
    const children = descendantsOf(first.child.pid ?? 0);
    expect(children.length).toBeGreaterThan(0);
    first.child.kill(signal);
    expect(await first.code).toBe(130);
    await until("the build has ended", () => !children.some(isAlive));
    expect(fs.readdirSync(here.cache)).toEqual(["build-36.0.14"]);
    expect(first.said()).toContain("pollcast: interrupted");
  },
);

test("a set-up that waits for another can be interrupted", async () => {
  const here = machine("http://nosuch.invalid");
  fs.writeFileSync(here.cargo.hold, "");
  const first = setup(here);
  await until("the first builds", () => builds(here.cargo) === 1);
  const second = setup(here);
  await until("the second waits", () => second.said().includes("waiting for"));
  second.child.kill("SIGINT");
  expect(await second.code).toBe(130);
  fs.rmSync(here.cargo.hold);
  expect(await first.code).toBe(0);
});
