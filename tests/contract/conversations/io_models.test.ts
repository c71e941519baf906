/** One echo service in four I/O models: what they have in common, and how they differ. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Client } from "./support/client.js";
import { startProgram, type Server } from "./support/server.js";
import { componentRuntime } from "../../support/runtime.js";

const CONCURRENT = ["nonblocking", "multiplexed", "asynchronous"];
const MODELS = ["blocking", ...CONCURRENT];

interface Stats {
  model: string;
  echoes: number;
  hostCalls: number;
  waitingNs: number;
  copyingNs: number;
  completions: "none" | "emulated" | "host";
}

/** Returns which side completes the reads of a model. */
function completionsOf(model: string): Stats["completions"] {
  if (model !== "asynchronous") return "none";
  return componentRuntime() === undefined ? "emulated" : "host";
}

async function start(model: string): Promise<Server> {
  return startProgram("io-models", [model]);
}

async function echo(client: Client, message: string): Promise<void> {
  client.send(message);
  await client.expectBytes(`Your msg is ${message}`);
}

async function statsOf(client: Client): Promise<Stats> {
  client.send("stats\n");
  return JSON.parse(await client.expectLine()) as Stats;
}

describe.each(MODELS)("%s", (model) => {
  test("answers what it is told", async () => {
    const server = await start(model);
    const client = await server.connect();
    await echo(client, "hello");
    await echo(client, "again\n");
  });

  test("serves one client after another", async () => {
    const server = await start(model);
    for (let round = 1; round <= 3; round++) {
      const client = await server.connect();
      await echo(client, `round ${round}`);
      client.halfClose();
      await client.expectEnd();
    }
  });

  test("goes on after a reset", async () => {
    const server = await start(model);
    const broken = await server.connect();
    await echo(broken, "x");
    broken.send("y");
    broken.reset();
    const client = await server.connect();
    await echo(client, "next");
  });

  test("says in one line of JSON what it has cost", async () => {
    const server = await start(model);
    const client = await server.connect();
    const before = await statsOf(client);
    expect(before).toEqual({
      model,
      echoes: 0,
      hostCalls: expect.any(Number) as number,
      waitingNs: expect.any(Number) as number,
      copyingNs: expect.any(Number) as number,
      completions: completionsOf(model),
    });
    for (let count = 0; count < 10; count++) await echo(client, "x");
    const after = await statsOf(client);
    expect(after.echoes).toBe(10);
    // A recv and a send each, at the least.
    expect(after.hostCalls - before.hostCalls).toBeGreaterThanOrEqual(20);
    expect(after.waitingNs).toBeGreaterThan(before.waitingNs);
    // What the host has put into the program's buffer need not be copied.
    if (after.completions === "host") expect(after.copyingNs).toBe(0);
    else expect(after.copyingNs).toBeGreaterThan(before.copyingNs);
  });
});

test.each(MODELS)("%s counts a wait before it answers what ended it", async (model) => {
  const server = await start(model);
  const client = await server.connect();
  await statsOf(client);
  const silence = 300;
  // A little of it passes before the program begins to wait; nonblocking is busy between its waits,
  // and where a call costs more, for more of the time.
  await sleep(silence * 2);
  const { waitingNs } = await statsOf(client);
  const again = await statsOf(client);
  expect(waitingNs).toBeGreaterThan(silence * 1e6);
  expect(again.waitingNs - waitingNs).toBeLessThan(silence * 1e6);
});

test("blocking serves one client at a time: the others wait for it to leave", async () => {
  const server = await start("blocking");
  const first = await server.connect();
  await echo(first, "mine");
  const [second, third] = [await server.connect(), await server.connect()];
  second.send("and me?");
  third.send("and me?");
  for (let count = 0; count < 100; count++) await echo(first, "still mine");
  expect([second.heardBytes, third.heardBytes]).toEqual([0, 0]);
  first.leave();
  await second.expectBytes("Your msg is and me?");
  expect(third.heardBytes).toBe(0);
  second.leave();
  await third.expectBytes("Your msg is and me?");
});

test("blocking does not hear its console, whatever is said there: a signal ends it", async () => {
  const server = await start("blocking");
  server.console("quit");
  server.endConsole();
  const client = await server.connect();
  await echo(client, "still here");
  server.kill("SIGTERM");
  expect(await server.exited).toEqual({ code: null, signal: "SIGTERM" });
});

describe.each(CONCURRENT)("%s", (model) => {
  test("serves twenty clients while all of them stay", async () => {
    const server = await start(model);
    const clients = await Promise.all(Array.from({ length: 20 }, () => server.connect()));
    for (const client of clients) client.send(`I am ${client.socket.localPort ?? 0}`);
    for (const client of clients)
      await client.expectBytes(`Your msg is I am ${client.socket.localPort ?? 0}`);
  });

  test("a silent client does not keep the others waiting", async () => {
    const server = await start(model);
    await server.connect();
    await echo(await server.connect(), "here");
  });

  test("quit on the console ends it with 0, and clients see the end", async () => {
    const server = await start(model);
    const client = await server.connect();
    await echo(client, "x");
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    await client.expectEnd();
  });

  test("anything else on the console shows what it has cost", async () => {
    const server = await start(model);
    await echo(await server.connect(), "x");
    server.console("how much?");
    await server.prints(new RegExp(`${model}: 1 echoes, \\d+ host calls\n>>$`));
  });

  test("the end of the console ends it with 0, if so asked", async () => {
    const server = await start(model);
    server.endConsole();
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });
});

test("asynchronous answers a flood of one client, and the others meanwhile", async () => {
  const server = await start("asynchronous");
  const [flooder, other] = [await server.connect(), await server.connect()];
  flooder.socket.pause();
  for (let count = 0; count < 200; count++) flooder.send("x".repeat(1000));
  await echo(other, "here");
  other.leave();
  flooder.reset();
  await echo(await server.connect(), "still here");
});
