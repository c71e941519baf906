/**
 * Listening sockets that another program has opened, as systemd does: they are passed on to the
 * guests.
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openListener } from "../../host/launcher/serve/listener.js";
import { packageRoot } from "../../host/launcher/base/programs.js";
import { connect } from "../contract/conversations/support/client.js";
import { Launcher } from "../support/launcher.js";
import { temporaryDirectory } from "../support/temporary.js";
import { until } from "../support/wait.js";

const POLLCAST = [process.execPath, path.join(packageRoot, "bin", "pollcast.mjs")] as const;
/** The protocol names the process that the sockets are for; the shell becomes that one. */
const ACTIVATED = ["/bin/sh", "-c", 'LISTEN_PID=$$ exec "$0" "$@"', ...POLLCAST] as const;

async function socket(): Promise<{ fd: number; port: number }> {
  const listener = await openListener({ host: "127.0.0.1", port: 0 });
  onTestFinished(() => listener.close());
  return listener;
}

function activated(args: readonly string[], fds: readonly number[], names = ""): Launcher {
  const env = { LISTEN_FDS: String(fds.length), LISTEN_FDNAMES: names };
  return new Launcher(["serve", ...args], {
    ...{ command: ACTIVATED, descriptors: fds, env },
  });
}

test.each(["node", "wasmtime"])(
  "on %s, a guest serves the socket that was handed in, and so does the next one",
  async (runtime) => {
    const { fd, port } = await socket();
    const launcher = activated(["--runtime", runtime, "--style", "tutorial"], [fd]);
    expect(await launcher.serves()).toBe(port);
    const ann = await connect(port, { name: "client-1" });
    ann.say("hello");
    await ann.expectSaid("client-1", "hello");
    const first = launcher.guestPid;
    process.kill(first, "SIGKILL");
    await launcher.says(/chat died .* restarting now/);
    const bob = await connect(port, { name: "client-1" });
    bob.say("are you there?");
    await bob.expectSaid("client-1", "are you there?");
    expect(launcher.guestPid).not.toBe(first);
    launcher.process.kill("SIGTERM");
    expect((await launcher.ended).code).toBe(0);
    // Whoever has opened it has it still: for the next launcher.
    const waiting = await connect(port);
    const next = activated(["--runtime", runtime, "--style", "tutorial"], [fd]);
    waiting.say("finally");
    await waiting.expectSaid("client-1", "finally");
    next.type("quit\n");
    expect((await next.ended).code).toBe(0);
  },
  60_000,
);

test("several sockets are served, and one that is called proxy is behind one", async () => {
  const [plain, proxied] = [await socket(), await socket()];
  const launcher = activated(["--style", "tutorial"], [plain.fd, proxied.fd], "chat:proxy");
  const [said] = await launcher.says(/listening on .*/);
  const behind = `127.0.0.1:${proxied.port} (behind a proxy)`;
  expect(said).toContain(`listening on 127.0.0.1:${plain.port}, ${behind}`);
  const ann = await connect(proxied.port);
  ann.send("PROXY TCP4 203.0.113.7 127.0.0.1 51234 9998\r\nhello\n");
  await ann.expectSaid("203.0.113.7:51234", "hello");
});

test("who says where to listen as well is told that it is not done", async () => {
  const { fd, port } = await socket();
  const launcher = activated(["--port", "9"], [fd]);
  expect(await launcher.serves()).toBe(port);
  expect(launcher.stderr).toContain(
    "port (--port) is not used: the sockets that were handed in (LISTEN_FDS) are served instead\n",
  );
});

test("what is meant for another process is left alone", async () => {
  const { fd, port } = await socket();
  const launcher = new Launcher(["serve", "--port", "0"], {
    ...{ descriptors: [fd], env: { LISTEN_FDS: "1", LISTEN_PID: "1" } },
  });
  expect(await launcher.serves()).not.toBe(port);
});

test.each([
  ["a file", "EINVAL|ERR_INVALID_FD_TYPE"],
  ["a Unix socket", "EAFNOSUPPORT"],
])("%s is refused in one line, with code 69", async (kind, code) => {
  const launcher = activated([], [await descriptorOf(kind)]);
  const { code: exitCode } = await launcher.ended;
  expect(launcher.stderr).toMatch(
    new RegExp(`^pollcast: fd 3, .* is no listening TCP socket \\((${code})\\): look at .*\\n$`),
  );
  expect(exitCode).toBe(69);
});

async function descriptorOf(kind: string): Promise<number> {
  const file = path.join(temporaryDirectory(), "there");
  if (kind === "a file") return fs.openSync(file, "w");
  const server = net.createServer().listen(file);
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  return (server as unknown as { _handle: { fd: number } })._handle.fd;
}

test("a component cannot take them, which is said in one line", async () => {
  const launcher = activated(["--abi", "p3"], [(await socket()).fd]);
  expect((await launcher.ended).code).toBe(64);
  expect(launcher.stderr).toMatch(/^pollcast: --abi p3 is a component, which cannot take the sock/);
});

test("a number of sockets that is none is refused", async () => {
  const launcher = new Launcher(["serve"], { command: ACTIVATED, env: { LISTEN_FDS: "all" } });
  expect((await launcher.ended).code).toBe(64);
  expect(launcher.stderr).toContain('LISTEN_FDS "all" is not a number of sockets');
});

const has = (program: string): boolean => spawnSync("which", [program]).status === 0;

test.skipIf(!has("systemd-socket-activate"))("systemd's own activation is served", async () => {
  const free = await openListener({ host: "127.0.0.1", port: 0 });
  await free.close();
  const { port } = free;
  const activate = ["systemd-socket-activate", "-l", `127.0.0.1:${port}`] as const;
  const launcher = new Launcher(["serve", "--style", "tutorial", "--log-format", "text"], {
    command: [...activate, "-E", "WASMTIME", ...POLLCAST],
  });
  await launcher.says(/Listening on/);
  const ann = await connect(port);
  ann.say("hello");
  await ann.expectSaid("client-1", "hello");
  launcher.process.kill("SIGTERM");
  await until("it has ended", () => launcher.process.exitCode !== null);
  expect((await launcher.ended).code).toBe(0);
});

test.skipIf(!has("systemd-analyze"))("systemd understands the units", () => {
  const units = ["pollcast.service", "pollcast.socket"].map((unit) =>
    path.join(packageRoot, "docs", "systemd", unit),
  );
  const { status, stderr } = spawnSync("systemd-analyze", ["verify", ...units], {
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([0, ""]);
});
