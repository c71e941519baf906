/**
 * The operators' tools beside the chat: `pollcast ctl`, its socket, and the log as JSON objects.
 */
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { PassThrough } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { ConsoleOutput } from "../../host/launcher/guest/console.js";
import { ControlChannel } from "../../host/launcher/control/channel.js";
import { Operator } from "../../host/launcher/control/operator.js";
import {
  type ControlSocket,
  openControlSocket,
  QUESTION_BYTES_MOST,
} from "../../host/launcher/control/socket.js";
import { checkSocketPath } from "../../host/launcher/control/socket_path.js";
import { Log } from "../../host/launcher/guest/log.js";
import { connect } from "../contract/conversations/support/client.js";
import { Launcher, pollcast } from "../support/launcher.js";
import { temporaryDirectory } from "../support/temporary.js";
import { until } from "../support/wait.js";

/** A server with a socket of its own. */
async function serving(
  ...args: string[]
): Promise<{ launcher: Launcher; port: number; ask: Ask; socket: string }> {
  const socket = path.join(temporaryDirectory(), "ctl.sock");
  const launcher = new Launcher(["serve", "--port", "0", "--ctl", socket, ...args]);
  const port = await launcher.serves();
  return {
    launcher,
    port,
    socket,
    ask: async (...words) => pollcast(["ctl", ...words], at(socket)),
  };
}

type Ask = (...words: string[]) => ReturnType<typeof pollcast>;
const at = (socket: string) => ({ env: { POLLCAST_CTL: socket } });

test("ctl says what the console says, and ends with 0", async () => {
  const { ask, port } = await serving();
  await connect(port).then((client) => client.say("/nick ann"));
  await until("she is there", async () => (await ask("clients")).stdout.startsWith("ann in lobby"));
  expect((await ask("rooms")).stdout).toBe("lobby (1)\n");
  expect((await ask("kick", "ann", "be", "kind")).stdout).toBe("ann is kicked\n");
  await until("she is gone", async () => (await ask("closed")).stdout.startsWith("ann: kicked"));
  expect((await ask("stats")).stdout).toMatch(/^up +\d+ s\npeople +0 in 1 room\n/);
  expect((await ask("help")).stdout).toMatch(/^clients +lists the connected clients\n/);
}, 60_000);

test("ctl --json gives the object, with numbers for programs", async () => {
  const { ask } = await serving();
  const { stdout, code } = await ask("--json", "stats");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    text: expect.stringMatching(/^up /) as unknown,
    stats: { connections: 0, stopping: false, closed: { left: 0, quit: 0 } },
  });
});

test("options after the command are the command's", async () => {
  const { ask } = await serving();
  expect((await ask("say", "--json", "is", "nice")).stdout).toBe("told 0 people\n");
});

test("ctl quit stops the server, and the socket is gone", async () => {
  const { launcher, ask, socket } = await serving();
  expect(fs.statSync(socket).mode & 0o777).toBe(0o600);
  expect((await ask("quit")).stdout).toBe("stopping\n");
  expect((await launcher.ended).code).toBe(0);
  expect(fs.existsSync(socket)).toBe(false);
  const { code, stderr } = await ask("clients");
  expect(code).toBe(69);
  expect(stderr).toContain(`pollcast: no server answers at ${socket} (ENOENT): `);
});

test("an unknown command is a mistake, with code 64", async () => {
  const { ask } = await serving();
  const { code, stderr, stdout } = await ask("dance", "now");
  expect([code, stdout]).toEqual([64, ""]);
  expect(stderr).toMatch(/^pollcast: there is no command "dance": pollcast ctl help lists them/);
  expect((await ask()).code).toBe(64);
});

test("what the server has refused to do is said on stderr, with code 1", async () => {
  const config = path.join(temporaryDirectory(), "pollcast.toml");
  fs.writeFileSync(config, "");
  const { ask } = await serving("--config", config);
  const refused = async (words: string, why: RegExp): Promise<void> => {
    const { code, stdout, stderr } = await ask(...words.split(" "));
    expect([words, code, stdout]).toEqual([words, 1, ""]);
    expect(stderr).toMatch(why);
  };
  await refused("kick nobody", /^pollcast: nobody is called nobody\n$/);
  await refused("set max-line 0", /^pollcast: .*max-line.*\n$/);
  await refused("unban ann", /^pollcast: ann is not banned\n$/);
  await refused("drain soon", /^pollcast: drain is used like this: /);
  fs.writeFileSync(config, "max-line = 0\n");
  await refused("reload", /^pollcast: .*max-line.*nothing has been changed/s);
  const { stdout } = await ask("--json", "kick", "nobody");
  expect(JSON.parse(stdout)).toEqual({
    ...{ id: expect.any(Number) as unknown, text: "nobody is called nobody\n", refused: true },
  });
});

test("a server that was killed leaves a socket, which the next one takes over", async () => {
  const { launcher, socket } = await serving();
  launcher.process.kill("SIGKILL");
  await launcher.ended;
  expect(fs.existsSync(socket)).toBe(true);
  const next = new Launcher(["serve", "--port", "0", "--ctl", socket]);
  await next.serves();
  expect((await pollcast(["ctl", "rooms"], at(socket))).stdout).toBe("lobby (0)\n");
});

test("a socket at which somebody answers is refused, with code 69", async () => {
  const { socket, ask } = await serving();
  const { code, stderr } = await pollcast(["serve", "--port", "0", "--ctl", socket]);
  expect(code).toBe(69);
  expect(stderr).toContain(`another server answers at the control socket ${socket}: stop it`);
  expect((await ask("rooms")).code).toBe(0);
});

test("without --ctl it is found by the port, and alone also without", async () => {
  const env = { XDG_RUNTIME_DIR: temporaryDirectory() };
  const launcher = new Launcher(["serve", "--port", "0"], { env });
  const port = await launcher.serves();
  const { stdout } = await pollcast(["ctl", "--port", String(port), "rooms"], { env });
  expect(stdout).toBe("lobby (0)\n");
  expect((await pollcast(["ctl", "rooms"], { env })).stdout).toBe("lobby (0)\n");
});

test("a server that was killed is not in the way of the one that lives, nor told of", async () => {
  const env = { XDG_RUNTIME_DIR: temporaryDirectory() };
  const killed = new Launcher(["serve", "--port", "0"], { env });
  const killedPort = await killed.serves();
  killed.process.kill("SIGKILL");
  await killed.ended;
  const port = await new Launcher(["serve", "--port", "0"], { env }).serves();
  expect(fs.readdirSync(env.XDG_RUNTIME_DIR)).toHaveLength(2);
  expect((await pollcast(["ctl", "rooms"], { env })).stdout).toBe("lobby (0)\n");
  // A named port's server is asked, or none.
  const { code, stderr } = await pollcast(["ctl", "--port", String(killedPort), "quit"], { env });
  expect(code).toBe(69);
  const live = path.join(env.XDG_RUNTIME_DIR, `pollcast-${port}.sock`);
  expect(stderr).toContain(`(ECONNREFUSED): name one with --socket: ${live}\n`);
});

test("with --ctl none there is no socket", async () => {
  const env = { XDG_RUNTIME_DIR: temporaryDirectory() };
  const launcher = new Launcher(["serve", "--port", "0", "--ctl", "none"], { env });
  await launcher.serves();
  expect(fs.readdirSync(env.XDG_RUNTIME_DIR)).toEqual([]);
});

test("a path at the system's limit is taken, and one byte more is refused in words", () => {
  const most = process.platform === "linux" ? 107 : 103;
  expect(() => checkSocketPath("x".repeat(most))).not.toThrow();
  expect(() => checkSocketPath("x".repeat(most + 1))).toThrow(
    `too long for the system: ${"x".repeat(most + 1)} has ${most + 1} bytes, and may have ${most}`,
  );
});

function idleOperator(): Operator {
  const log = new Log(new ConsoleOutput(new PassThrough().resume()), false);
  return new Operator(new ControlChannel(), log);
}

async function opened(operator: Operator): Promise<ControlSocket> {
  const socket = await openControlSocket(path.join(temporaryDirectory(), "s"), operator);
  onTestFinished(() => socket.close());
  return socket;
}

async function heard(file: string, said: string): Promise<string> {
  const socket = net.connect(file);
  socket.setEncoding("utf8").end(said);
  let text = "";
  for await (const chunk of socket) text += String(chunk);
  return text;
}

test("who says something else at the socket is told what is wanted", async () => {
  const { path: file } = await opened(idleOperator());
  const wanted = '{"error":"a question is a line of JSON"}\n';
  expect(await heard(file, "GET / HTTP/1.1\r\n")).toBe(wanted);
  const most = `{"error":"a question has at most ${QUESTION_BYTES_MOST} bytes"}\n`;
  expect(await heard(file, "x".repeat(QUESTION_BYTES_MOST) + "\n")).toBe(wanted);
  expect(await heard(file, "x".repeat(QUESTION_BYTES_MOST + 1))).toBe(most);
  expect(await heard(file, `{"command":"${"x".repeat(3 * QUESTION_BYTES_MOST)}"}\n`)).toBe(most);
  const missing = '{"error":"a question is an object with \\"command\\""}\n';
  expect(await heard(file, "7\n")).toBe(missing);
  expect(await heard(file, "")).toBe("");
});

test("a file that is no socket is not touched", async () => {
  const file = path.join(temporaryDirectory(), "mine");
  fs.writeFileSync(file, "precious");
  const opening = openControlSocket(file, idleOperator());
  await expect(opening).rejects.toThrow("is there and no socket");
  expect(fs.readFileSync(file, "utf8")).toBe("precious");
});

/** Lines of a log, which must all be objects. */
function events(log: string): Record<string, unknown>[] {
  return log
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test("the log is objects where no terminal reads it, the guest's and the launcher's alike", async () => {
  const launcher = new Launcher(["serve", "--port", "0"], { env: { POLLCAST_LOG_FORMAT: "" } });
  const port = await launcher.serves();
  const client = await connect(port);
  client.say("/nick ann");
  await launcher.says(/"event":"renamed"/);
  client.say("/quit");
  await client.expectAllUntilEnd();
  await launcher.says(/"event":"gone"/);
  process.kill(launcher.guestPid, "SIGKILL");
  await launcher.says(/"event":"guest-died"[^]*"event":"listening"/);
  launcher.process.kill("SIGTERM");
  await launcher.ended;
  const said = events(launcher.stderr);
  for (const one of said) expect(one["time"]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  const named = ["listening", "joined", "renamed", "gone", "guest-died", "listening"];
  expect(said.map(({ event }) => event).filter((event) => named.includes(String(event)))).toEqual(
    named,
  );
  expect(said.find(({ event }) => event === "gone")).toMatchObject({
    ...{ level: "info", message: "ann is gone: quit (0 here)", name: "ann", reason: "quit" },
    ...{
      bytes_in: 16,
      bytes_out: expect.any(Number) as unknown,
      seconds: expect.any(Number) as unknown,
    },
  });
  expect(said.find(({ event }) => event === "guest-died")).toMatchObject({ level: "warning" });
});

test("from a pipe, the console answers without a prompt, and ends with quit", async () => {
  const { launcher } = await serving();
  launcher.type("rooms\nkick nobody\n\nqu");
  const answers = "lobby (0)\nnobody is called nobody\n";
  await until("two answers", () => launcher.stdout === answers);
  launcher.type("it\n");
  expect((await launcher.ended).code).toBe(0);
  expect(launcher.stdout).toBe(answers);
});

test("with both outputs in one file, each line of it is an object", async () => {
  const file = path.join(temporaryDirectory(), "log");
  const serve = `exec ${process.execPath} bin/pollcast.mjs serve --port 0 --ctl none`;
  const env = { POLLCAST_LOG_FORMAT: "" };
  const command = ["/bin/sh", "-c", `${serve} > ${file} 2>&1 < /dev/null`] as const;
  const launcher = new Launcher([], { command: [...command], env });
  fs.writeFileSync(file, "");
  const said = (): string => fs.readFileSync(file, "utf8");
  await until("it serves", () => said().includes('"event":"listening"'));
  process.kill(launcher.guestPid, "SIGKILL");
  await until("it serves again", () => /guest-died[^]*listening/.test(said()));
  launcher.process.kill("SIGTERM");
  expect((await launcher.ended).code).toBe(0);
  expect(events(said()).at(-1)).toMatchObject({
    ...{ level: "info", event: "stopping", message: "stopping: SIGTERM" },
  });
});

test("the log has what operators changed, and by which way; looks are not in it", async () => {
  const { launcher, ask, port } = await serving("--log-format", "json");
  await connect(port).then((client) => client.say("/nick ann"));
  await launcher.says(/"event":"renamed"/);
  await ask("clients");
  await ask("kick", "nobody");
  await ask("kick", "ann", "be", "kind");
  launcher.type("set rate 7\nrooms\nban \x1b[31m 2h spam\n");
  await launcher.says(/"by":"console","command":"ban /);
  await ask("quit");
  await launcher.ended;
  const told = events(launcher.stderr).filter(({ event }) => event === "operator");
  expect(told.map(({ by, command }) => [by, command])).toEqual([
    ["ctl", "kick ann be kind"],
    ["console", "set rate 7"],
    ["console", "ban \x1b[31m 2h spam"],
    ["ctl", "quit"],
  ]);
  expect(told[0]).toMatchObject({ level: "info", message: "ctl: kick ann be kind" });
});

test("a log of text has the time, and nothing that steers a terminal", async () => {
  const { launcher } = await serving();
  launcher.type("ban \x1b[31m 2h spam\n");
  await launcher.says(/pollcast: console: ban \\u001b\[31m 2h spam\n/);
  launcher.process.kill("SIGTERM");
  await launcher.ended;
  const lines = launcher.stderr.trimEnd().split("\n");
  for (const line of lines) expect(line).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \S/);
  expect(lines.at(-1)).toMatch(/Z pollcast: stopping: SIGTERM$/);
});
