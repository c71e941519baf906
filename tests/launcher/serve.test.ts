import { spawn, spawnSync } from "node:child_process";
import net from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { packageRoot } from "../../host/launcher/base/programs.js";
import { Launcher } from "../support/launcher.js";
import { childrenOf, descendantsOf, isAlive, programOf } from "../support/processes.js";
import { until } from "../support/wait.js";

function serving(...args: string[]): Launcher {
  return new Launcher(["serve", "--port", "0", ...args]);
}

/** A chat client that remembers what it heard. */
async function client(port: number): Promise<{ heard: () => string; say: (line: string) => void }> {
  const socket = net.connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  onTestFinished(() => void socket.destroy());
  let heard = "";
  socket.setEncoding("utf8").on("data", (text: string) => (heard += text));
  await new Promise((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  return { heard: () => heard, say: (line) => void socket.write(`${line}\n`) };
}

/** Says a line, hears it, and leaves. */
async function answered(port: number): Promise<void> {
  const socket = net.connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => undefined);
  socket.write("hello\n");
  await new Promise((resolve) => socket.once("data", resolve));
  socket.destroy();
}

async function chats(port: number): Promise<void> {
  const [speaker, listener] = [await client(port), await client(port)];
  // Both are known to the server once each has heard something of its own.
  speaker.say("first");
  listener.say("second");
  await until(
    "both are in",
    () => /first/.test(speaker.heard()) && /second/.test(listener.heard()),
  );
  speaker.say("hello there");
  await until("the line arrives", () => listener.heard().includes("hello there"));
}

test("two clients of the served chat hear each other", async () => {
  await chats(await serving().serves());
});

test("it serves on IPv6, and says the address as people write it", async () => {
  const launcher = new Launcher(["serve", "--host", "::1", "--port", "0"]);
  await launcher.says(/chat: listening on \[::1\]:\d+/);
});

test("quit typed on the console stops it with code 0 and no process left", async () => {
  const launcher = serving();
  await launcher.serves();
  const guest = launcher.guestPid;
  launcher.type("quit\n");
  expect(await launcher.ended).toEqual({ code: 0, signal: null });
  expect(isAlive(guest)).toBe(false);
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s stops it with code 0 and no process left, even while somebody types",
  async (signal) => {
    const launcher = serving();
    await launcher.serves();
    const guest = launcher.guestPid;
    launcher.type("half a li");
    launcher.process.kill(signal);
    expect(await launcher.ended).toEqual({ code: 0, signal: null });
    expect(isAlive(guest)).toBe(false);
  },
);

test("the end of its input does not stop it", async () => {
  const launcher = serving();
  launcher.process.stdin?.end();
  await chats(await launcher.serves());
});

test("readers of its output that go away do not stop it", async () => {
  const launcher = serving();
  const port = await launcher.serves();
  launcher.process.stdout?.destroy();
  launcher.process.stderr?.destroy();
  for (let count = 0; count < 3; count++) launcher.type("say something\n");
  await chats(port);
  launcher.process.kill("SIGTERM");
  expect((await launcher.ended).code).toBe(0);
});

test("kill -9 of the module: no client is refused, and it is back within a second", async () => {
  const launcher = serving();
  const port = await launcher.serves();
  const ending = new AbortController();
  let connected = 0;
  const failures: string[] = [];
  const clients = (async () => {
    while (!ending.signal.aborted) {
      await new Promise<void>((resolve) => {
        const socket = net.connect(port, "127.0.0.1");
        socket.once("connect", () => {
          connected += 1;
          socket.destroy();
        });
        socket.once("error", (error: NodeJS.ErrnoException) => failures.push(error.code ?? ""));
        socket.once("close", () => resolve());
      });
    }
  })();
  for (let kill = 1; kill <= 3; kill++) {
    const before = connected;
    await until("clients connect", () => connected > before + 10);
    const killed = launcher.guestPid;
    process.kill(killed, "SIGKILL");
    await until(
      "another guest serves",
      () => launcher.stderr.split("listening on").length === kill + 2,
    );
    await chats(port);
    expect(launcher.guestPid).not.toBe(killed);
  }
  ending.abort();
  await clients;
  expect(failures).toEqual([]);
});

test("kill -9 of the launcher takes the module along", async () => {
  const launcher = serving();
  await launcher.serves();
  const guest = launcher.guestPid;
  onTestFinished(() => {
    if (isAlive(guest)) process.kill(guest, "SIGKILL");
  });
  launcher.process.kill("SIGKILL");
  await until("the guest has ended", () => !isAlive(guest));
});

test("a program that cannot hear its console is ended all the same", async () => {
  const launcher = new Launcher(["run", "io-models", "blocking", "--port", "0"]);
  await launcher.serves();
  const guest = launcher.guestPid;
  launcher.process.kill("SIGTERM");
  expect((await launcher.ended).code).toBe(0);
  expect(launcher.stderr).toContain("pollcast: io-models did not quit within 3.0 s: terminated");
  expect(isAlive(guest)).toBe(false);
});

test("under npm start, the launcher starts the module itself, and SIGTERM stops all", async () => {
  const npm = new Launcher(["start", "--", "--port", "0"], { command: ["npm"] });
  const port = await npm.serves();
  await npm.says(new RegExp(`^\\S+Z pollcast: in another terminal, type: .*\\b${port}\\b`, "m"));
  const all = descendantsOf(npm.pid);
  const guest = all.find((pid) => programOf(pid).endsWith("wasmtime"));
  const launcher = all.find((pid) => guest !== undefined && childrenOf(pid).includes(guest));
  expect(programOf(launcher ?? 0)).toBe(process.execPath);
  npm.process.kill("SIGTERM");
  expect((await npm.ended).code).toBe(0);
  await until("all have ended", () => !all.some(isAlive));
});

test("under npx, which does not hand signals on, SIGTERM still leaves no process", async () => {
  const npx = new Launcher(["pollcast", "serve", "--port", "0"], { command: ["npx"] });
  await npx.serves();
  const all = descendantsOf(npx.pid);
  expect(all.some((pid) => programOf(pid).endsWith("wasmtime"))).toBe(true);
  onTestFinished(() => {
    for (const pid of all.filter(isAlive)) process.kill(pid, "SIGKILL");
  });
  npx.process.kill("SIGTERM");
  await until("all have ended", () => !all.some(isAlive));
});

const script = spawnSync("script", ["--version"]).status === 0;

test.skipIf(!script)(
  "under npm start, Ctrl-C in a terminal stops it with code 0 and no process left",
  async () => {
    // script(1) runs the command in a terminal of its own and hands our bytes to its keyboard. Its
    // shell is whatever SHELL says; one that stayed (dash) would die of Ctrl-C itself, so: exec.
    const terminal = spawn("script", ["-qec", "exec npm start -- --port 0", "/dev/null"], {
      cwd: packageRoot,
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, SHELL: "/bin/sh", WASMTIME: process.env["TESTED_WASMTIME"] },
    });
    const ended = new Promise((resolve) => terminal.once("close", resolve));
    let shown = "";
    terminal.stdout.setEncoding("utf8").on("data", (text: string) => (shown += text));
    onTestFinished(() => void terminal.kill("SIGKILL"));
    await until("it serves", () => shown.includes("listening on"));
    const all = descendantsOf(terminal.pid ?? 0);
    expect(all.some((pid) => programOf(pid).endsWith("wasmtime"))).toBe(true);
    terminal.stdin.write("half a li\x03");
    expect(await ended, shown).toBe(0);
    expect(shown).not.toContain("given no more time");
    await until("all have ended", () => !all.some(isAlive));
  },
);

test.skipIf(!script).each([
  ["p1", "TESTED_WASMTIME"],
  ["p3", "TESTED_WASMTIME_48"],
])(
  "a terminal that nobody reads stops neither chat nor launcher: %s",
  async (abi, variable) => {
    const command = `exec ${process.execPath} bin/pollcast.mjs serve --port 0 --abi ${abi}`;
    const terminal = spawn("script", ["-qefc", command, "/dev/null"], {
      cwd: packageRoot,
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, WASMTIME: process.env[variable] },
    });
    const ended = new Promise((resolve) => terminal.once("close", resolve));
    let shown = "";
    const listen = (text: string): void => void (shown += text);
    terminal.stdout.setEncoding("utf8").on("data", listen);
    onTestFinished(() => void terminal.kill("SIGKILL"));
    await until("it serves", () => shown.includes("listening on"));
    const port = Number(/listening on \S*:(\d+)/.exec(shown)?.[1]);
    const all = descendantsOf(terminal.pid ?? 0);
    terminal.stdout.off("data", listen).pause();
    // Each says a line when it comes and one when it goes: more than the terminal and the pipe hold.
    for (let round = 0; round < 150; round++) {
      const crowd = await Promise.all(Array.from({ length: 50 }, () => answered(port)));
      expect(crowd).toHaveLength(50);
    }
    const launcher = all.find((pid) => programOf(pid).endsWith("node"));
    process.kill(launcher ?? NaN, "SIGTERM");
    await until("all have ended", () => !all.some(isAlive));
    terminal.stdout.resume();
    expect(await ended).toBe(0);
  },
  60_000,
);
