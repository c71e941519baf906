/** `pollcast connect` through a server that is killed and started again. */
import { expect, test } from "vitest";
import { connect, type Client } from "../contract/conversations/support/client.js";
import { answerPings, fakeServer, WELCOME } from "../support/fake_server.js";
import { descendantsOf } from "../support/processes.js";
import { Launcher } from "../support/launcher.js";
import { temporaryDirectory } from "../support/temporary.js";
import { until } from "../support/wait.js";

/** A server that can be killed, and started again at the same port. */
class Mortal {
  port = 0;
  #launcher: Launcher | undefined;

  constructor(private readonly options: readonly string[]) {}

  async start(): Promise<void> {
    const words = ["serve", "--port", String(this.port), "--ctl", "none", ...this.options];
    this.#launcher = new Launcher(words);
    this.port = await this.#launcher.serves();
  }

  async kill(): Promise<void> {
    const launcher = this.#launcher;
    if (launcher === undefined) throw new Error("it was not started");
    const guests = descendantsOf(launcher.pid);
    process.kill(launcher.pid, "SIGKILL");
    for (const pid of guests) process.kill(pid, "SIGKILL");
    await launcher.ended;
  }
}

/** Says lines, and waits until each was said. */
async function says(client: Client, ...lines: string[]): Promise<void> {
  for (const line of lines) {
    client.say(line);
    await expect.poll(() => client.heard.toString()).toContain(`: ${line}\n`);
  }
}

async function reader(port: number, ...words: string[]): Promise<Launcher> {
  const client = new Launcher(["connect", `127.0.0.1:${port}`, ...words]);
  await until("it is in", () => client.stdout.includes("you are"));
  return client;
}

const linesOf = ({ stdout }: Launcher) =>
  [...stdout.matchAll(/^\S+ [\w-]+: (.*)$/gm)].map(([, line]) => line);

test(
  "three kills: it has all lines of its room, each once, in order, and its name",
  { timeout: 90_000 },
  async () => {
    const server = new Mortal(["--data", temporaryDirectory(), "--sync", "always"]);
    await server.start();
    const ann = await reader(server.port, "--name", "ann", "--room", "tea");
    const said: string[] = [];
    for (let life = 0; life < 4; life++) {
      const bob = await connect(server.port);
      bob.say("/join tea");
      await expect.poll(() => bob.heard.toString()).toContain("in tea");
      const lines = Array.from({ length: 8 }, (_, at) => `life ${life} line ${at}`);
      // Some come before it is back, and some after that.
      await says(bob, ...lines.slice(0, 4));
      await until("it is back", () => linesOf(ann).length >= said.length + 4, 30_000);
      await says(bob, ...lines.slice(4));
      said.push(...lines);
      await until("all lines", () => linesOf(ann).length >= said.length);
      if (life < 3) {
        await server.kill();
        await server.start();
      }
    }
    expect(linesOf(ann)).toEqual(said);
    expect(ann.stderr).not.toMatch(/missing/);
    expect(ann.stderr.match(/connected again, as ann in tea/g)).toHaveLength(3);
    ann.process.stdin?.end("the end\n");
    expect((await ann.ended).code).toBe(0);
    expect(linesOf(ann)).toEqual([...said, "the end"]);
  },
);

test(
  "lines that the server has forgotten are said to be missing",
  { timeout: 60_000 },
  async () => {
    const server = new Mortal(["--data", temporaryDirectory(), "--history", "2"]);
    await server.start();
    const ann = await reader(server.port, "--name", "ann");
    const bob = await connect(server.port);
    await says(bob, "one");
    await until("it has that", () => linesOf(ann).length === 1);
    process.kill(ann.pid, "SIGSTOP");
    await server.kill();
    await server.start();
    const eve = await connect(server.port);
    await says(eve, "two", "three", "four", "five");
    process.kill(ann.pid, "SIGCONT");
    await until("the rest", () => linesOf(ann).length === 3, 30_000);
    expect(linesOf(ann)).toEqual(["one", "four", "five"]);
    expect(ann.stderr).toMatch(/^pollcast: lines are missing here: /m);
  },
);

test("a server that has begun anew is known by its ids", { timeout: 60_000 }, async () => {
  const server = new Mortal([]);
  await server.start();
  const ann = await reader(server.port, "--name", "ann");
  await says(await connect(server.port), "one", "two", "three");
  await until("it has these", () => linesOf(ann).length === 3);
  process.kill(ann.pid, "SIGSTOP");
  await server.kill();
  await server.start();
  const eve = await connect(server.port);
  await says(eve, "another one");
  process.kill(ann.pid, "SIGCONT");
  await until("it is back", () => linesOf(ann).length === 4, 30_000);
  await says(eve, "and more");
  await until("the rest", () => linesOf(ann).length === 5);
  expect(linesOf(ann)).toEqual(["one", "two", "three", "another one", "and more"]);
  expect(ann.stderr).toMatch(/the server has begun anew: lines may be missing/);
});

/** The client's second connection, on which the server has another epoch of ids. */
test("another epoch makes ids worthless", { timeout: 30_000 }, async () => {
  const asked: string[] = [];
  let connections = 0;
  const port = await fakeServer((socket) => {
    const epoch = ++connections;
    socket.write(WELCOME.replace('"last":0', `"last":${epoch * 100},"epoch":"${epoch}"`));
    answerPings(socket);
    socket.on("data", (text: string) => {
      asked.push(...(text.match(/^\/history .*$/gm) ?? []));
      if (/^\/ping/m.test(text) && epoch === 1) socket.end();
    });
  });
  const client = new Launcher(["connect", `127.0.0.1:${port}`]);
  await client.says(/connected again, as me in lobby/);
  await client.says(/the server has begun anew/);
  expect(asked).toEqual(["/history since 0"]);
});

test(
  "the name is asked for again while the connection before has it",
  { timeout: 40_000 },
  async () => {
    const server = new Mortal(["--data", temporaryDirectory()]);
    await server.start();
    const ann = await reader(server.port, "--name", "ann");
    process.kill(ann.pid, "SIGSTOP");
    await server.kill();
    await server.start();
    const thief = await connect(server.port);
    thief.say("/nick ann");
    await expect.poll(() => thief.heard.toString()).toContain("is now ann");
    process.kill(ann.pid, "SIGCONT");
    await ann.says(/connected again, as client-\d+ in lobby/, 30_000);
    thief.leave();
    await until("it has its name", () => /is now ann$/m.test(ann.stdout), 20_000);
  },
);
