import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { lock, withLock } from "../../../host/bootstrap/lock.mjs";
import { packageRoot } from "../../../host/launcher/base/programs.js";
import { temporaryDirectory } from "../../support/temporary.js";
import { until } from "../../support/wait.js";

const LOCK_MODULE = pathToFileURL(path.join(packageRoot, "host/bootstrap/lock.mjs")).href;

/** A process that takes the lock, says so, and runs on. */
function holder(file: string): { pid: number; locked: Promise<void>; kill: () => Promise<void> } {
  const source = `
    const { lock } = await import(${JSON.stringify(LOCK_MODULE)});
    await lock(${JSON.stringify(file)});
    console.log("locked");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", source], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    pid: child.pid ?? 0,
    locked: new Promise((resolve) => child.stdout.once("data", () => resolve())),
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

test("work under one lock never overlaps", async () => {
  const file = path.join(temporaryDirectory(), "a.lock");
  let inside = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((resolve) => setImmediate(resolve));
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 4 }, () => withLock(file, work)));
  expect(most).toBe(1);
});

test("the lock of a living process is waited for, and it is said for whom", async () => {
  const file = path.join(temporaryDirectory(), "a.lock");
  const other = holder(file);
  await other.locked;
  const waitedFor: number[] = [];
  const ours = lock(file, { onWait: ({ pid }) => waitedFor.push(pid) });
  await until("we wait", () => waitedFor.length > 0);
  expect(waitedFor).toEqual([other.pid]);
  await other.kill();
  (await ours)();
});

test("the lock of a killed process is taken over", async () => {
  const file = path.join(temporaryDirectory(), "a.lock");
  const other = holder(file);
  await other.locked;
  await other.kill();
  expect(fs.existsSync(file)).toBe(true);
  (await lock(file))();
});

test("a pid that was given to another process since is no owner", async () => {
  const file = path.join(temporaryDirectory(), "a.lock");
  const owner = { token: "t", pid: process.pid, started: "1", machine: os.hostname() };
  fs.writeFileSync(file, JSON.stringify(owner));
  (await lock(file))();
});

test("a lock from another machine holds while it is touched", async () => {
  const file = path.join(temporaryDirectory(), "a.lock");
  const owner = { token: "t", pid: 1, started: "1", machine: "elsewhere" };
  fs.writeFileSync(file, JSON.stringify(owner));
  const impatient = AbortSignal.timeout(300);
  await expect(lock(file, { signal: impatient })).rejects.toThrow("abort");
  const longAgo = Date.now() / 1000 - 61;
  fs.utimesSync(file, longAgo, longAgo);
  (await lock(file))();
});

test("an unreadable lock is nobody's", async () => {
  const file = path.join(temporaryDirectory(), "a.lock");
  fs.writeFileSync(file, "{");
  (await lock(file))();
});

test("many that find the same dead owner still enter one at a time", async () => {
  const directory = temporaryDirectory();
  const file = path.join(directory, "a.lock");
  const dead = { token: "t", pid: 2 ** 22 + 1, started: "1", machine: os.hostname() };
  fs.writeFileSync(file, JSON.stringify(dead));
  let inside = 0;
  await Promise.all(
    Array.from({ length: 8 }, () =>
      withLock(file, async () => {
        expect(++inside).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
      }),
    ),
  );
  expect(fs.readdirSync(directory)).toEqual([]);
});
