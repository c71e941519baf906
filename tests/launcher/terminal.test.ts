/** The console on a terminal, which script(1) gives: what the person in front of it sees. */
import { spawn, spawnSync } from "node:child_process";
import { expect, onTestFinished, test } from "vitest";
import { packageRoot } from "../../host/launcher/base/programs.js";
import { connect } from "../contract/conversations/support/client.js";
import { childrenOf, descendantsOf, isAlive } from "../support/processes.js";
import { Screen } from "../support/screen.js";
import { until } from "../support/wait.js";
import { wasmtimePath } from "../support/wasmtime.js";

const COLUMNS = 60;
const UP = "\x1b[A";
const LEFT = "\x1b[D";

class Terminal {
  readonly #screen = new Screen(COLUMNS);
  readonly #process;
  readonly ended: Promise<number | null>;

  constructor() {
    const serve = `exec ${process.execPath} bin/pollcast.mjs serve --port 0 --ctl none`;
    const command = `stty cols ${COLUMNS}; ${serve}`;
    this.#process = spawn("script", ["-qefc", command, "/dev/null"], {
      cwd: packageRoot,
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, SHELL: "/bin/sh", TERM: "xterm", WASMTIME: wasmtimePath() },
    });
    this.#process.stdout.setEncoding("utf8").on("data", (text: string) => this.#screen.write(text));
    this.ended = new Promise((resolve) => this.#process.once("close", resolve));
    onTestFinished(() => {
      for (const pid of descendantsOf(this.pid)) if (isAlive(pid)) process.kill(pid, "SIGKILL");
      this.#process.kill("SIGKILL");
    });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  type(keys: string): void {
    this.#process.stdin.write(keys);
  }

  /** Waits until what is on the screen ends like this. */
  async shows(end: string | RegExp): Promise<string> {
    const look = (): boolean =>
      typeof end === "string" ? this.#screen.text.endsWith(end) : end.test(this.#screen.text);
    await until("the screen", look).catch(() => {
      throw new Error(`the screen does not end with ${String(end)}:\n${this.#screen.text}`);
    });
    return this.#screen.text;
  }

  async serves(): Promise<number> {
    const text = await this.shows(/listening on \S*:\d+, [^>]*\n>>$/);
    return Number(/listening on \S*:(\d+)/.exec(text)?.[1]);
  }
}

const script = spawnSync("script", ["--version"]).status === 0;

test.skipIf(!script)("what is being typed stays whole while the log goes by", async () => {
  const terminal = new Terminal();
  const port = await terminal.serves();
  terminal.type("say good mornin");
  await terminal.shows("\n>>say good mornin");
  const client = await connect(port);
  const before = await terminal.shows("\nclient-1 joined (1 here)\n>>say good mornin");
  expect(before.split(">>")).toHaveLength(2);
  terminal.type("g\r");
  await terminal.shows("joined (1 here)\n>>say good morning\ntold 1 people\n>>");
  await client.expectLine();
  await client.expectLineLike(/^\* server: good morning$/);
  terminal.type("quit\r");
  expect(await terminal.ended).toBe(0);
});

test.skipIf(!script)("so does a line of several rows, with the cursor in its middle", async () => {
  const terminal = new Terminal();
  const port = await terminal.serves();
  const words = `say ${"0123456789".repeat(15)}`;
  terminal.type(words + LEFT.repeat(100));
  const rows = `>>${words}`.match(new RegExp(`.{1,${COLUMNS}}`, "g"))?.join("\n") ?? "";
  await terminal.shows(`\n${rows}`);
  await connect(port);
  await terminal.shows(`\nclient-1 joined (1 here)\n${rows}`);
  terminal.type("X");
  const changed = `>>${words.slice(0, -100)}X${words.slice(-100)}`;
  await terminal.shows(changed.match(new RegExp(`.{1,${COLUMNS}}`, "g"))?.join("\n") ?? "");
});

test.skipIf(!script)("commands and names are completed, and lines come back", async () => {
  const terminal = new Terminal();
  const port = await terminal.serves();
  await connect(port);
  await terminal.shows("joined (1 here)\n>>");
  terminal.type("clie\t");
  await terminal.shows("\n>>clients");
  terminal.type("\r");
  await terminal.shows(/\nclient-1 in lobby, \d+ s, owed 0 bytes[^]*\n>>$/);
  terminal.type("kick cl\t");
  await terminal.shows("\n>>kick client-1");
  terminal.type("\x15rooms\r");
  await terminal.shows("lobby (1)\n>>");
  terminal.type(UP + UP);
  await terminal.shows("\n>>clients");
});

test.skipIf(!script)("an answer of a module that has died is not waited for", async () => {
  const terminal = new Terminal();
  await terminal.serves();
  const [launcher] = childrenOf(terminal.pid);
  const [guest] = childrenOf(launcher ?? 0);
  process.kill(guest ?? 0, "SIGKILL");
  await terminal.shows(/died \(signal SIGKILL\)[^]*listening on [^]*\n>>$/);
  terminal.type("rooms\r");
  await terminal.shows("lobby (0)\n>>");
});

test.skipIf(!script)("Ctrl-D closes the console and not the server, Ctrl-C stops it", async () => {
  const terminal = new Terminal();
  const port = await terminal.serves();
  terminal.type("\x04");
  await terminal.shows(/console: closed; the server goes on, Ctrl-C stops it\n$/);
  await connect(port);
  await terminal.shows(/client-1 joined \(1 here\)\n$/);
  terminal.type("\x03");
  expect(await terminal.ended).toBe(0);
});
