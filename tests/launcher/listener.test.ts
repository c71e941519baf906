import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { listenFailed, UserError } from "../../host/launcher/base/errors.js";
import { openListener, type HostListener } from "../../host/launcher/serve/listener.js";
import { packageRoot } from "../../host/launcher/base/programs.js";
import { until } from "../support/wait.js";

async function opened(host: string): Promise<HostListener> {
  const listener = await openListener({ host, port: 0 });
  onTestFinished(() => listener.close());
  return listener;
}

function connect(port: number, host = "127.0.0.1"): net.Socket {
  const socket = net.connect(port, host);
  socket.on("error", () => undefined);
  onTestFinished(() => void socket.destroy());
  return socket;
}

/**
 * Connections that wait to be accepted: for a listening socket the kernel shows them as rx_queue.
 */
function waiting(port: number): number {
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  for (const line of fs.readFileSync("/proc/net/tcp", "utf8").split("\n").slice(1)) {
    const [, local = "", , state, queues = ""] = line.trim().split(/\s+/);
    if (state === "0A" && local.endsWith(`:${wanted}`))
      return parseInt(queues.split(":")[1] ?? "", 16);
  }
  throw new Error(`nothing listens on ${port}`);
}

async function refusal(listening: Promise<unknown>): Promise<UserError> {
  const error = await listening.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}

test.each([
  ["127.0.0.1", /^127\.0\.0\.1:\d+$/],
  ["::1", /^\[::1\]:\d+$/],
])("%s is listened on, and its address is written as people write it", async (host, pattern) => {
  const listener = await opened(host);
  expect(listener.address).toMatch(pattern);
  const socket = connect(listener.port, host);
  await new Promise((resolve) => socket.once("connect", resolve));
});

test("connections wait in the backlog: nobody but a guest accepts them", async () => {
  const listener = await opened("127.0.0.1");
  for (let count = 0; count < 3; count++) connect(listener.port);
  await until("three wait", () => waiting(listener.port) === 3);
});

test("the backlog takes 4096, or what the kernel allows", async () => {
  const listener = await opened("127.0.0.1");
  const allowed = Number(fs.readFileSync("/proc/sys/net/core/somaxconn", "utf8"));
  const wanted = Math.min(4096, allowed, 1_000);
  // The kernel keeps connecting clients waiting once the backlog is full, so all of these must get
  // in.
  for (let count = 0; count < wanted; count++) connect(listener.port);
  await until("all of them wait", () => waiting(listener.port) === wanted, 5_000);
  const shown = spawnSync("ss", ["-Htln", `sport = :${listener.port}`], { encoding: "utf8" });
  if (shown.status !== 0) return;
  expect(Number(shown.stdout.trim().split(/\s+/)[2])).toBe(Math.min(4096, allowed));
});

const ASK_ACCEPTED = `
  use Socket qw(SOL_SOCKET SO_KEEPALIVE IPPROTO_TCP TCP_NODELAY);
  open(my $listener, "+<&=", 3) or die $!;
  accept(my $client, $listener) or die $!;
  print join " ", map { unpack("i", getsockopt($client, $_->[0], $_->[1])) }
    [IPPROTO_TCP, TCP_NODELAY], [SOL_SOCKET, SO_KEEPALIVE];`;
const perl = spawnSync("perl", ["-MSocket", "-e", "1"]).status === 0;

test.skipIf(!perl)("accepted sockets inherit TCP_NODELAY and keepalive", async () => {
  const listener = await opened("127.0.0.1");
  connect(listener.port);
  await until("it waits", () => waiting(listener.port) === 1);
  const asked = spawnSync("perl", ["-e", ASK_ACCEPTED], {
    stdio: ["ignore", "pipe", "inherit", listener.fd],
    encoding: "utf8",
  });
  const [nodelay, keepalive] = asked.stdout.split(" ").map(Number);
  expect(nodelay).not.toBe(0);
  expect(keepalive).not.toBe(0);
});

test("a port in use is one line that says so and what to do", async () => {
  const { port } = await opened("127.0.0.1");
  const error = await refusal(openListener({ host: "127.0.0.1", port }));
  expect([error.code, error.exitCode]).toEqual(["E_PORT_IN_USE", 69]);
  expect(error.message).toBe(
    `127.0.0.1:${port} is in use by another program: stop that one, or choose another with ` +
      "--port (0 picks a free one)",
  );
});

test("an address that is not this machine's is refused with words", async () => {
  const error = await refusal(openListener({ host: "192.0.2.1", port: 0 }));
  expect(error.code).toBe("E_ADDRESS_NOT_HERE");
});

test("a name that does not resolve is refused with words", async () => {
  const error = await refusal(openListener({ host: "nosuch.invalid", port: 0 }));
  expect(error.code).toBe("E_HOST_UNKNOWN");
});

test("no permission says which ports need none", () => {
  // Root may listen anywhere, and tests often run as root: the system's error is made up here.
  const error = listenFailed("EACCES", "127.0.0.1", 80);
  expect(error.exitCode).toBe(77);
  expect(error.message).toBe(
    "no permission to listen on 127.0.0.1:80: choose a port above 1023 with --port",
  );
});

test("closing frees the port", async () => {
  const first = await openListener({ host: "127.0.0.1", port: 0 });
  await first.close();
  const second = await openListener({ host: "127.0.0.1", port: first.port });
  await second.close();
});

test("closing refuses those who wait, so that nobody waits for ever", async () => {
  const listener = await openListener({ host: "127.0.0.1", port: 0 });
  const socket = connect(listener.port);
  const closed = new Promise((resolve) => socket.once("close", resolve));
  await until("it waits", () => waiting(listener.port) === 1);
  await listener.close();
  await closed;
});

test("an open listener does not keep the process alive", async () => {
  const module = JSON.stringify(path.join(packageRoot, "dist/host/launcher/serve/listener.js"));
  const source = `
    const { openListener } = await import(${module});
    await openListener({ host: "127.0.0.1", port: 0 });`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", source], {
    stdio: "inherit",
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const code = await new Promise((resolve) => child.once("exit", resolve));
  expect(code).toBe(0);
});
