import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { ROOM_DESCRIPTORS } from "../../host/launcher/guest/descriptor_room.js";
import { launchGuest, type Guest, type LaunchOptions } from "../../host/launcher/guest/launch.js";
import { openListener } from "../../host/launcher/serve/listener.js";
import { fakeWasmtime, writeProgram } from "../support/fake_wasmtime.js";
import {
  descriptorsOf,
  environmentOf,
  isAsleep,
  processGroupOf,
  programOf,
} from "../support/processes.js";
import { temporaryDirectory } from "../support/temporary.js";
import { until } from "../support/wait.js";

/** A program that opens nothing by itself and lives until it is killed. */
function sleeper(): string {
  const file = path.join(temporaryDirectory(), "sleeper");
  return writeProgram(file, "#!/bin/sh\nexec sleep 1000\n");
}

function launched(options: Partial<LaunchOptions>): Guest {
  const guest = launchGuest({
    wasmtime: sleeper(),
    module: "serve",
    args: [],
    listeners: [],
    maxMemoryBytes: 1 << 20,
    ...options,
  });
  onTestFinished(async () => {
    guest.kill("SIGKILL");
    await guest.exited;
  });
  return guest;
}

/** Until it is the sleeper, and that has loaded its libraries, each of which is a descriptor. */
async function asleep(pid: number): Promise<void> {
  const isSleeper = (): boolean => !/(node|sh|dash|bash)$/.test(programOf(pid));
  await until("it sleeps", () => isSleeper() && isAsleep(pid));
}

async function descriptorsOfAnyChild(): Promise<number[]> {
  const child = spawn(sleeper(), { stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  const pid = child.pid ?? 0;
  await asleep(pid);
  return [...descriptorsOf(pid).keys()].filter((fd) => fd > 2);
}

test("the guest has its console, its listeners and no other descriptor", async () => {
  const listeners = await Promise.all(
    [1, 2].map(() => openListener({ host: "127.0.0.1", port: 0 })),
  );
  onTestFinished(async () => {
    await Promise.all(listeners.map((each) => each.close()));
  });
  const guest = launched({ listeners: listeners.map(({ fd }) => fd) });
  await asleep(guest.pid);
  const descriptors = descriptorsOf(guest.pid);
  // Whoever started the tests may have left descriptors open for all its descendants; those are not
  // ours.
  const inherited = await descriptorsOfAnyChild();
  const given = [...descriptors.keys()].filter((fd) => !inherited.includes(fd));
  expect(given.sort()).toEqual([0, 1, 2, 3, 4]);
  expect(descriptors.get(3)).toBe(descriptorsOf(process.pid).get(listeners[0]?.fd ?? -1));
  expect(descriptors.get(4)).toBe(descriptorsOf(process.pid).get(listeners[1]?.fd ?? -1));
});

test.runIf(process.platform === "linux")(
  "the guest's table of descriptors need not grow while it serves",
  async () => {
    const listener = await openListener({ host: "127.0.0.1", port: 0 });
    onTestFinished(() => listener.close());
    const guest = launched({ listeners: [listener.fd] });
    await asleep(guest.pid);
    const status = fs.readFileSync(`/proc/${guest.pid}/status`, "utf8");
    expect(Number(/^FDSize:\s+(\d+)/m.exec(status)?.[1])).toBeGreaterThanOrEqual(ROOM_DESCRIPTORS);
  },
);

test("the guest's environment is what systemd's protocol needs, and no backtraces", async () => {
  const listener = await openListener({ host: "127.0.0.1", port: 0 });
  onTestFinished(() => listener.close());
  const guest = launched({ listeners: [listener.fd] });
  await asleep(guest.pid);
  // A shell may say where it is and how deep; it knows nothing that we did not tell it.
  const ofTheShell = ["PWD", "OLDPWD", "SHLVL", "_"];
  const entries = Object.entries(environmentOf(guest.pid));
  const environment = Object.fromEntries(entries.filter(([name]) => !ofTheShell.includes(name)));
  expect(environment).toEqual({
    LISTEN_FDS: "1",
    LISTEN_PID: String(guest.pid),
    RUST_BACKTRACE: "0",
    RUST_LIB_BACKTRACE: "0",
  });
});

test("the guest is in a process group of its own, out of Ctrl-C's reach", () => {
  const guest = launched({});
  expect(processGroupOf(guest.pid)).toBe(guest.pid);
});

test("wasmtime is told the bounds first, then the module and its arguments", async () => {
  const guest = launched({
    wasmtime: fakeWasmtime(temporaryDirectory()),
    module: "arguments",
    args: ["--address", "here; rm -rf '$HOME'"],
    maxMemoryBytes: 512 * 1024 * 1024,
    extraFlags: ["-D", "debug-info"],
  });
  expect(JSON.parse(await text(guest.stdout))).toEqual([
    "run",
    ...["-S", "preview2=n", "-S", "listenfd", "-W", "max-memory-size=536870912", "-C", "cache=n"],
    ...["-D", "debug-info", "arguments", "--address", "here; rm -rf '$HOME'"],
  ]);
});

test("what was compiled ahead of time is run in the module's place", async () => {
  const guest = launched({
    wasmtime: fakeWasmtime(temporaryDirectory()),
    module: "usage",
    compiled: "/cache/arguments",
    args: ["--help"],
  });
  const given = JSON.parse(await text(guest.stdout)) as string[];
  expect(given.slice(-3)).toEqual(["--allow-precompiled", "/cache/arguments", "--help"]);
});

test("how it ended is known: by a code", async () => {
  const guest = launched({ wasmtime: fakeWasmtime(temporaryDirectory()), module: "usage" });
  expect(await guest.exited).toEqual({ code: 64, signal: null });
});

test("how it ended is known: by a signal", async () => {
  const guest = launched({});
  guest.kill("SIGKILL");
  expect(await guest.exited).toEqual({ code: null, signal: "SIGKILL" });
});

test("a wasmtime that is not there is an end with a code, not an exception", async () => {
  const guest = launched({ wasmtime: "/nowhere/wasmtime" });
  expect((await guest.exited).code).toBe(127);
});

test("writing to a guest that has ended does no harm", async () => {
  const guest = launched({ wasmtime: fakeWasmtime(temporaryDirectory()), module: "usage" });
  await guest.exited;
  guest.stdin.write("quit\n");
  await until("the pipe is gone", () => guest.stdin.destroyed);
});
