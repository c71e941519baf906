import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { findModule, findProgram } from "../../host/launcher/base/programs.js";
import { ensurePrivateDirectory } from "../../host/launcher/wasmtime/file_trust.js";
import {
  COMPILED_BYTES_MOST,
  precompile,
  type Precompiled,
} from "../../host/launcher/wasmtime/precompile.js";
import { fakeWasmtime, writeProgram } from "../support/fake_wasmtime.js";
import { Launcher } from "../support/launcher.js";
import { commandOf } from "../support/processes.js";
import { temporaryDirectory } from "../support/temporary.js";
import { until } from "../support/wait.js";
import { wasmtimePath } from "../support/wasmtime.js";

interface Place {
  cache: string;
  directory: string;
  said: string[];
  /** How often wasmtime was asked to compile. */
  compiled: () => number;
  wasmtime: string;
  precompile: () => Promise<Precompiled>;
  /** The one file that is kept. */
  kept: () => string;
}

const module = findModule(findProgram("echo"));

function place(wasmtime = wasmtimePath()): Place {
  const cache = temporaryDirectory();
  const log = path.join(cache, "log");
  const directory = path.join(cache, "pollcast", "compiled");
  const counting = writeProgram(
    path.join(cache, "wasmtime"),
    `#!/bin/sh\n[ "$1" = compile ] && echo once >> ${log}\nexec ${wasmtime} "$@"\n`,
  );
  const said: string[] = [];
  return {
    cache,
    directory,
    said,
    compiled: () => (fs.existsSync(log) ? fs.readFileSync(log, "utf8").split("\n").length - 1 : 0),
    wasmtime: counting,
    precompile: () =>
      precompile({
        wasmtime: counting,
        module,
        say: (line) => void said.push(line),
        env: { XDG_CACHE_HOME: cache },
      }),
    kept: () => {
      const [name = "", ...more] = fs.readdirSync(directory);
      expect(more).toEqual([]);
      return path.join(directory, name);
    },
  };
}

test("it is compiled once, into a directory for us alone, and found again", async () => {
  const here = place();
  const first = (await here.precompile()).usablePath();
  expect(first).toBe(here.kept());
  expect((await here.precompile()).usablePath()).toBe(first);
  expect(here.compiled()).toBe(1);
  expect(fs.statSync(here.directory).mode & 0o777).toBe(0o700);
  expect(fs.statSync(here.kept()).mode & 0o777).toBe(0o600);
  expect(here.said).toEqual([]);
});

test("two at once compile once, and both have it", async () => {
  const here = place();
  const both = await Promise.all([here.precompile(), here.precompile()]);
  expect(both.map((one) => one.usablePath())).toEqual([here.kept(), here.kept()]);
  expect(here.compiled()).toBe(1);
});

test("another wasmtime, or another time of the same, makes another", async () => {
  const here = place();
  await here.precompile();
  fs.utimesSync(here.wasmtime, new Date(0), new Date(0));
  await here.precompile();
  expect(here.compiled()).toBe(2);
  expect(fs.readdirSync(here.directory)).toHaveLength(2);
});

test("what a killed process left half done is cleared away", async () => {
  const here = place();
  fs.mkdirSync(here.directory, { recursive: true });
  fs.writeFileSync(path.join(here.directory, ".draft-1"), "half");
  await here.precompile();
  expect(here.kept()).toMatch(/\.cwasm$/);
});

test("a damaged one is made anew by the next start", async () => {
  const here = place();
  await here.precompile();
  const good = fs.readFileSync(here.kept());
  fs.writeFileSync(here.kept(), good.subarray(0, 1000));
  expect((await here.precompile()).usablePath()).toBe(here.kept());
  expect(fs.readFileSync(here.kept()).equals(good)).toBe(true);
  expect(here.compiled()).toBe(2);
});

test.each<[string, (file: string) => void, RegExp]>([
  ["is damaged", (file) => fs.appendFileSync(file, "x"), /cwasm is damaged$/],
  ["is gone", (file) => fs.rmSync(file), /ENOENT/],
  ["can be written to by others", (file) => fs.chmodSync(file, 0o666), /not a plain file that is/],
  [
    "is a link",
    (file) => {
      fs.renameSync(file, `${file}.elsewhere`);
      fs.symlinkSync(`${file}.elsewhere`, file);
    },
    /not a plain file that is ours alone$/,
  ],
])("one that %s meanwhile is not launched, which is said once", async (_, spoil, why) => {
  const here = place();
  const precompiled = await here.precompile();
  spoil(here.kept());
  expect(precompiled.usablePath()).toBeUndefined();
  expect(precompiled.usablePath()).toBeUndefined();
  expect(here.said).toHaveLength(1);
  expect(here.said[0]).toMatch(/^the compiled module is not used any more, the module itself is: /);
  expect(here.said[0]).toMatch(why);
});

test("where wasmtime has gone meanwhile, the module itself is launched", async () => {
  const here = place();
  const precompiled = await here.precompile();
  fs.rmSync(here.wasmtime);
  expect(precompiled.usablePath()).toBeUndefined();
  expect(here.said).toHaveLength(1);
  expect(here.said[0]).toMatch(/: the module or wasmtime is another by now, or gone$/);
});

test.each<[string, (here: Place) => void, RegExp]>([
  [
    "others can write to it",
    ({ directory }) => {
      fs.mkdirSync(directory, { recursive: true });
      fs.chmodSync(directory, 0o770);
    },
    /others can write to .*compiled$/,
  ],
  [
    "others can write above it",
    ({ directory }) => {
      fs.mkdirSync(directory, { recursive: true });
      fs.chmodSync(path.dirname(directory), 0o777);
    },
    /others can write to .*pollcast$/,
  ],
  [
    "it is a link",
    ({ cache, directory }) => {
      fs.mkdirSync(path.dirname(directory), { recursive: true });
      fs.symlinkSync(cache, directory);
    },
    /compiled is not a directory$/,
  ],
  [
    "a file is in its place",
    ({ directory }) => {
      fs.mkdirSync(path.dirname(directory), { recursive: true });
      fs.writeFileSync(directory, "");
    },
    /EEXIST|ENOTDIR/,
  ],
])("nothing is kept where %s, which is said once", async (_, spoil, why) => {
  const here = place();
  spoil(here);
  expect((await here.precompile()).usablePath()).toBeUndefined();
  expect(here.said).toHaveLength(1);
  expect(here.said[0]).toMatch(/^the module is compiled at each start, not ahead of time: /);
  expect(here.said[0]).toMatch(why);
  expect(here.compiled()).toBe(0);
});

test("another user's directory is not taken", () => {
  const isRoot = process.getuid?.() === 0;
  const other = isRoot ? temporaryDirectory() : "/usr";
  if (isRoot) fs.chownSync(other, 4242, 4242);
  expect(ensurePrivateDirectory(other)).toBe(`${other} is another user's`);
});

test("a wasmtime that cannot compile is no hindrance", async () => {
  const here = place(fakeWasmtime(temporaryDirectory()));
  expect((await here.precompile()).usablePath()).toBeUndefined();
  expect(here.said).toHaveLength(1);
  expect(here.said[0]).toContain("not ahead of time: wasmtime compile ended with code");
});

test("the oldest are removed beyond the bound, and none at it", async () => {
  const here = place();
  await here.precompile();
  const own = fs.statSync(here.kept()).size;
  fs.rmSync(here.kept());
  /** Two others, one of them older, that leave so much of the bound free. */
  const beside = async (free: number): Promise<string[]> => {
    for (const [name, bytes] of Object.entries({ old: 100, young: COMPILED_BYTES_MOST - 100 })) {
      const file = path.join(here.directory, `${name}.cwasm`);
      fs.writeFileSync(file, "");
      fs.truncateSync(file, name === "young" ? bytes - free : bytes);
      fs.utimesSync(file, name === "old" ? 1 : 2, name === "old" ? 1 : 2);
    }
    await here.precompile();
    const names = fs.readdirSync(here.directory).filter((name) => /^(old|young)/.test(name));
    for (const name of fs.readdirSync(here.directory)) fs.rmSync(path.join(here.directory, name));
    return names;
  };
  expect(await beside(own)).toEqual(["old.cwasm", "young.cwasm"]);
  expect(await beside(own - 1)).toEqual(["young.cwasm"]);
  expect(await beside(0)).toEqual([]);
});

/** A server that keeps its compiled module in a place of its own. */
function serving(cache: string, ...args: string[]): Launcher {
  const env = { XDG_CACHE_HOME: cache };
  return new Launcher(["serve", "--port", "0", ...args], { env });
}

test("the chat is served from its compiled form, and so it is after a crash", async () => {
  const cache = temporaryDirectory();
  const launcher = serving(cache);
  await launcher.serves();
  const command = commandOf(launcher.guestPid);
  expect(command).toContain("--allow-precompiled");
  process.kill(launcher.guestPid, "SIGKILL");
  await until("another serves", () => launcher.stderr.split("listening on").length === 3);
  expect(commandOf(launcher.guestPid)).toEqual(command);
  expect(launcher.stderr).not.toContain("compiled");
});

test("--no-precompile keeps nothing", async () => {
  const cache = temporaryDirectory();
  const launcher = serving(cache, "--no-precompile");
  await launcher.serves();
  expect(commandOf(launcher.guestPid)).not.toContain("--allow-precompiled");
  expect(fs.readdirSync(cache)).toEqual([]);
});

test("one that wasmtime refuses is given up: the module itself serves", async () => {
  const cache = temporaryDirectory();
  const directory = path.join(cache, "pollcast", "compiled");
  await serving(cache).serves();
  const [name = ""] = fs.readdirSync(directory);
  fs.rmSync(path.join(directory, name));
  // As good as any by its name, and of no use.
  const hash = createHash("sha256").update("foreign").digest("hex").slice(0, 32);
  const foreign = path.join(directory, name.replace(/-[0-9a-f]+/, `-${hash}`));
  fs.writeFileSync(foreign, "foreign");
  const launcher = serving(cache);
  await launcher.serves();
  expect(commandOf(launcher.guestPid)).not.toContain("--allow-precompiled");
  const lines = launcher.stderr.split("\n").filter((line) => /compiled module/.test(line));
  expect(lines).toEqual([
    expect.stringMatching(
      /^\S+Z pollcast: the compiled module is not used .*: wasmtime ended with code 1 on it$/,
    ),
  ]);
  expect(fs.existsSync(foreign)).toBe(false);
});
