/** A drain: the server closes its clients one by one, and accepts none meanwhile. */
import { expect, test } from "vitest";
import { type Client, connect } from "../contract/conversations/support/client.js";
import { Launcher } from "../support/launcher.js";
import { until } from "../support/wait.js";

async function crowd(port: number, count: number): Promise<Client[]> {
  return Promise.all(Array.from({ length: count }, () => connect(port)));
}

const gone = (people: readonly Client[]): number => people.filter(({ ended }) => ended).length;

async function serving(...args: string[]): Promise<{ launcher: Launcher; port: number }> {
  const launcher = new Launcher(["serve", "--port", "0", ...args]);
  return { launcher, port: await launcher.serves() };
}

test.each(["node", "wasmtime"])(
  "on %s, SIGTERM with --drain-seconds tells people, spreads them, refuses others, and ends",
  async (runtime) => {
    const { launcher, port } = await serving("--drain-seconds", "2", "--runtime", runtime);
    const people = await crowd(port, 10);
    await launcher.says(/client-10 joined/);
    const begun = performance.now();
    launcher.process.kill("SIGTERM");
    await until("the first has gone", () => gone(people) > 0);
    expect(gone(people)).toBeLessThan(6);
    await expect(connect(port)).rejects.toThrow("ECONNREFUSED");
    expect((await launcher.ended).code).toBe(0);
    const seconds = (performance.now() - begun) / 1000;
    expect(seconds).toBeGreaterThan(1.5);
    expect(seconds).toBeLessThan(6);
    expect(gone(people)).toBe(10);
    for (const one of people) expect(String(one.heard)).toContain("the server is going down");
    expect(launcher.stderr).not.toContain("restarting");
  },
  30_000,
);

test("a second signal ends a drain", async () => {
  const { launcher, port } = await serving("--drain-seconds", "600", "--runtime", "node");
  await crowd(port, 3);
  await launcher.says(/client-3 joined/);
  launcher.process.kill("SIGTERM");
  await launcher.says(/draining: 3 people, 600 s/);
  await new Promise((resolve) => setTimeout(resolve, 600));
  const begun = performance.now();
  launcher.process.kill("SIGTERM");
  expect((await launcher.ended).code).toBe(0);
  expect(performance.now() - begun).toBeLessThan(4_000);
  expect(launcher.stderr).not.toContain("terminated");
}, 30_000);

test("SIGINT stops at once, drain or not", async () => {
  const { launcher, port } = await serving("--drain-seconds", "600", "--runtime", "node");
  await crowd(port, 1);
  launcher.process.kill("SIGINT");
  expect((await launcher.ended).code).toBe(0);
  expect(launcher.stderr).not.toContain("draining");
});

test("an operator's drain closes the door as well", async () => {
  const { launcher, port } = await serving("--runtime", "node");
  const [ann] = await crowd(port, 1);
  await launcher.says(/client-1 joined/);
  launcher.type("drain 1\n");
  await until("an answer", () => launcher.stdout.includes("sent away within"));
  await expect(connect(port)).rejects.toThrow("ECONNREFUSED");
  expect((await launcher.ended).code).toBe(0);
  expect(ann?.ended).toBe(true);
});

test("a guest that dies while it drains is not followed by another", async () => {
  const { launcher, port } = await serving("--runtime", "node");
  await crowd(port, 1);
  await launcher.says(/client-1 joined/);
  launcher.type("drain 600\n");
  await launcher.says(/draining/);
  await until("an answer", () => launcher.stdout.includes("sent away within"));
  process.kill(launcher.guestPid, "SIGKILL");
  await launcher.ended;
  expect(launcher.stderr).not.toContain("restarting");
});

test("a drain that is not understood changes nothing", async () => {
  const { launcher, port } = await serving("--runtime", "node");
  launcher.type("drain soon\n");
  await until("an answer", () => launcher.stdout.includes("drain is used like this"));
  await connect(port);
  await launcher.says(/client-1 joined/);
});
