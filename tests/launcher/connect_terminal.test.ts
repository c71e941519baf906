/* eslint-disable no-control-regex -- what a terminal is sent has such characters */
/** `pollcast connect` on a terminal: what the person in front of it sees. */
import { expect, test } from "vitest";
import { connect } from "../contract/conversations/support/client.js";
import { answerPings, fakeServer, WELCOME } from "../support/fake_server.js";
import { Launcher } from "../support/launcher.js";
import { COLUMNS, hasTerminal, POLLCAST, Terminal } from "../support/terminal.js";

const TIME = String.raw`\d\d:\d\d:\d\d`;
const [CTRL_C, CTRL_D, CTRL_Z, UP, LEFT] = ["\x03", "\x04", "\x1a", "\x1b[A", "\x1b[D"];
const terminal = test.skipIf(!hasTerminal);

async function serving(): Promise<number> {
  return new Launcher(["serve", "--port", "0", "--ctl", "none"]).serves();
}

async function ann(port: number, env: NodeJS.ProcessEnv = {}): Promise<Terminal> {
  const one = new Terminal(`exec ${POLLCAST} connect 127.0.0.1:${port} --name ann`, env);
  await one.shows(/\* you are ann in lobby \(\d here\)[^]*\n>$/);
  return one;
}

async function bob(port: number) {
  const client = await connect(port);
  client.say("/nick bob");
  await expect.poll(() => client.heard.toString()).toContain("is now bob");
  return client;
}

terminal("lines that come do not tear the line that is typed", async () => {
  const port = await serving();
  const one = await ann(port);
  const other = await bob(port);
  await one.shows(/bob joined\n>$/);
  const words = "0123456789".repeat(15);
  one.type(words + LEFT.repeat(100));
  const rows = `> ${words}`.match(new RegExp(`.{1,${COLUMNS}}`, "g"))?.join("\n") ?? "";
  await one.shows(`\n${rows}`);
  for (let at = 0; at < 5; at++) other.say(`line ${at}`);
  await one.shows(new RegExp(`(\\n${TIME} bob: line \\d){5}\n${rows}$`));
  one.type("\x05!\r");
  await one.shows(/\n> $|\n>$/);
  await expect.poll(() => other.heard.toString()).toContain(`ann: ${words}!\n`);
});

terminal("what was said before is shown, commands and names are completed", async () => {
  const port = await serving();
  const other = await bob(port);
  other.say("hello");
  other.say("/topic tea");
  const one = await ann(port);
  await one.shows(
    new RegExp(`\\* you are ann in lobby \\(2 here\\); topic: tea\\n${TIME} bob: hello\\n>$`),
  );
  one.type("bo\t");
  await one.shows("\n> bob:");
  one.type("hi\r");
  await one.shows(/ann: bob: hi\n>$/);
  one.type("/ms\t");
  await one.shows("\n> /msg");
  one.type("b\t");
  await one.shows("\n> /msg bob");
  one.type("psst\r");
  await one.shows(/\[you -> bob\] psst\n>$/);
  one.type(UP);
  await one.shows("\n> /msg bob psst");
  one.type("\x15/join tea\r");
  await one.shows(/\* you are ann in tea \(1 here\)\n>$/);
  one.type("/who lo\t");
  await one.shows("\n> /who lobby");
  one.type("\r");
  await one.shows(/\* lobby \(1\): bob\n>$/);
});

terminal.each([
  ["Ctrl-C", CTRL_C],
  ["Ctrl-D", CTRL_D],
  ["/quit", "/quit\r"],
])("%s leaves, and the terminal is as it was", async (_what, keys) => {
  const port = await serving();
  const other = await bob(port);
  const command = `${POLLCAST} connect 127.0.0.1:${port} --name ann`;
  const one = new Terminal(`${command}; echo code $?; stty -a`);
  await one.shows(/\* you are ann in lobby[^]*\n>$/);
  one.type(`half a line${keys === CTRL_C ? "" : "\x15"}${keys}`);
  expect(await one.ended).toBe(0);
  const text = await one.shows(/\ncode 0\n[^]*/);
  expect(text).toMatch(/[ ;]icanon/);
  expect(text).toMatch(/[ ;]echo /);
  await expect.poll(() => other.heard.toString()).toContain("* ann left");
});

terminal("Ctrl-Z and fg keep the line, and lines that came meanwhile", async () => {
  const port = await serving();
  const other = await bob(port);
  const shell = new Terminal("PS1='$ ' exec dash -i", { ENV: "" });
  await shell.shows(/\$ ?$/);
  shell.type(`${POLLCAST} connect 127.0.0.1:${port} --name ann\r`);
  await shell.shows(/\* you are ann in lobby[^]*\n>$/);
  shell.type("half a li");
  await shell.shows("\n> half a li");
  shell.type(CTRL_Z);
  await shell.shows(/Stopped[^>]*\$ ?$/);
  other.say("are you there?");
  shell.type("fg\r");
  await shell.shows(/bob: are you there\?\n> half a li$/);
  shell.type("ne\r");
  await shell.shows(/ann: half a line\n>$/);
  shell.type(CTRL_C);
  await shell.shows(/\$ ?$/);
});

terminal("names have colours, but not with NO_COLOR", async () => {
  const port = await serving();
  const other = await bob(port);
  other.say("hello");
  const coloured = await ann(port);
  await coloured.shows(/bob: hello\n>$/);
  expect(coloured.written).toMatch(/\x1b\[3\dmbob\x1b\[39m: hello/);
  coloured.type(CTRL_C);
  await coloured.ended;
  const plain = await ann(port, { NO_COLOR: "1" });
  await plain.shows(/bob: hello[^]*\n>$/);
  expect(plain.written).not.toMatch(/\x1b\[\d*m/);
});

terminal("nothing that a server sends reaches the terminal alive", async () => {
  const evil = String.raw`\u001b]0;evil\u0007\u001b[2J\u009b31m\u202e\nforged`;
  const port = await fakeServer((socket) => {
    socket.write(`\u001b]0;evil\u0007 hello\n`.replace(/^/, "* "));
    socket.write(WELCOME.replace('"me"', `"${evil}"`));
    answerPings(socket);
    socket.write(`{"type":"who","names":["${evil}","xeno"],"people":2,"room":"lobby","away":[]}\n`);
    socket.write(`{"type":"message","id":1,"time":0,"from":"${evil}","text":"${evil}"}\n`);
  });
  const one = new Terminal(`exec ${POLLCAST} connect 127.0.0.1:${port}`);
  await one.shows(/forged: [^]*forged[^]*\n>$/);
  one.type("x\t");
  await one.shows("\n> xeno:");
  expect(one.written).not.toMatch(/\x1b\]|\x1b\[2J|\x07|[\x80-\x9f\u202e]/);
});

terminal("without a connection a line is not sent, and Up has it again", async () => {
  const launcher = new Launcher(["serve", "--port", "0", "--ctl", "none"]);
  const port = await launcher.serves();
  const one = await ann(port);
  launcher.type("quit\n");
  await launcher.ended;
  await one.shows(/closed: the server is stopping; trying again\n[^]*>$/);
  one.type("anybody?\r");
  await one.shows(/not connected: that was not sent, [^>]*\n>$/);
  one.type(UP);
  await one.shows("\n> anybody?");
  one.type(CTRL_C);
  expect(await one.ended).toBe(0);
});

terminal("a line after which the connection breaks may not have arrived", async () => {
  const port = await fakeServer((socket) => {
    socket.write(WELCOME);
    answerPings(socket);
    socket.on("data", (text: string) => {
      if (/^bye$/m.test(text)) socket.destroy();
    });
  });
  const one = new Terminal(`exec ${POLLCAST} connect 127.0.0.1:${port}`);
  await one.shows(/\* you are me in lobby[^]*\n>$/);
  one.type("bye\r");
  const text = await one.shows(/connected again, as me in lobby\n>$/);
  expect(text.replaceAll("\n", "")).toMatch(/has ended the connection; trying again/);
  expect(text).toContain("what was sent last may not have arrived");
});
