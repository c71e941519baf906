/** `pollcast connect` in a pipe: what it prints, when it ends, and how. */
import { expect, test } from "vitest";
import { BURST_LINES } from "../../host/launcher/connect/line_queue.js";
import { LINE_BYTES_MOST } from "../../host/launcher/connect/link.js";
import { connect } from "../contract/conversations/support/client.js";
import { answerPings, fakeServer, WELCOME } from "../support/fake_server.js";
import { Launcher, pollcast } from "../support/launcher.js";
import { until } from "../support/wait.js";

const TIME = String.raw`\d\d:\d\d:\d\d`;

async function serving(...options: string[]): Promise<{ launcher: Launcher; port: number }> {
  const launcher = new Launcher(["serve", "--port", "0", "--ctl", "none", ...options]);
  return { launcher, port: await launcher.serves() };
}

/** A client in a pipe that is given all of its input at once. */
async function piped(port: number, input: string | Buffer, ...words: string[]) {
  const client = new Launcher(["connect", `127.0.0.1:${port}`, ...words]);
  client.process.stdin?.end(input);
  const { code } = await client.ended;
  return { code, stdout: client.stdout, stderr: client.stderr };
}

test("it says its input, prints a line for each message, and ends once all is answered", async () => {
  const { port } = await serving();
  const input = "hello\n/me waves\r\n/rooms\n/nonsense\n\n/msg ann psst\nno newline";
  const { code, stdout, stderr } = await piped(port, input, "--name", "ann", "--room", "tea");
  expect(stdout.replaceAll(new RegExp(TIME, "g"), "(time)").split("\n")).toEqual([
    "* you are ann in tea (1 here)",
    "(time) ann: hello",
    "(time) * ann waves",
    "* lobby (0)",
    "* tea (1)",
    expect.stringMatching(/^\* there is no command \/nonsense: /),
    "[you -> you] psst",
    "[you -> you] psst",
    "(time) ann: no newline",
    "",
  ]);
  expect([code, stderr]).toEqual([0, ""]);
});

test.each(["line", "json"])("a server of style %s is understood", async (style) => {
  const { port } = await serving("--style", style);
  const bob = await connect(port);
  bob.say("before");
  await expect.poll(() => bob.heard.toString()).toContain("before");
  const { code, stdout } = await piped(port, "after\n");
  expect(stdout).toMatch(
    new RegExp(`^\\* you are client-2 in lobby .*\n${TIME} client-2: after\n$`),
  );
  expect(code).toBe(0);
});

test("a file of many lines is no flood, and none of it is lost", { timeout: 60_000 }, async () => {
  const { port } = await serving("--flood-seconds", "1", "--rate", "40");
  const lines = Array.from({ length: BURST_LINES + 30 }, (_, at) => `line ${at}`);
  const { code, stdout } = await piped(port, `${lines.join("\n")}\n`);
  const said = [...stdout.matchAll(/: (line \d+)$/gm)].map(([, line]) => line);
  expect(said).toEqual(lines);
  expect(code).toBe(0);
});

test("/quit ends it, and so does SIGTERM", async () => {
  const { port } = await serving();
  const quits = new Launcher(["connect", `127.0.0.1:${port}`]);
  quits.type("/quit\n");
  expect(await quits.ended).toEqual({ code: 0, signal: null });
  const stopped = new Launcher(["connect", `127.0.0.1:${port}`]);
  await until("it is in", () => stopped.stdout.includes("you are"));
  process.kill(stopped.pid, "SIGTERM");
  expect(await stopped.ended).toEqual({ code: 0, signal: null });
  expect([stopped.stderr, quits.stderr]).toEqual(["", ""]);
});

test("it ends when nobody reads its output", async () => {
  const { port } = await serving();
  const client = new Launcher(["connect", `127.0.0.1:${port}`]);
  await until("it is in", () => client.stdout.includes("you are"));
  client.process.stdout?.destroy();
  const bob = await connect(port);
  bob.say("hello");
  expect((await client.ended).code).toBe(0);
});

test("style json is its own: /style is not sent", async () => {
  const { port } = await serving();
  const { code, stdout, stderr } = await piped(port, "/style line\nhello\n");
  expect(stderr).toBe("pollcast: /style is not for this client, which reads style json\n");
  expect(stdout).toMatch(/ client-1: hello\n$/);
  expect(code).toBe(0);
});

test("a name or a room that the server refuses ends it with 1", async () => {
  const { port } = await serving("--max-rooms", "1");
  await connect(port);
  const taken = await piped(port, "x\n", "--name", "1nn");
  expect([taken.code, taken.stderr]).toEqual([1, expect.stringMatching(/^pollcast: "1nn" cannot/)]);
  const full = await piped(port, "x\n", "--room", "tea");
  expect([full.code, full.stderr]).toEqual([1, expect.stringMatching(/too many rooms/)]);
});

test("a full server ends it with 75, and says so", async () => {
  for (const style of ["line", "json"]) {
    const { port } = await serving("--max-clients", "1", "--style", style);
    const first = await connect(port);
    await first.expectLine();
    const { code, stderr } = await piped(port, "x\n");
    expect(stderr).toBe("pollcast: closed: the server is full, try again later\n");
    expect(code).toBe(75);
  }
});

test("a client that is kicked or banned does not come back, and ends with 77", async () => {
  const { launcher, port } = await serving();
  for (const [command, words] of [
    ["kick ann be kind", "an operator has sent you away"],
    ["ban ann 1h spam", "you are banned"],
  ]) {
    const ann = new Launcher(["connect", `127.0.0.1:${port}`, "--name", "ann"]);
    await until("it is in", () => ann.stdout.includes("you are ann"));
    launcher.type(`${command}\n`);
    expect((await ann.ended).code).toBe(77);
    expect(ann.stderr).toMatch(new RegExp(`^pollcast: closed: ${words}`));
  }
});

test.each([
  [["127.0.0.1:1"], 69, /^pollcast: no server listens at 127\.0\.0\.1:1: start one with /],
  [["no-such-host.invalid"], 69, /^pollcast: the name in no-such-host\.invalid:9999 cannot be res/],
  [["127.0.0.1:0"], 64, /^pollcast: "127\.0\.0\.1:0" is no server: HOST:PORT, HOST or :PORT is/],
  [["127.0.0.1:65536"], 64, /is no server/],
  [["a b"], 64, /is no server/],
  [["--name", "two words"], 64, /^pollcast: --name "two words" is not one word/],
  [["--room", ""], 64, /^pollcast: --room "" is not one word/],
  [["one", "two"], 64, /too many arguments/],
])("connect %j ends with %i", async (words, code, stderr) => {
  const ended = await pollcast(["connect", ...words]);
  expect([ended.code, ended.stdout]).toEqual([code, ""]);
  expect(ended.stderr).toMatch(stderr);
});

test.each([
  ["SSH", "SSH-2.0-OpenSSH_9.2\r\n", /is no pollcast server: it says SSH-2\.0-OpenSSH_9\.2\n$/],
  ["HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n", /it says HTTP\/1\.1 400 Bad Request\n$/],
  ["escape sequences", "\x1b]0;evil\x07\x1b[2J\n", /it says \\u001b\]0;evil\\u0007\\u001b\[2J\n$/],
  ["text after the welcome", `${WELCOME}hello\n`, /it says hello\n$/],
  ["a number after the welcome", `${WELCOME}17\n`, /it says 17\n$/],
  ["an endless line", "x".repeat(LINE_BYTES_MOST + 1), /a line of more than 1048576 bytes\n$/],
  ["an endless object", `${WELCOME}{"type":"${"x".repeat(LINE_BYTES_MOST)}`, /more than 1048576/],
])("a server that says %s is no pollcast server", async (_what, said, words) => {
  const port = await fakeServer((socket) => socket.write(said));
  const { code, stdout, stderr } = await piped(port, "x\n");
  expect(stderr).toMatch(words);
  expect(stderr.trimEnd()).not.toMatch(/\p{Cc}/u);
  expect([code, stdout]).toEqual([76, ""]);
});

test("a line of a megabyte is still a line, and one of the input that is too long is told", async () => {
  const frame = '{"type":"notice","text":""}'.length;
  const port = await fakeServer((socket) => {
    socket.write(WELCOME);
    answerPings(socket);
    socket.write(`{"type":"notice","text":"${"y".repeat(LINE_BYTES_MOST - frame)}"}\n`);
  });
  const { code, stdout, stderr } = await piped(port, `${"x".repeat(70_000)}\nx\n`);
  expect(stdout).toHaveLength(
    "* you are me in lobby (1 here)\n* \n".length + LINE_BYTES_MOST - frame,
  );
  expect(stderr).toBe("pollcast: 1 line of more than 65536 bytes was not sent\n");
  expect(code).toBe(0);
});

test("a server that ends the connection at once is no pollcast server", async () => {
  const port = await fakeServer((socket) => socket.end());
  const { code, stderr } = await piped(port, "x\n");
  expect([code, stderr]).toEqual([
    76,
    expect.stringMatching(/ended the connection without a word/),
  ]);
});

test("a server that does not answer is given up after 15 s", { timeout: 60_000 }, async () => {
  const silent: [string, RegExp][] = [
    ["", /says nothing: is it a pollcast server, not in style tutorial\?/],
    ["* hello\n", /does not know style json/],
    [WELCOME, /does not answer/],
  ];
  const began = performance.now();
  await Promise.all(
    silent.map(async ([said, words]) => {
      const port = await fakeServer((socket) => socket.write(said));
      const { code, stderr } = await piped(port, "x\n");
      expect([code, stderr]).toEqual([75, expect.stringMatching(words)]);
      expect(performance.now() - began).toBeGreaterThan(14_000);
    }),
  );
});

test("a server that does not say goodbye is not waited for", async () => {
  const port = await fakeServer((socket) => {
    socket.write(WELCOME);
    answerPings(socket);
    const chatter = setInterval(() => socket.write('{"type":"notice","text":"x"}\n'), 50);
    socket.once("close", () => clearInterval(chatter));
  });
  const { code } = await piped(port, "x\n");
  expect(code).toBe(0);
});

test("nothing that a server sends reaches the output alive, and each object is one line", async () => {
  const evil = String.raw`\u001b[2J\u001b]0;evil\u0007\r\n* server: forged \u009b31m \u202e`;
  const fields = ["from", "to", "room", "text", "topic", "name", "you", "away", "reason", "code"]
    .map((field) => `"${field}":"${evil}"`)
    .join(",");
  const types = ["message", "action", "private", "join", "leave", "nick", "topic", "room", "whois"];
  const others = ["who", "away", "history", "server", "pong", "notice", "error"];
  const port = await fakeServer((socket) => {
    socket.write(WELCOME);
    answerPings(socket);
    socket.on("data", (text: string) => {
      // It is in the chat, and has said something.
      if (!/^x$/m.test(text)) return;
      for (const type of [...types, ...others]) {
        socket.write(`{"type":"${type}",${fields},"id":1,"time":1e300,"names":["${evil}"]}\n`);
        // Without a field, with fields of other kinds, and of no known type.
        socket.write(
          `{"type":"${type}"}\n{"type":"${type}","id":{},"time":[],"from":7,"names":{}}\n`,
        );
      }
      socket.write('{"type":"unheard-of","text":"x"}\n');
    });
  });
  const { code, stdout } = await piped(port, "x\n");
  expect(code).toBe(0);
  expect(stdout.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202e]/u);
  for (const line of stdout.split("\n").slice(0, -1))
    expect(line).toMatch(/^(\* |\[|\d{4}\/|[\d?]{2}:)/);
  expect(stdout).not.toMatch(/^\* server: forged/m);
  expect(stdout).toContain("* server: \\u001b[2J");
});
