/** Situations in which a server or a command could wait without end, or end without a message. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { HEARTBEAT_MISSING_MS } from "../../host/bootstrap/lock.mjs";
import { packageRoot } from "../../host/launcher/base/programs.js";
import { connect } from "../contract/conversations/support/client.js";
import { Launcher, pollcast } from "../support/launcher.js";
import { descriptorsOf } from "../support/processes.js";
import { temporaryDirectory } from "../support/temporary.js";
import { until } from "../support/wait.js";

const OUR_MISTAKE = /mistake of pollcast itself|\n {4}at /;

describe("the watchdog", () => {
  test.each(["wasmtime", "node"])(
    "starts a module on %s again that answers nothing",
    async (runtime) => {
      const args = [
        "--port",
        "0",
        "--ctl",
        "none",
        "--watchdog-seconds",
        "1",
        "--runtime",
        runtime,
      ];
      const launcher = new Launcher(["serve", ...args, "--log-format", "json"]);
      await launcher.says(/"event":"listening"/);
      const hung = launcher.guestPid;
      process.kill(hung, "SIGSTOP");
      const [line] = await launcher.says(/\{.*"event":"guest-hung".*\}/);
      expect(JSON.parse(line)).toMatchObject({
        level: "warning",
        message: "the module has answered nothing for 1 s (--watchdog-seconds): killed",
      });
      await launcher.says(/guest-died[^]*"event":"listening"/);
      expect(launcher.guestPid).not.toBe(hung);
    },
  );

  test("blames nobody for the time in which the launcher was stopped", async () => {
    const args = ["serve", "--port", "0", "--ctl", "none", "--watchdog-seconds", "1"];
    const launcher = new Launcher(args);
    const port = await launcher.serves();
    launcher.process.kill("SIGSTOP");
    await sleep(2_500);
    launcher.process.kill("SIGCONT");
    await connect(port);
    await launcher.says(/client-1 joined/);
    expect(launcher.stderr).not.toMatch(/answered nothing/);
  });

  test("is off with 0, and can be changed live", async () => {
    const config = path.join(temporaryDirectory(), "pollcast.toml");
    fs.writeFileSync(config, "watchdog-seconds = 0\n");
    const launcher = new Launcher(["serve", "--port", "0", "--ctl", "none", "--config", config]);
    await launcher.serves();
    process.kill(launcher.guestPid, "SIGSTOP");
    await sleep(1_500);
    expect(launcher.stderr).not.toMatch(/answered nothing/);
    fs.writeFileSync(config, "watchdog-seconds = 1\n");
    launcher.process.kill("SIGHUP");
    await launcher.says(/watchdog-seconds is 1 now \(was 0\)/);
    await launcher.says(/answered nothing for 1 s/);
  });
});

describe("a reload", () => {
  /** `(module (func (export "_start") (loop (br 0))) (memory (export "memory") 1))` */
  const LOOPING = Buffer.from(
    "0061736d01000000010401600000030201000503010001" +
      "071302066d656d6f72790200065f737461727400000a0901070003400c000b0b",
    "hex",
  );

  async function serving(): Promise<{ launcher: Launcher; config: string; module: string }> {
    const root = temporaryDirectory();
    for (const name of ["package.json", "bin", "dist", "build/chat.wasm"])
      fs.cpSync(path.join(packageRoot, name), path.join(root, name), { recursive: true });
    fs.symlinkSync(path.join(packageRoot, "node_modules"), path.join(root, "node_modules"));
    const config = path.join(root, "pollcast.toml");
    fs.writeFileSync(config, "rate = 20\n");
    const bin = path.join(root, "bin", "pollcast.mjs");
    const args = ["serve", "--port", "0", "--ctl", "none", "--runtime", "node", "--config", config];
    const launcher = new Launcher(args, { command: [process.execPath, bin] });
    await launcher.serves();
    return { launcher, config, module: path.join(root, "build/chat.wasm") };
  }

  test("with a module that loops is refused, and people are served meanwhile", async () => {
    const { launcher, module } = await serving();
    fs.rmSync(module);
    fs.writeFileSync(module, LOOPING);
    launcher.process.kill("SIGHUP");
    // The launcher is not held up by it.
    launcher.type("rooms\n");
    await until("an answer", () => launcher.stdout === "lobby (0)\n");
    await launcher.says(/chat\.wasm cannot be used \(no answer within 10 s\)/, 30_000);
    await launcher.says(/reload: nothing has been changed\n/);
  }, 60_000);

  test.each(["configuration", "module"])(
    "with a pipe as %s is refused",
    async (what) => {
      const { launcher, config, module } = await serving();
      const file = what === "module" ? module : config;
      fs.rmSync(file);
      expect(spawnSync("mkfifo", [file]).status).toBe(0);
      launcher.process.kill("SIGHUP");
      await launcher.says(/it is not a plain file/);
      await launcher.says(/reload: nothing has been changed\n/);
      launcher.process.kill("SIGTERM");
      expect((await launcher.ended).code).toBe(0);
    },
    30_000,
  );
});

describe("a directory that cannot be made", () => {
  test.each(["/proc/none/x", "/proc/1/x/y"])("--data %s is refused at once", async (directory) => {
    const { code, stderr } = await pollcast(["serve", "--port", "0", "--data", directory]);
    expect([code, stderr]).toEqual([69, expect.stringMatching(/cannot keep the chat in \/proc/)]);
    expect(stderr).not.toMatch(OUR_MISTAKE);
  });

  test.each(["/proc/1", "/dev/null"])("setup with HOME=%s says so", async (HOME) => {
    const env = { HOME, XDG_CACHE_HOME: "" };
    const { code, stderr } = await pollcast(["setup"], { env });
    expect([code, stderr]).toEqual([69, expect.stringMatching(/^pollcast: cannot write to \S+ /)]);
    const launcher = new Launcher(["serve", "--port", "0", "--ctl", "none"], { env });
    await connect(await launcher.serves());
    expect(launcher.stderr).not.toMatch(OUR_MISTAKE);
  });
});

describe("the lock of a data directory", () => {
  const OWNER = { token: "t", pid: 1, started: "7", machine: `not-${os.hostname()}` };

  function locked(owner: object): string {
    const directory = temporaryDirectory();
    fs.writeFileSync(path.join(directory, "lock"), JSON.stringify(owner));
    return directory;
  }

  const serve = (directory: string): Launcher =>
    new Launcher(["serve", "--port", "0", "--ctl", "none", "--data", directory]);

  test.each([
    ["another machine", OWNER],
    ["another container of this name", { ...OWNER, machine: os.hostname(), system: "x y" }],
  ])(
    "which %s left is taken over once its heartbeat is missing",
    async (_, owner) => {
      const launcher = serve(locked(owner));
      await launcher.says(/is locked by process 1 on \S+: looking whether that one lives\n/);
      const [, port] = await launcher.says(/listening on \S*:(\d+)/, HEARTBEAT_MISSING_MS + 10_000);
      await connect(Number(port));
    },
    40_000,
  );

  test("which another machine keeps is refused, and it is said whose it is", async () => {
    const directory = locked(OWNER);
    const file = path.join(directory, "lock");
    const beats = setInterval(() => fs.utimesSync(file, new Date(), new Date()), 500);
    const launcher = serve(directory);
    const { code } = await launcher.ended;
    clearInterval(beats);
    expect(code).toBe(69);
    expect(launcher.stderr).toContain(`(process 1 on not-${os.hostname()}): stop that one, or`);
  }, 30_000);

  test("is waited for no longer than until a stop", async () => {
    const launcher = serve(locked(OWNER));
    await launcher.says(/looking whether/);
    launcher.process.kill("SIGTERM");
    expect((await launcher.ended).code).toBe(130);
  });
});

describe("what is printed and cannot be written", () => {
  async function onFull(...args: string[]): Promise<{ code: number | null; stderr: string }> {
    const bin = `exec ${process.execPath} bin/pollcast.mjs ${args.join(" ")} > /dev/full`;
    return pollcast([], { command: ["/bin/sh", "-c", bin] });
  }

  async function journal(): Promise<string> {
    const directory = temporaryDirectory();
    const args = ["--port", "0", "--ctl", "none", "--runtime", "node", "--data", directory];
    const launcher = new Launcher(["serve", ...args]);
    const client = await connect(await launcher.serves());
    client.say("hello");
    await client.expectLineLike(/^\* you are /);
    await client.expectLineLike(/client-1: hello$/);
    launcher.type("quit\n");
    await launcher.ended;
    return directory;
  }

  test("is an error of history, config check and doctor", async () => {
    const directory = await journal();
    for (const words of [
      ["history", "export", directory],
      ["history", "verify", directory],
      ["config", "check"],
      ["doctor", "--port", "0"],
    ]) {
      const { code, stderr } = await onFull(...words);
      expect([words[0], code, stderr]).toEqual([
        words[0],
        74,
        expect.stringMatching(/^pollcast: the output cannot be written: ENOSPC/m),
      ]);
    }
    const piped = `${process.execPath} bin/pollcast.mjs history export ${directory} | true`;
    expect((await pollcast([], { command: ["/bin/sh", "-c", piped] })).stderr).toBe("");
  }, 60_000);

  test.each(["verify", "export"])(
    "a directory without a journal is no whole one: %s",
    async (what) => {
      const { code, stdout, stderr } = await pollcast(["history", what, temporaryDirectory()]);
      expect([code, stdout]).toEqual([69, ""]);
      expect(stderr).toMatch(
        /^pollcast: there is no journal in \S+: name what --data was given\n$/,
      );
    },
  );
});

describe("options", () => {
  test("a flag turns back what a file or a variable has turned on or off", async () => {
    const config = path.join(temporaryDirectory(), "pollcast.toml");
    fs.writeFileSync(config, "setup = true\nprecompile = false\n");
    const args = ["config", "check", "--config", config];
    const before = await pollcast(args);
    expect(before.stdout).toMatch(/^setup = true +# .*^precompile = false +# /ms);
    const after = await pollcast([...args, "--no-setup", "--precompile"]);
    expect(after.stdout).toMatch(/^setup = false +# --\S*setup$.*^precompile = true +# --/ms);
    const env = { POLLCAST_SETUP: "true" };
    expect((await pollcast(["config", "check", "--no-setup"], { env })).stdout).toMatch(
      /^setup = false/m,
    );
  });

  test("a module gets no less memory than it starts with", async () => {
    const { code, stderr } = await pollcast(["serve", "--max-memory", "7"]);
    expect([code, stderr]).toEqual([64, expect.stringMatching(/is not a whole number from 8 to /)]);
    for (const runtime of ["wasmtime", "node"]) {
      const args = ["serve", "--port", "0", "--ctl", "none", "--max-memory", "8"];
      const launcher = new Launcher([...args, "--runtime", runtime]);
      await connect(await launcher.serves());
      await launcher.says(/client-1 joined/);
    }
  });
});

test("SIGUSR1 opens no debugger, neither of the launcher nor of the Node runtime", async () => {
  const launcher = new Launcher(["serve", "--port", "0", "--ctl", "none", "--runtime", "node"]);
  const port = await launcher.serves();
  for (const pid of [launcher.pid, launcher.guestPid]) {
    const before = listenersOf(pid);
    process.kill(pid, "SIGUSR1");
    const client = await connect(port);
    client.say("/quit");
    await client.expectAllUntilEnd();
    expect(listenersOf(pid)).toEqual(before);
  }
  expect(launcher.stderr).not.toMatch(/[Dd]ebugger/);
});

/** The listening sockets among what a process has open. */
function listenersOf(pid: number): string[] {
  const tables = ["tcp", "tcp6"].map((name) => fs.readFileSync(`/proc/${pid}/net/${name}`, "utf8"));
  const listening = tables
    .flatMap((table) => table.split("\n").map((line) => line.trim().split(/\s+/)))
    .filter((fields) => fields[3] === "0A")
    .map((fields) => `socket:[${fields[9]}]`);
  const all = [...descriptorsOf(pid).values()].filter((what) => listening.includes(what));
  return [...new Set(all)].sort();
}
