/**
 * Programs that strangers really use, at the door of the chat: what each saw, and what a user in the
 * room heard of it. A program that is not there is named in a line, and not run.
 */
import { spawn, spawnSync } from "node:child_process";
import { expect, onTestFinished, test } from "vitest";
import { Launcher } from "../../support/launcher.js";
import { hasTerminal, Terminal } from "../../support/terminal.js";
import { until } from "../../support/wait.js";
import { connect, type Client } from "./support/client.js";

const PROGRAMS = ["curl", "openssl", "ssh", "plink", "inetutils-telnet"];
const missing = new Set(PROGRAMS.filter((name) => spawnSync(name, ["-V"]).error !== undefined));
if (missing.size > 0)
  process.stderr.write(`pollcast: NOT RUN, the tests with ${[...missing].join(", ")}: not there\n`);

const withProgram = (name: string) => test.skipIf(missing.has(name));
const withTelnet = test.skipIf(missing.has("inetutils-telnet") || !hasTerminal);

interface Scene {
  port: number;
  launcher: Launcher;
  /** A user in the room, who reads objects. */
  witness: Client;
}

async function scene(): Promise<Scene> {
  const launcher = new Launcher(["serve", "--port", "0", "--ctl", "none"]);
  const port = await launcher.serves();
  const witness = await connect(port);
  witness.say("/style json");
  await expect.poll(() => witness.heard.toString()).toContain("welcome");
  return { launcher, port, witness };
}

/** Returns the messages of users that a client received. */
async function saidTo(witness: Client): Promise<string[]> {
  witness.say("/ping all");
  await expect.poll(() => witness.heard.toString()).toContain('"pong","text":"all"');
  const lines = witness.takeAll().toString().split("\n");
  const objects = lines
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as { type: string; text: string });
  return objects
    .filter(({ type }) => ["message", "action", "private"].includes(type))
    .map(({ text }) => text);
}

/** Runs a program to its end. @returns its exit code and all that it printed */
async function run(program: string, args: readonly string[], input = "") {
  const child = spawn(program, args, {
    timeout: 20_000,
    env: { ...process.env, HOME: "/nowhere" },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (more: string) => (text += more));
  child.stdin.on("error", () => undefined).end(input);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, text: text.replaceAll("\r\n", "\n") };
}

const welcomed = "* you are client-2 in lobby (2 here); /help says what you can type\n";
const refused = (protocol: string) =>
  `${welcomed}* closed: this is a chat server, and you speak ${protocol}\n`;

test.skipIf(missing.has("curl")).each([
  ["GET", []],
  ["POST", ["--data", "/nick mallory\nhello\n"]],
])("curl, %s: it sees why, and nobody hears it", async (_what, more) => {
  const { port, witness, launcher } = await scene();
  const seen = await run("curl", ["-sS", "--http0.9", ...more, `http://127.0.0.1:${port}/`]);
  expect(seen).toEqual({ code: 0, text: refused("HTTP") });
  await launcher.says(/client-2 is gone: another protocol/);
  expect(await saidTo(witness)).toEqual([]);
});

test.skipIf(missing.has("curl")).each([
  ["HTTP/1.1", ["--http1.1"], "http", 1, /^curl: \(1\) Received HTTP\/0\.9 when not allowed\n$/],
  ["HTTP/2", ["--http2-prior-knowledge"], "http", 52, /^curl: \(52\) Empty reply from server\n$/],
  ["HTTPS", ["-k"], "https", 35, /^curl: \(35\) .*wrong version number.*\n$/],
])("curl, %s", async (_what, more, scheme, code, text) => {
  const { port, witness, launcher } = await scene();
  const seen = await run("curl", ["-sS", ...more, `${scheme}://127.0.0.1:${port}/`]);
  expect(seen).toEqual({ code, text: expect.stringMatching(text) as string });
  await launcher.says(/client-2 is gone: (another protocol|connection broken)/);
  expect(await saidTo(witness)).toEqual([]);
});

withProgram("openssl")("openssl s_client", async () => {
  const { port, witness, launcher } = await scene();
  const seen = await run("openssl", ["s_client", "-connect", `127.0.0.1:${port}`], "hello\n");
  expect(seen.text).toMatch(/wrong version number/);
  expect(seen.code).toBe(1);
  await launcher.says(/client-2 speaks TLS/);
  expect(await saidTo(witness)).toEqual([]);
});

withProgram("ssh")("ssh", async () => {
  const { port, witness, launcher } = await scene();
  const options = ["-v", "-F", "none", "-o", "BatchMode=yes", "-p", String(port)];
  const { code, text } = await run("ssh", [...options, "nobody@127.0.0.1"]);
  const banner = [...text.matchAll(/banner line \d: (.*\n)/g)].map(([, line]) => line);
  expect(banner.join("")).toBe(refused("SSH"));
  expect(code).toBe(255);
  await launcher.says(/client-2 is gone: another protocol/);
  expect(await saidTo(witness)).toEqual([]);
});

withProgram("plink")("plink -telnet", async () => {
  const { port, witness } = await scene();
  const words = ["-telnet", "-batch", "-P", String(port), "127.0.0.1"];
  const input = "/nick ann\nhello 小明\n/msg ann psst\n/quit\n";
  const { code, text } = await run("plink", words, input);
  expect(text.replace(/\d\d:\d\d:\d\d/, "(time)")).toBe(
    `${welcomed}* client-2 is now ann\n(time) ann: hello 小明\n` +
      "[you -> ann] psst\n[ann -> you] psst\n* goodbye\n",
  );
  expect(code).toBe(0);
  expect(await saidTo(witness)).toEqual(["hello 小明"]);
});

withTelnet("GNU inetutils telnet: Ctrl-C does not make it deaf", async () => {
  const { port, witness } = await scene();
  const terminal = new Terminal(`exec inetutils-telnet 127.0.0.1 ${port}`);
  await terminal.shows(/\* you are client-2 [^]*\n$/);
  terminal.type("hello\r");
  await terminal.shows(/client-2: hello\n$/);
  terminal.type("\x03");
  await terminal.shows(/\^C$/);
  // What is typed while it sends the interrupt is lost on its side.
  await until("it is heard again", () => {
    terminal.type("after\r");
    return terminal.written.includes("client-2: after");
  });
  terminal.type("/quit\r");
  await terminal.shows(/\* goodbye\n/);
  await terminal.ended;
  expect(new Set(await saidTo(witness))).toEqual(new Set(["hello", "after"]));
});

/** The probes of a port scanner, with the protocol that the chat detects; empty for none. */
const PROBES: readonly (readonly [string, string, string])[] = [
  ["nothing", "", ""],
  ["blank lines", "\r\n\r\n", ""],
  ["HTTP", "GET / HTTP/1.0\r\n\r\n", "HTTP"],
  ["HTTP's options", "OPTIONS / HTTP/1.0\r\n\r\n", "HTTP"],
  ["RTSP", "OPTIONS / RTSP/1.0\r\n\r\n", "RTSP"],
  ["SIP", "OPTIONS sip:nm SIP/2.0\r\nVia: SIP/2.0/TCP nm\r\n\r\n", "SIP"],
  ["RPC", "\x80\0\0(r\xfe\x1d\x13\0\0\0\0\0\0\0\x02\0\x01\x86\xa0", "RPC"],
  ["DNS, the version", "\0\x1e\0\x06\x01\0\0\x01\0\0\0\0\0\0\x07version\x04bind", "DNS"],
  ["DNS, the status", "\0\x0c\0\0\x10\0\0\0\0\0\0\0\0\0", "a binary protocol"],
  ["TLS", "\x16\x03\0\0S\x01\0\0O\x03\0?G\xd7\xf7", "TLS"],
  ["RDP", "\x03\0\0*%\xe0\0\0\0\0\0Cookie: mstshash=x\r\n\x01\0\x08\0", "RDP"],
  ["Kerberos", "\0\0\0qj\x81n0\x81k\xa1\x03\x02\x01\x05\xa2\x03\x02\x01\n", "a binary protocol"],
  ["SMB", "\0\0\0\xa4\xffSMBr\0\0\0\0\x08\x01@\0\0", "SMB"],
  ["X11", "l\0\x0b\0\0\0\0\0\0\0\0\0", "X11"],
  ["LPD", "\x01default\n", "LPD"],
  ["LDAP", "0\x84\0\0\0-\x02\x01\x07c\x84\0\0\0$\x04\0\n\x01\0\n\x01\0", "LDAP"],
  ["Redis", "*1\r\n$4\r\nPING\r\n", "Redis"],
  ["Java RMI", "JRMI\0\x02K", "Java RMI"],
  ["SOCKS", "\x05\x04\0\x01\x02\x80\x05\x01\0\x03", "SOCKS"],
];

test("nothing of a scanner's probes is said to anybody", { timeout: 60_000 }, async () => {
  const { port, witness, launcher } = await scene();
  for (const [at, [what, bytes, protocol]] of PROBES.entries()) {
    const scanner = await connect(port);
    await scanner.sendNow(Buffer.from(bytes, "latin1"));
    if (protocol === "") scanner.halfClose();
    const name = `client-${at + 2}`;
    const saw = (await scanner.expectAllUntilEnd()).toString().replace(name, "client-2");
    expect([what, saw]).toEqual([what, protocol === "" ? welcomed : refused(protocol)]);
    await launcher.says(new RegExp(`${name} is gone`));
  }
  expect(await saidTo(witness)).toEqual([]);
});
