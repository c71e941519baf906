/** The console on a terminal, which script(1) provides: what its user sees. */
import { expect, test } from "vitest";
import { connect } from "../contract/conversations/support/client.js";
import { childrenOf } from "../support/processes.js";
import { COLUMNS, hasTerminal, POLLCAST, Terminal } from "../support/terminal.js";

const UP = "\x1b[A";
const LEFT = "\x1b[D";
/** Before each line of the log. */
const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ `;

/** The chat, served in front of a terminal. */
async function serving(): Promise<{ terminal: Terminal; port: number }> {
  const terminal = new Terminal(`exec ${POLLCAST} serve --port 0 --ctl none`);
  const text = await terminal.shows(/listening on \S*:\d+, [^>]*\n>>$/);
  return { terminal, port: Number(/listening on \S*:(\d+)/.exec(text)?.[1]) };
}

test.skipIf(!hasTerminal)("what is being typed stays whole while the log goes by", async () => {
  const { terminal, port } = await serving();
  terminal.type("say good mornin");
  await terminal.shows("\n>>say good mornin");
  const client = await connect(port);
  const before = await terminal.shows(
    new RegExp(`\\n${TIME}client-1 joined \\(1 here\\)\\n>>say good mornin$`),
  );
  expect(before.split(">>")).toHaveLength(2);
  terminal.type("g\r");
  await terminal.shows("joined (1 here)\n>>say good morning\ntold 1 person\n>>");
  await client.expectLine();
  await client.expectLineLike(/^\* server: good morning$/);
  terminal.type("quit\r");
  expect(await terminal.ended).toBe(0);
});

test.skipIf(!hasTerminal)(
  "so does a line of several rows, with the cursor in its middle",
  async () => {
    const { terminal, port } = await serving();
    const words = `say ${"0123456789".repeat(15)}`;
    terminal.type(words + LEFT.repeat(100));
    const rows = `>>${words}`.match(new RegExp(`.{1,${COLUMNS}}`, "g"))?.join("\n") ?? "";
    await terminal.shows(`\n${rows}`);
    await connect(port);
    await terminal.shows(`client-1 joined (1 here)\n${rows}`);
    terminal.type("X");
    const changed = `>>${words.slice(0, -100)}X${words.slice(-100)}`;
    await terminal.shows(changed.match(new RegExp(`.{1,${COLUMNS}}`, "g"))?.join("\n") ?? "");
  },
);

test.skipIf(!hasTerminal)("commands and names are completed, and lines come back", async () => {
  const { terminal, port } = await serving();
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

test.skipIf(!hasTerminal)("an answer of a module that has died is not waited for", async () => {
  const { terminal } = await serving();
  const [launcher] = childrenOf(terminal.pid);
  const [guest] = childrenOf(launcher ?? 0);
  process.kill(guest ?? NaN, "SIGKILL");
  await terminal.shows(/died \(signal SIGKILL\)[^]*listening on [^]*\n>>$/);
  terminal.type("rooms\r");
  await terminal.shows("lobby (0)\n>>");
});

test.skipIf(!hasTerminal)(
  "Ctrl-D closes the console and not the server, Ctrl-C stops it",
  async () => {
    const { terminal, port } = await serving();
    terminal.type("\x04");
    await terminal.shows(/console: closed; the server goes on, Ctrl-C stops it\n$/);
    await connect(port);
    await terminal.shows(/client-1 joined \(1 here\)\n$/);
    terminal.type("\x03");
    expect(await terminal.ended).toBe(0);
  },
);
