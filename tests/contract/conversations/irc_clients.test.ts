/**
 * Real IRC clients: what each of them makes of the server, and what a user who types lines sees of
 * them. A client that is not there is named in a line, and not run.
 */
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "../../support/temporary.js";
import { connect, type Client } from "./support/client.js";
import { startProgram, type Server } from "./support/server.js";

const PROGRAMS = ["sic", "ii"];
const missing = new Set(PROGRAMS.filter((name) => spawnSync(name, ["-v"]).error !== undefined));
if (missing.size > 0)
  process.stderr.write(`pollcast: NOT RUN, the tests with ${[...missing].join(", ")}: not there\n`);

const withProgram = (name: string) => test.skipIf(missing.has(name));

async function scene(): Promise<{ server: Server; bob: Client }> {
  const server = await startProgram("chat", ["--style", "line", "--irc", "2"], { listeners: 2 });
  const bob = await connect(server.port(0));
  bob.say("/nick bob");
  await sees(bob, "is now bob\n");
  return { server, bob };
}

async function sees(client: Client, text: string): Promise<void> {
  await expect.poll(() => client.heard.toString()).toContain(text);
}

/** Starts a client, which ends with the test. @returns its process and what it has printed */
function run(program: string, args: readonly string[]) {
  const child = spawn(program, args);
  onTestFinished(() => void child.kill("SIGKILL"));
  const seen = { text: "" };
  child.stdout.setEncoding("utf8").on("data", (more: string) => (seen.text += more));
  child.stdin.on("error", () => undefined);
  return { child, seen };
}

withProgram("sic")("sic joins, talks and hears", async () => {
  const { server, bob } = await scene();
  const port = String(server.port(1));
  const { child, seen } = run("sic", ["-h", "127.0.0.1", "-p", port, "-n", "sicuser"]);
  await expect.poll(() => seen.text).toContain("Welcome to the pollcast IRC Network");
  child.stdin.write(":j #lobby\n");
  await sees(bob, "* sicuser joined\n");
  child.stdin.write(":m #lobby hello from sic\n");
  await sees(bob, " sicuser: hello from sic\n");
  bob.say("hello sic");
  await expect.poll(() => seen.text).toMatch(/#lobby +: .*<bob> hello sic/);
});

withProgram("ii")("ii joins, talks and hears", async () => {
  const { server, bob } = await scene();
  const folder = temporaryDirectory();
  run("ii", ["-s", "127.0.0.1", "-p", String(server.port(1)), "-n", "iiuser", "-i", folder]);
  const at = (...names: string[]): string => path.join(folder, "127.0.0.1", ...names);
  await expect.poll(() => fs.existsSync(at("in"))).toBe(true);
  fs.writeFileSync(at("in"), "/j #lobby\n");
  await sees(bob, "* iiuser joined\n");
  await expect.poll(() => fs.existsSync(at("#lobby", "in"))).toBe(true);
  fs.writeFileSync(at("#lobby", "in"), "hello from ii\n");
  await sees(bob, " iiuser: hello from ii\n");
  bob.say("hello ii");
  const heard = (): string => fs.readFileSync(at("#lobby", "out"), "utf8");
  await expect.poll(heard).toMatch(/\d+ <bob> hello ii\n/);
});
