import net from "node:net";
import { PassThrough } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { ConsoleInput, ConsoleOutput, PassedConsole } from "../../host/launcher/guest/console.js";
import { errnoOf } from "../../host/launcher/base/errors.js";
import { launchGuest, type Guest } from "../../host/launcher/guest/launch.js";
import { openListener } from "../../host/launcher/serve/listener.js";
import { Log } from "../../host/launcher/guest/log.js";
import { EARLY_DEATHS_MAX } from "../../host/launcher/serve/restart.js";
import { QUIT_WAIT_MS, supervise } from "../../host/launcher/serve/supervise.js";
import { fakeWasmtime } from "../support/fake_wasmtime.js";
import { isAlive } from "../support/processes.js";
import { temporaryDirectory } from "../support/temporary.js";
import { until } from "../support/wait.js";

interface Run {
  user: PassThrough;
  said: () => string;
  printed: () => string;
  guests: Guest[];
  port: number;
  stop: AbortController;
  hurry: AbortController;
  ended: Promise<number>;
}

/** Supervises a fake guest; the name of the module is what it does. */
async function run(module: string, { readErrors = true } = {}): Promise<Run> {
  const wasmtime = fakeWasmtime(temporaryDirectory());
  const listener = await openListener({ host: "127.0.0.1", port: 0 });
  const [user, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
  let printed = "";
  let said = "";
  output.on("data", (chunk) => (printed += String(chunk)));
  if (readErrors) errors.on("data", (chunk) => (said += String(chunk)));
  const guests: Guest[] = [];
  const stop = new AbortController();
  const hurry = new AbortController();
  const ended = supervise({
    name: module,
    launch() {
      const guest = launchGuest({
        wasmtime,
        module,
        args: ["--address", listener.address, "--stop-at-eof"],
        listeners: [listener.fd],
        maxMemoryBytes: 1 << 20,
      });
      guests.push(guest);
      return guest;
    },
    console: new PassedConsole(new ConsoleInput(user), new ConsoleOutput(output)),
    log: new Log(new ConsoleOutput(errors), false),
    requests: { stop: stop.signal, hurry: hurry.signal },
  });
  onTestFinished(async () => {
    stop.abort();
    hurry.abort();
    await ended;
    await listener.close();
    expect(guests.filter(({ pid }) => isAlive(pid))).toEqual([]);
  });
  const { port } = listener;
  return { user, said: () => said, printed: () => printed, guests, port, stop, hurry, ended };
}

async function serving(module = "serve"): Promise<Run> {
  const started = await run(module);
  await until("it serves", () => started.said().includes("listening"));
  return started;
}

function firstLine(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.once("error", reject);
    socket.once("data", (data) => {
      resolve(String(data).trim());
      socket.destroy();
    });
    // A guest killed between accept and write leaves a plain end behind, and no error.
    socket.once("close", () => reject(new Error("closed without a line")));
  });
}

test("quit on the console ends it with code 0", async () => {
  const { user, ended } = await serving();
  user.write("quit\n");
  expect(await ended).toBe(0);
});

test("what the user types and what the guest answers get through", async () => {
  const { user, printed } = await serving();
  user.write("hello\n");
  await until("the answer", () => printed() === 'line "hello"\n');
});

test("the end of the user's input does not stop the server", async () => {
  const { user, port, guests } = await serving();
  user.end("last words");
  expect(await firstLine(port)).toBe(String(guests[0]?.pid));
});

test.each([
  ["usage", 64],
  ["unavailable", 69],
])("%s: an end that would repeat itself is passed on, not retried", async (module, code) => {
  const { ended, guests } = await run(module);
  expect(await ended).toBe(code);
  expect(guests).toHaveLength(1);
});

test("a guest that is killed is replaced at once, and nobody is refused meanwhile", async () => {
  const { said, port, guests } = await serving();
  let refused = 0;
  let answered = 0;
  const ending = new AbortController();
  const clients = (async () => {
    while (!ending.signal.aborted) {
      await firstLine(port).then(
        () => (answered += 1),
        // A connection the dead guest had accepted is closed or reset; that is no refusal.
        (error: unknown) => (refused += errnoOf(error) === "ECONNREFUSED" ? 1 : 0),
      );
    }
  })();
  await until("clients are served", () => answered > 0);
  guests[0]?.kill("SIGKILL");
  await until("another serves", () => said().split("listening").length === 3);
  expect(await firstLine(port)).toBe(String(guests[1]?.pid));
  ending.abort();
  await clients;
  expect(refused).toBe(0);
  expect(said()).toMatch(
    /pollcast: serve died \(signal SIGKILL\) after \d+\.\d s; restarting now\n/,
  );
});

test("a guest that keeps dying young is given up, with code 70 and the reason", async () => {
  const { ended, guests, said } = await run("crash");
  expect(await ended).toBe(70);
  expect(guests).toHaveLength(EARLY_DEATHS_MAX);
  const lines = said().trimEnd().split("\n");
  expect(lines.filter((line) => line === "crash: on purpose")).toHaveLength(EARLY_DEATHS_MAX);
  expect(lines.at(-1)).toMatch(
    /^pollcast: crash died \(code 134, a trap\) after \d\.\d s, as it did 8 times in a row: giv/,
  );
});

test("a stop while the next restart is waited for ends at once, with code 0", async () => {
  const { ended, guests, said, stop } = await run("crash");
  await until("it waits", () => /restarting in/.test(said()));
  const before = guests.length;
  stop.abort();
  expect(await ended).toBe(0);
  expect(guests.length).toBeLessThanOrEqual(before + 1);
});

test("a stop asks the guest to quit, and its code is ours", async () => {
  const { ended, guests, stop, said } = await serving();
  stop.abort();
  expect(await ended).toBe(0);
  expect(await guests[0]?.exited).toEqual({ code: 0, signal: null });
  expect(said()).not.toContain("terminated");
});

test("a half-typed line does not spoil the stop", async () => {
  const { user, ended, stop } = await serving();
  user.write("half");
  stop.abort();
  expect(await ended).toBe(0);
});

test("a guest that does not listen is terminated when its time is up", async () => {
  const { ended, guests, stop, said } = await serving("deaf");
  const askedAt = performance.now();
  stop.abort();
  expect(await ended).toBe(0);
  expect(performance.now() - askedAt).toBeGreaterThanOrEqual(QUIT_WAIT_MS - 50);
  expect(await guests[0]?.exited).toEqual({ code: null, signal: "SIGTERM" });
  expect(said()).toContain("pollcast: deaf did not quit within 3.0 s: terminated\n");
});

test("a second request cuts that time short", async () => {
  const { ended, guests, stop, hurry, said } = await serving("deaf");
  const askedAt = performance.now();
  stop.abort();
  hurry.abort();
  expect(await ended).toBe(0);
  expect(performance.now() - askedAt).toBeLessThan(QUIT_WAIT_MS);
  expect(await guests[0]?.exited).toEqual({ code: null, signal: "SIGTERM" });
  expect(said()).toContain("deaf was given no more time: terminated");
});

test("a guest that refuses even that is killed", async () => {
  const { ended, guests, stop, hurry } = await serving("stubborn");
  stop.abort();
  hurry.abort();
  expect(await ended).toBe(0);
  expect(await guests[0]?.exited).toEqual({ code: null, signal: "SIGKILL" });
});

test("an ending guest's own complaint is not hidden by the stop", async () => {
  const { user, ended, stop } = await serving();
  user.write("exit 70\n");
  stop.abort();
  expect(await ended).toBe(70);
});

test("it gives up on one that dies early, also if nobody reads what it says", async () => {
  const { ended, guests } = await run("chatterbox", { readErrors: false });
  expect(await ended).toBe(70);
  expect(guests).toHaveLength(EARLY_DEATHS_MAX);
}, 60_000);
