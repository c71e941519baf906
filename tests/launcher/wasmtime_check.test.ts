import { mkdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { UserError } from "../../host/launcher/base/errors.js";
import { check, checkLine } from "../../host/launcher/wasmtime/check.js";
import { execute } from "../../host/launcher/wasmtime/execute.js";
import { candidates, locate } from "../../host/launcher/wasmtime/locate.js";
import { type ReleaseLine, LINES } from "../../host/launcher/wasmtime/pinned.js";
import { probe } from "../../host/launcher/wasmtime/probe.js";
import { type FakeOptions, fakeWasmtime, writeProgram } from "../support/fake_wasmtime.js";
import { temporaryDirectory } from "../support/temporary.js";
import { wasmtimePath } from "../support/wasmtime.js";

test("the wasmtimes the tests run with are supported: one for modules, one for components", async () => {
  expect((await check(wasmtimePath(36), "p1")).kind).toBe("supported");
  expect((await check(wasmtimePath(48), "p3")).kind).toBe("supported");
});

test("the probe tells a wasmtime that does not listen from one that does", async () => {
  expect(await probe(wasmtimePath())).toBeUndefined();
  const deaf = fakeWasmtime(temporaryDirectory(), { probeExitCode: 8 });
  expect(await probe(deaf)).toBe("a trial run ended with code 8");
});

test.each([
  ["48.0.8", "cannot listen for a preview1 module (removed in 47)"],
  ["47.0.0", "cannot listen for a preview1 module (removed in 47)"],
  ["35.9.9", "is too old for a module (36 to 46 can be used)"],
])("wasmtime %s is turned down in one line that says why", async (version, why) => {
  const wasmtime = fakeWasmtime(temporaryDirectory(), { version });
  const reason = `wasmtime ${version} at ${wasmtime} ${why}`;
  expect(await check(wasmtime)).toEqual({ kind: "unsuitable", version, reason });
});

test.each([
  ["46.0.0", "untested"],
  ["47.0.0", "untested"],
  ["48.0.1", "supported"],
  ["50.0.1", "untested"],
])("wasmtime %s runs components, and is %s", async (version, kind) => {
  const wasmtime = fakeWasmtime(temporaryDirectory(), { version });
  expect(await check(wasmtime, "p3")).toEqual({ kind, version });
});

test.each<[string, FakeOptions, string]>([
  ["is too old", { version: "45.9.9" }, "is too old for a component (46 and newer can be used)"],
  [
    "was built without them",
    { version: "48.0.8", componentExitCode: 1 },
    "cannot be used: a trial run ended with code 1",
  ],
])("one that %s is turned down for components", async (_, options, why) => {
  const wasmtime = fakeWasmtime(temporaryDirectory(), options);
  const { version } = options;
  const reason = `wasmtime ${version} at ${wasmtime} ${why}`;
  expect(await check(wasmtime, "p3")).toEqual({ kind: "unsuitable", version, reason });
});

test.each<[ReleaseLine, FakeOptions, string | undefined]>([
  [LINES[36], {}, undefined],
  [LINES[36], { version: "36.0.2", componentExitCode: 1 }, undefined],
  [LINES[36], { probeExitCode: 1 }, "cannot be used: a trial run ended with code 1"],
  [LINES[36], { version: "37.0.0" }, "it is 37.0.0"],
  [LINES[48], { version: "48.0.2", probeExitCode: 1 }, undefined],
  [LINES[48], { version: "48.0.8", componentExitCode: 1 }, "cannot be used: a trial run ended"],
  [LINES[48], { version: "49.0.0" }, "it is 49.0.0"],
])(
  "one of a line is known by its version, and by what it runs: %j, %j",
  async (line, options, why) => {
    const wasmtime = fakeWasmtime(temporaryDirectory(), options);
    const found = await checkLine(wasmtime, line);
    if (why === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(why);
  },
);

test.each(["36.1.0", "46.0.0"])("wasmtime %s is taken, as untested", async (version) => {
  const wasmtime = fakeWasmtime(temporaryDirectory(), { version });
  expect(await check(wasmtime)).toEqual({ kind: "untested", version });
});

test("a wasmtime of the right version that cannot listen is turned down", async () => {
  const wasmtime = fakeWasmtime(temporaryDirectory(), { probeExitCode: 1 });
  expect(await check(wasmtime)).toEqual({
    kind: "unsuitable",
    version: "36.0.14",
    reason: `wasmtime 36.0.14 at ${wasmtime} cannot be used: a trial run ended with code 1`,
  });
});

test.each([
  ["something else", "#!/bin/sh\necho something else 36.0.14\n", "does not answer --version"],
  ["a text", "no program at all", "cannot be used"],
])("%s is not taken for a wasmtime", async (_, text, why) => {
  const file = writeProgram(path.join(temporaryDirectory(), "wasmtime"), text);
  const verdict = await check(file);
  expect(verdict.kind === "unsuitable" && verdict.reason).toContain(why);
});

test("a path without a program is turned down by its name", async () => {
  expect(await check("/nowhere/wasmtime")).toEqual({
    kind: "unsuitable",
    reason: "/nowhere/wasmtime cannot be used: no such program",
  });
});

test("a program that never answers is not waited for", async () => {
  const file = writeProgram(
    path.join(temporaryDirectory(), "sleeper"),
    "#!/bin/sh\nexec sleep 1000\n",
  );
  const { failure } = await execute(file, [], { timeoutMs: 100 });
  expect(failure).toBe("no answer within 0.1 s");
});

/** A machine with a wasmtime of some version in each place. */
function machine(versions: {
  env?: string;
  path?: string[];
  cache?: string;
  newer?: string;
}): NodeJS.ProcessEnv {
  const root = temporaryDirectory();
  const place = (name: string, version: string): string => {
    const directory = path.join(root, name);
    mkdirSync(directory, { recursive: true });
    fakeWasmtime(directory, { version });
    return directory;
  };
  const env: NodeJS.ProcessEnv = { HOME: root, PATH: "" };
  if (versions.env !== undefined) env["WASMTIME"] = `${place("env", versions.env)}/wasmtime`;
  env["PATH"] = (versions.path ?? []).map((version, at) => place(`path${at}`, version)).join(":");
  if (versions.cache !== undefined) place(".cache/pollcast/wasmtime-36.0.14/bin", versions.cache);
  if (versions.newer !== undefined) place(".cache/pollcast/wasmtime-48.0.8/bin", versions.newer);
  return env;
}

test("they are looked for in this order: --wasmtime, $WASMTIME, PATH, our own cache", () => {
  const env = machine({
    ...{ env: "36.0.14", path: ["36.0.14", "36.0.14"] },
    ...{ cache: "36.0.14", newer: "48.0.8" },
  });
  const found = candidates({ explicit: "/some/wasmtime", env });
  expect(found.map(({ origin }) => origin)).toEqual([
    "--wasmtime",
    "$WASMTIME",
    "PATH",
    "PATH",
    "cache",
    "cache",
  ]);
  expect(found.slice(-2).map(({ path }) => /wasmtime-(\d+)/.exec(path)?.[1])).toEqual(["36", "48"]);
});

test.each([
  ["the named one", { env: "36.0.14", path: ["36.0.14"] }, "$WASMTIME", 0],
  ["the one on PATH before our own", { path: ["36.0.14"], cache: "36.0.14" }, "PATH", 0],
  ["our own, if that on PATH is too new", { path: ["48.0.8"], cache: "36.0.14" }, "cache", 1],
  ["a tested one before an untested one", { path: ["40.0.0"], cache: "36.0.14" }, "cache", 0],
  ["an untested one, if there is no other", { path: ["40.0.0"] }, "PATH", 1],
  ["none, if none can", { path: ["48.0.8", "20.0.0"] }, undefined, 2],
])("of several, it takes %s", async (_, versions, origin, notes) => {
  const located = await locate({ env: machine(versions) });
  expect(located.wasmtime?.origin).toBe(origin);
  expect(located.notes).toHaveLength(notes);
});

test.each([
  ["the one on PATH", { path: ["48.0.8"], cache: "36.0.14" }, "PATH", 0],
  ["our own of either line", { newer: "48.0.8" }, "cache", 0],
  ["a tested one before an untested one", { path: ["47.0.0"], newer: "48.0.8" }, "cache", 0],
  ["none, if none can", { path: ["20.0.0"] }, undefined, 1],
])("of several for a component, it takes %s", async (_, versions, origin, notes) => {
  const located = await locate({ abi: "p3", env: machine(versions) });
  expect(located.wasmtime?.origin).toBe(origin);
  expect(located.notes).toHaveLength(notes);
});

test.each(["48.0.8", "20.0.0"])(
  "a named one that cannot is an error, although another could: %s",
  async (version) => {
    const env = machine({ env: version, path: ["36.0.14"] });
    const error = await locate({ env }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).code).toBe("E_WASMTIME_UNSUITABLE");
  },
);

test("an untested one that was named is taken without a search for a better", async () => {
  const env = machine({ env: "40.0.0", path: ["36.0.14"] });
  expect((await locate({ env })).wasmtime?.origin).toBe("$WASMTIME");
});
