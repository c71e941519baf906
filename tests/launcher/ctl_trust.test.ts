/**
 * Which control sockets `pollcast ctl` trusts, and how a server copes with faults at its own
 * socket.
 */
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Launcher, pollcast } from "../support/launcher.js";
import { temporaryDirectory } from "../support/temporary.js";
import { until } from "../support/wait.js";

const UID = process.getuid?.() ?? 0;
const PORT = "9999";

/**
 * Listens on a socket as a program that is not pollcast.
 *
 * @returns a function that returns what it received
 */
async function squat(file: string, answer: string): Promise<() => string> {
  let heard = "";
  const server = net.createServer((socket) => {
    socket.on("error", () => undefined);
    socket.setEncoding("utf8").on("data", (text) => {
      heard += String(text);
      socket.end(answer);
    });
  });
  server.listen(file);
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return () => heard;
}

/** A temporary directory for everybody. */
function sharedDirectory(): string {
  const directory = temporaryDirectory();
  fs.chmodSync(directory, 0o1777);
  return directory;
}

test("ctl asks no socket that another user can have put there", async () => {
  const TMPDIR = sharedDirectory();
  const folder = path.join(TMPDIR, `pollcast-${UID}`);
  fs.mkdirSync(folder);
  fs.chmodSync(folder, 0o777);
  const answer = '{"text":"mine\\n"}\n';
  const inFolder = await squat(path.join(folder, `pollcast-${PORT}.sock`), answer);
  const beside = await squat(path.join(TMPDIR, `pollcast-${UID}-${PORT}.sock`), answer);
  const session = await squat(path.join(folder, `pollcast-${PORT}1.sock`), answer);
  for (const XDG_RUNTIME_DIR of ["", folder, "relative"]) {
    for (const args of [["--port", PORT], []]) {
      const ctl = ["ctl", ...args, "ban", "ann"];
      const { code, stdout, stderr } = await pollcast(ctl, { env: { TMPDIR, XDG_RUNTIME_DIR } });
      expect([code, stdout]).toEqual([69, ""]);
      expect(stderr).toMatch(/^pollcast: no server answers.*\n$/);
    }
  }
  expect([inFolder(), beside(), session()]).toEqual(["", "", ""]);
}, 60_000);

test("what a socket answers cannot steer the terminal", async () => {
  const file = path.join(temporaryDirectory(), "s");
  const text = "a\x1b]0;owned\x07\u009b2J\u202eb\r\x7f\n";
  await squat(file, `${JSON.stringify({ text })}\n`);
  const env = { POLLCAST_CTL: file };
  const shown = "a\\u001b]0;owned\\u0007\\u009b2J\\u202eb\\u000d\\u007f\n";
  expect((await pollcast(["ctl", "rooms"], { env })).stdout).toBe(shown);
  const { stdout } = await pollcast(["ctl", "--json", "rooms"], { env });
  expect(stdout).toMatch(/^[ -~]*\n$/);
  expect(JSON.parse(stdout)).toEqual({ text });
});

test.each(["null", "7", "{", "", '{"text":7}'])(
  "an answer %j is no mistake of ours",
  async (answer) => {
    const file = path.join(temporaryDirectory(), "s");
    await squat(file, answer);
    const { stdout, stderr } = await pollcast(["ctl", "rooms"], { env: { POLLCAST_CTL: file } });
    expect(stdout + stderr).toMatch(/^7$|ended before it answered\n$/);
  },
);

test("a server without a place of its own goes on with the next, or with none", async () => {
  const TMPDIR = sharedDirectory();
  const env = { TMPDIR, XDG_RUNTIME_DIR: sharedDirectory() };
  const first = new Launcher(["serve", "--port", "0"], { env });
  const port = await first.serves();
  const own = path.join(TMPDIR, `pollcast-${UID}`);
  expect(fs.statSync(own).mode & 0o777).toBe(0o700);
  expect(fs.readdirSync(own)).toEqual([`pollcast-${port}.sock`]);
  expect((await pollcast(["ctl", "rooms"], { env })).stdout).toBe("lobby (0)\n");

  fs.writeFileSync(path.join(env.XDG_RUNTIME_DIR, `pollcast-${UID}`), "");
  const nowhere = { TMPDIR: env.XDG_RUNTIME_DIR, XDG_RUNTIME_DIR: "" };
  const second = new Launcher(["serve", "--port", "0"], { env: nowhere });
  await second.serves();
  expect(second.stderr).toMatch(/no control socket in \S+: [^\n]*; going on without it\n/);
});

test("of several servers one has to be named", async () => {
  const env = { TMPDIR: sharedDirectory(), XDG_RUNTIME_DIR: "" };
  const servers = [0, 1].map(() => new Launcher(["serve", "--port", "0"], { env }));
  const ports = await Promise.all(servers.map((server) => server.serves()));
  const { code, stderr } = await pollcast(["ctl", "quit"], { env });
  expect(code).toBe(64);
  for (const port of ports) expect(stderr).toContain(String(port));
  for (const port of ports) {
    expect((await pollcast(["ctl", "--port", String(port), "rooms"], { env })).code).toBe(0);
  }
}, 60_000);

test("sockets that killed servers left are removed by the next one", async () => {
  const env = { TMPDIR: sharedDirectory(), XDG_RUNTIME_DIR: "" };
  const killed = new Launcher(["serve", "--port", "0"], { env });
  const left = `pollcast-${await killed.serves()}.sock`;
  killed.process.kill("SIGKILL");
  await killed.ended;
  const folder = path.join(env.TMPDIR, `pollcast-${UID}`);
  const old = new Date(Date.now() - 60_000);
  fs.utimesSync(path.join(folder, left), old, old);
  const port = await new Launcher(["serve", "--port", "0"], { env }).serves();
  expect(fs.readdirSync(folder)).toEqual([`pollcast-${port}.sock`]);
});

test("who is connected to the control socket does not delay the stop", async () => {
  const socket = path.join(temporaryDirectory(), "s");
  const launcher = new Launcher(["serve", "--port", "0", "--ctl", socket]);
  await launcher.serves();
  const clients = ["", "half a question", '{"command":"stats"}\n'].map((said) => {
    const client = net.connect({ path: socket, allowHalfOpen: true });
    client.on("error", () => undefined).write(said);
    onTestFinished(() => void client.destroy());
    return client;
  });
  await Promise.all(clients.map((client) => once(client, "connect")));
  const start = performance.now();
  launcher.process.kill("SIGTERM");
  expect((await launcher.ended).code).toBe(0);
  expect(performance.now() - start).toBeLessThan(4_000);
  await until("it is gone", () => !fs.existsSync(socket));
});
