/**
 * Floods by many clients, and by answers that a client does not read: the flooding clients wait,
 * the other ones do not, and nothing is lost.
 */
import { expect, test } from "vitest";
import { connect, type Client } from "./support/client.js";
import { startProgram, type Server } from "./support/server.js";

const MEBIBYTE = 1024 * 1024;
/** The lines of the history. */
const LINES = 100;
/** The number of times that a client asks for them: 40 MB, more than kernels hold. */
const ANSWERS = 400;
const LINE = ["--style", "line", "--announce", "0", "--replay", "0"];

/** Reads until a line is like this. @returns it */
async function seek(client: Client, pattern: RegExp): Promise<string> {
  for (;;) {
    const line = await client.expectLine();
    if (pattern.test(line)) return line;
  }
}

async function enter(server: Server, name: string): Promise<Client> {
  const client = await connect(server.port(), { name });
  client.say(`/nick ${name}`);
  await seek(client, new RegExp(`^\\* you are ${name}|is now ${name}$`));
  return client;
}

test("in a room, all speakers together have a rate: each waits, is told so, and has its share", async () => {
  const server = await startProgram("chat", [...LINE, "--rate", "0", "--room-rate", "20"]);
  const floods = await Promise.all(["one", "two", "three"].map((name) => enter(server, name)));
  const ann = await enter(server, "ann");
  for (const client of floods) client.send("spam\n".repeat(400));
  for (const client of floods) {
    await seek(client, /^\* all in lobby together say more than 20 lines a second: your next line/);
  }
  const before = performance.now();
  ann.say("hello");
  await seek(ann, /: hello$/);
  ann.say("again");
  await seek(ann, /: again$/);
  expect(performance.now() - before).toBeLessThan(3_000);
});

test("a client that does not read its answers is not read on, and loses nothing", async () => {
  const server = await startProgram("chat", [...LINE, "--rate", "0"], {
    maxMemoryBytes: 24 * MEBIBYTE,
  });
  const [ann, bob] = [await enter(server, "ann"), await enter(server, "bob")];
  for (let at = 0; at < LINES; at++) ann.say("x".repeat(1000));
  for (let at = 0; at < LINES; at++) await seek(bob, /: x+$/);
  bob.stopReading();
  for (let at = 0; at < ANSWERS; at++) bob.say(`/history ${LINES}\n/ping ${at}`);
  for (let at = 0; at < 20; at++) {
    ann.say(`/ping ${at}`);
    await seek(ann, new RegExp(`pong ${at}$`));
  }
  bob.readAgain();
  for (let at = 0; at < ANSWERS; at++) {
    for (let line = 0; line < LINES; line++) await seek(bob, /: x+$/);
    await seek(bob, new RegExp(`pong ${at}$`));
  }
  expect(server.stderr).not.toContain("is gone");
});
