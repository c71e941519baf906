/**
 * The launcher with the Node runtime: it chooses it, supervises it, and leaves no process behind.
 */
import { writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { launchGuest, type Guest } from "../../host/launcher/guest/launch.js";
import { connect } from "../contract/conversations/support/client.js";
import { fakeInstallers } from "../support/fake_installers.js";
import { fakeWasmtime } from "../support/fake_wasmtime.js";
import { Launcher } from "../support/launcher.js";
import { cpuMs, isAlive, programOf } from "../support/processes.js";
import { temporaryDirectory } from "../support/temporary.js";
import { until } from "../support/wait.js";
import { ENDLESS, growing, moduleOf, TRAPPING } from "../contract/node/support/modules.js";

const PAGE_BYTES = 65_536;
/** More than Node's own backlog of 511, less than ours. */
const BURST = 1_500;

function serving(...args: string[]): Launcher {
  return new Launcher([
    "serve",
    "--style",
    "tutorial",
    "--port",
    "0",
    "--runtime",
    "node",
    ...args,
  ]);
}

/** Nothing on PATH, nothing in HOME. */
function bareMachine(): NodeJS.ProcessEnv {
  const home = temporaryDirectory();
  return { WASMTIME: "", HOME: home, XDG_CACHE_HOME: "", PATH: home };
}

function launched(
  module: string,
  maxMemoryBytes = 16 * PAGE_BYTES,
): Guest & { said: () => string } {
  const guest = launchGuest({ module, args: [], listeners: [], maxMemoryBytes });
  let said = "";
  guest.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  onTestFinished(async () => {
    guest.kill("SIGKILL");
    await guest.exited;
  });
  return { ...guest, said: () => said };
}

async function chats(port: number): Promise<void> {
  const client = await connect(port);
  client.say("hello");
  await client.expectLineLike(/ client-\d+$/);
  await client.expectBytes("hello\n");
}

test("without a wasmtime it serves at once on Node, and says in one line how to get one", async () => {
  const launcher = new Launcher(["serve", "--style", "tutorial", "--port", "0"], {
    env: bareMachine(),
  });
  await chats(await launcher.serves());
  expect(launcher.stderr.split("\n")[0]).toMatch(
    /^\S+Z pollcast: no supported wasmtime at hand: serving on Node \(pollcast setup provides one\)$/,
  );
  expect(programOf(launcher.guestPid)).toBe(process.execPath);
});

test("a burst of connections waits for a guest that is busy", async () => {
  const launcher = serving();
  const port = await launcher.serves();
  process.kill(launcher.guestPid, "SIGSTOP");
  const sockets = Array.from({ length: BURST }, () => net.connect(port, "127.0.0.1"));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  // One that is not let in is tried again by the kernel after a second.
  await until("all are connected", () => sockets.every((socket) => !socket.connecting));
  process.kill(launcher.guestPid, "SIGCONT");
  await chats(port);
});

test("told to provide one where that is impossible, it says why and serves on Node", async () => {
  const env = { ...bareMachine(), POLLCAST_RELEASES: "http://127.0.0.1:1" };
  const launcher = new Launcher(["serve", "--style", "tutorial", "--port", "0", "--setup"], {
    env,
  });
  await chats(await launcher.serves());
  expect(launcher.stderr).toMatch(
    /^\S+Z pollcast: wasmtime 36\.0\.x cannot be provided: there is neither pip nor uv; /m,
  );
  expect(launcher.stderr).toMatch(/^\S+Z pollcast: serving on Node instead$/m);
  expect(programOf(launcher.guestPid)).toBe(process.execPath);
});

test("told to provide one, it takes what it has provided", async () => {
  const env = { ...bareMachine(), PATH: fakeInstallers(temporaryDirectory(), ["pip3"]).bin };
  const launcher = new Launcher(["serve", "--style", "tutorial", "--port", "0", "--setup"], {
    env,
  });
  await launcher.says(/^\S+Z pollcast: wasmtime 36\.0\.9 is at /m);
  launcher.process.kill("SIGTERM");
  await launcher.ended;
  expect(launcher.stderr).not.toContain("serving on Node");
});

test("a wasmtime that cannot serve is passed over for Node, and that is said", async () => {
  const env = bareMachine();
  const wasmtime = fakeWasmtime(env["PATH"] ?? "", { version: "35.0.0" });
  expect(path.basename(wasmtime)).toBe("wasmtime");
  // The fake one is a program of Node's.
  const PATH = [env["PATH"], path.dirname(process.execPath)].join(path.delimiter);
  const launcher = new Launcher(["serve", "--style", "tutorial", "--port", "0"], {
    env: { ...env, PATH },
  });
  await launcher.serves();
  expect(launcher.stderr).toMatch(/^\S+Z pollcast: wasmtime 35\.0\.0 .*; looking further\n/);
  expect(launcher.stderr).toContain("serving on Node");
});

test("where a wasmtime is at hand, auto takes it", async () => {
  const launcher = new Launcher(["serve", "--style", "tutorial", "--port", "0"]);
  await launcher.serves();
  expect(programOf(launcher.guestPid)).toMatch(/wasmtime$/);
});

test("the console shows a host that answers exactly", async () => {
  const launcher = serving();
  await launcher.serves();
  launcher.type("how is it?\n");
  await until("it answers", () => launcher.stdout.includes("selector: poll_oneoff (exact host)"));
});

test.each(["quit\n", "SIGTERM", "SIGINT"])(
  "%j stops it with 0 and no process left",
  async (how) => {
    const launcher = serving();
    const port = await launcher.serves();
    const guest = launcher.guestPid;
    await chats(port);
    if (how === "quit\n") launcher.type(how);
    else launcher.process.kill(how as NodeJS.Signals);
    expect(await launcher.ended).toEqual({ code: 0, signal: null });
    expect(isAlive(guest)).toBe(false);
  },
);

test("kill -9 of the guest: its clients see the end, and the next one serves the same port", async () => {
  const launcher = serving();
  const port = await launcher.serves();
  const client = await connect(port);
  client.say("hello");
  await client.expectLine();
  const killed = launcher.guestPid;
  process.kill(killed, "SIGKILL");
  await client.expectAllUntilEnd();
  await chats(port);
  expect(launcher.stderr).toMatch(/chat died \(signal SIGKILL\) after .*; restarting/);
  expect(launcher.guestPid).not.toBe(killed);
});

test("kill -9 of the launcher takes the guest along", async () => {
  const launcher = serving();
  await launcher.serves();
  const guest = launcher.guestPid;
  onTestFinished(() => {
    if (isAlive(guest)) process.kill(guest, "SIGKILL");
  });
  launcher.process.kill("SIGKILL");
  await until("the guest has ended", () => !isAlive(guest));
});

test("a guest that cannot hear its console is ended all the same", async () => {
  const launcher = new Launcher([
    ...["run", "--runtime", "node", "--port", "0"],
    ...["io-models", "blocking"],
  ]);
  await launcher.serves();
  const guest = launcher.guestPid;
  launcher.process.kill("SIGTERM");
  expect((await launcher.ended).code).toBe(0);
  expect(launcher.stderr).toContain("pollcast: io-models did not quit within 3.0 s: terminated");
  expect(isAlive(guest)).toBe(false);
});

test("a guest that hangs in a loop is ended by a signal", async () => {
  const guest = launched(moduleOf(...ENDLESS));
  await sleep(300);
  guest.kill("SIGTERM");
  expect(await guest.exited).toEqual({ code: null, signal: "SIGTERM" });
});

test("a trap is said in words, and ends it with 134 as wasmtime ends", async () => {
  const guest = launched(moduleOf(...TRAPPING));
  expect(await guest.exited).toEqual({ code: 134, signal: null });
  await until("it is said", () => guest.said() === "the module trapped: unreachable\n");
});

test("a module that comes to its end ends with 0", async () => {
  expect(await launched(moduleOf()).exited).toEqual({ code: 0, signal: null });
});

test("the module's memory can grow to its bound, and not by a page more", async () => {
  const module = moduleOf(...growing(9));
  expect((await launched(module, 10 * PAGE_BYTES).exited).code).toBe(0);
  // One page less, and one more: the module traps.
  expect((await launched(module, 9 * PAGE_BYTES).exited).code).toBe(134);
  expect((await launched(module, 11 * PAGE_BYTES).exited).code).toBe(134);
});

test("a module that wants more memory to start than it may have is refused in one line", async () => {
  const guest = launched(moduleOf(), PAGE_BYTES - 1);
  expect((await guest.exited).code).toBe(70);
  await until("it is said", () => guest.said().includes("--max-memory"));
});

test("a file that is no module is a mistake that is told, not a hang", async () => {
  const file = path.join(temporaryDirectory(), "no.wasm");
  writeFileSync(file, "this is not WebAssembly");
  expect((await launched(file).exited).code).toBe(70);
});

test("an idle server with idle clients costs no processor", async () => {
  const launcher = serving();
  const port = await launcher.serves();
  for (let count = 0; count < 20; count++)
    net.connect(port, "127.0.0.1").on("error", () => undefined);
  await launcher.says(/\(20 here\)/);
  await sleep(300);
  const before = cpuMs(launcher.guestPid);
  await sleep(1_500);
  expect(cpuMs(launcher.guestPid) - before).toBeLessThan(50);
});
