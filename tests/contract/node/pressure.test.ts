/**
 * Backpressure on the Node runtime: one side does not read, and input arrives before the guest asks
 * for it; and the memory that many such clients take.
 */
import { readFileSync } from "node:fs";
import type net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import { GUEST_WINDOW_BYTES, NETWORK_WINDOW_BYTES } from "../../../host/runtime/node/protocol.js";
import { connect } from "../conversations/support/client.js";
import { startProgram } from "../conversations/support/server.js";
import { compileDriver, Driver, LISTENER } from "../selectors/driver.js";
import { useRuntime } from "../../support/runtime.js";
import { until } from "../../support/wait.js";

useRuntime("node");

const MEBIBYTE = 1024 * 1024;
let module: string;

beforeAll(async () => {
  module = await compileDriver();
});

async function readAll(peer: net.Socket, wanted: number): Promise<void> {
  let heard = 0;
  peer.on("data", (bytes) => (heard += bytes.length));
  await until("all has come", () => heard >= wanted);
  expect(heard).toBe(wanted);
}

test("a peer that does not read: the guest sees AGAIN, and room again once it reads", async () => {
  const driver = await Driver.start(module);
  const { peer, fd } = await driver.connect();
  const sent = await driver.fillForGood(fd);
  expect(sent).toBeGreaterThan(NETWORK_WINDOW_BYTES);
  expect(await driver.ask(`poll-one ${fd} w`)).toBe("0");
  await readAll(peer, sent);
  await driver.askUntil(`poll-one ${fd} w`, (answer) => answer === "1");
});

test("a peer that does not read and is reset: that is told once, then EPIPE", async () => {
  const driver = await Driver.start(module);
  const { peer, fd } = await driver.connect();
  await driver.fillForGood(fd);
  peer.resetAndDestroy();
  await driver.askUntil(`poll-one ${fd} w`, (answer) => answer !== "0");
  expect(await driver.ask(`send ${fd} x`)).toMatch(/^(CONNRESET|PIPE)$/);
  expect(await driver.ask(`send ${fd} x`)).toBe("PIPE");
  expect(await driver.ask(`recv ${fd} 9`)).toBe("0");
});

test("a guest that does not read: its peer is stopped, and nothing is lost", async () => {
  const driver = await Driver.start(module);
  const { peer, fd } = await driver.connect();
  const sent = 16 * MEBIBYTE;
  peer.write(Buffer.alloc(sent, "x"));
  await driver.askUntil(`peek ${fd}`, (answer) => answer === "1");
  await sleep(300);
  expect(peer.writableLength).toBeGreaterThan(0);
  let got = 0;
  while (got < sent) {
    const answer = await driver.ask(`recv ${fd} 65536`);
    if (answer === "AGAIN") await driver.ask(`poll r${fd} c1000000000`);
    else got += answer.length - "data ".length;
  }
  expect(got).toBe(sent);
  expect(peer.writableLength).toBe(0);
});

test("a wait ends when something comes, and not before", async () => {
  const driver = await Driver.start(module);
  const { peer, fd } = await driver.connect();
  const start = performance.now();
  setTimeout(() => peer.write("x"), 200);
  expect(await driver.ask(`poll r${fd} r${LISTENER} c5000000000`)).toBe(`${fd}:1:0:1:0 `);
  expect(performance.now() - start).toBeGreaterThan(150);
  expect(performance.now() - start).toBeLessThan(2_000);
});

test("who has come before the guest looks waits, and what it said meanwhile is not lost", async () => {
  const driver = await Driver.start(module);
  expect(await driver.ask("readiness")).toBe("2");
  const peers = await Promise.all(Array.from({ length: 50 }, () => connect(driver.listener.port)));
  for (const [at, peer] of peers.entries()) peer.send(`number ${at}`);
  const heard = new Set<string>();
  while (heard.size < peers.length) {
    const fd = await driver.askUntil(`accept ${LISTENER}`, (answer) => answer !== "AGAIN");
    heard.add(await driver.askUntil(`recv ${fd} 99`, (answer) => answer !== "AGAIN"));
  }
  expect(heard).toEqual(new Set(peers.map((_, at) => `data number ${at}`)));
});

test("many that are held back at once cost their windows and no more", async () => {
  const driver = await Driver.start(module);
  const count = 40;
  const fds: number[] = [];
  for (let at = 0; at < count; at++) {
    const { peer, fd } = await driver.connect();
    peer.write(Buffer.alloc(4 * MEBIBYTE));
    fds.push(fd);
  }
  for (const fd of fds) await driver.askUntil(`peek ${fd}`, (answer) => answer === "1");
  await sleep(300);
  for (const fd of fds) {
    const [, bytes = ""] = /:1:0:(\d+):0/.exec(await driver.ask(`poll r${fd} c0`)) ?? [];
    expect(Number(bytes)).toBeLessThanOrEqual(GUEST_WINDOW_BYTES * 2);
  }
});

test("a hundred silent clients cost some kilobytes each", async () => {
  const server = await startProgram("chat");
  await server.joinAll(20);
  const before = residentKiB(server.pid);
  await server.joinAll(100);
  expect((residentKiB(server.pid) - before) / 100).toBeLessThan(100);
});

function residentKiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}
