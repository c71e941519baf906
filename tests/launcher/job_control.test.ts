/** A server under a shell's job control: stopped, in the background, and back in the foreground. */
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { connect } from "../contract/conversations/support/client.js";
import { hasTerminal, POLLCAST, Terminal } from "../support/terminal.js";

const CTRL_Z = "\x1a";
const CTRL_C = "\x03";
/** Shells put the terminal's modes right in ways of their own. */
const SHELLS = ["dash -i", "bash --norc --noprofile --noediting -i"].filter(
  (shell) => spawnSync(shell.split(" ")[0] ?? "", ["-c", ":"]).status === 0,
);
const SERVE = `${POLLCAST} serve --port 0 --ctl none`;
const LISTENS = /listening on \S*:(\d+), /;

async function shell(command: string): Promise<Terminal> {
  const terminal = new Terminal(`PS1='$ ' exec ${command}`, { ENV: "" });
  await terminal.shows(/\$ ?$/);
  return terminal;
}

async function portOf(terminal: Terminal): Promise<number> {
  const text = await terminal.shows(new RegExp(`${LISTENS.source}[^]*`));
  return Number(LISTENS.exec(text)?.[1]);
}

const shells = test.skipIf(!hasTerminal).each(SHELLS);

shells(
  "%s: after Ctrl-Z and fg, the prompt and Ctrl-C work",
  async (command) => {
    const terminal = await shell(command);
    terminal.type(`${SERVE}\r`);
    const port = await portOf(terminal);
    await terminal.shows(/\n>>$/);
    for (let times = 0; times < 2; times++) {
      terminal.type("say half a li");
      await terminal.shows(">>say half a li");
      terminal.type(CTRL_Z);
      await terminal.shows(/Stopped[^>]*\$ ?$/);
      terminal.type("fg\r");
      await terminal.shows(/\n>>say half a li$/);
      terminal.type("ne\r");
      await terminal.shows(/told \d+ \w+\n>>$/);
    }
    const client = await connect(port);
    await terminal.shows(/client-1 joined \(1 here\)\n>>$/);
    client.socket.destroy();
    await terminal.shows(/client-1 is gone: [^]*\n>>$/);
    terminal.type(CTRL_C);
    await terminal.shows(/stopping: Ctrl-C[^>]*\$ ?$/);
    terminal.type("exit\r");
    expect(await terminal.ended).toBe(0);
  },
  60_000,
);

shells(
  "%s: after Ctrl-Z and bg, it serves, and fg has its prompt",
  async (command) => {
    const terminal = await shell(command);
    terminal.type(`${SERVE}\r`);
    const port = await portOf(terminal);
    await terminal.shows(/\n>>$/);
    terminal.type(CTRL_Z);
    await terminal.shows(/Stopped[^>]*\$ ?$/);
    terminal.type("bg\r");
    await terminal.shows(/bg\n\[1\][^]*\$ ?$/);
    await connect(port);
    await terminal.shows(/client-1 joined \(1 here\)\n$/);
    // What is typed is the shell's.
    terminal.type("echo mine$((6 * 7))\r");
    await terminal.shows(/\nmine42\n\$ ?$/);
    terminal.type("jobs\r");
    await terminal.shows(/jobs\n\[1\][ +]*Running [^]*\$ ?$/);
    terminal.type("fg\r");
    await terminal.shows(/\n>>$/);
    terminal.type("rooms\r");
    await terminal.shows(/\nlobby \(1\)\n>>$/);
    terminal.type("quit\r");
    await terminal.shows(/\$ ?$/);
  },
  60_000,
);

shells(
  "%s: serve & is not stopped, and fg has its prompt",
  async (command) => {
    const terminal = await shell(command);
    terminal.type(`${SERVE} &\r`);
    const port = await portOf(terminal);
    await connect(port);
    await terminal.shows(/client-1 joined \(1 here\)\n$/);
    terminal.type("jobs\r");
    await terminal.shows(/jobs\n\[1\][ +]*Running [^]*\$ ?$/);
    terminal.type("fg\r");
    await terminal.shows(/\n>>$/);
    terminal.type("rooms\r");
    await terminal.shows(/\nlobby \(1\)\n>>$/);
    terminal.type(CTRL_C);
    await terminal.shows(/stopping: Ctrl-C[^>]*\$ ?$/);
  },
  60_000,
);

shells(
  "%s: serve > FILE & and run & read no keys that are the shell's",
  async (command) => {
    const terminal = await shell(command);
    terminal.type(`${SERVE} > /dev/null &\r`);
    await portOf(terminal);
    terminal.type(`${POLLCAST} run --port 0 echo &\r`);
    // The server's own first lines may come at any place from here on, after the prompt as well.
    await terminal.shows(/echo[^]*listening on/);
    terminal.type("echo mine$((6 * 7))\r");
    await terminal.shows(/\nmine42\n/);
    terminal.type("jobs\r");
    await terminal.shows(/jobs\n(?:[^]*\[[12]\][ +-]*Running ){2}/);
    terminal.type("kill %1 %2; wait; echo all$((6 * 7))\r");
    // A shell may say which jobs have ended before its prompt.
    await terminal.shows(/\nall42\n(?:\[[12]\][^]*)?\$ ?$/);
  },
  60_000,
);
