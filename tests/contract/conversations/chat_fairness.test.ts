/**
 * The chat's limits on addresses, idle clients and slow consumers: which client is told what, and
 * which clients stay connected.
 */
import { expect, test } from "vitest";
import { connect, type Client } from "./support/client.js";
import { startProgram, type Server } from "./support/server.js";

const LINE = ["--style", "line", "--replay", "0"];

/** A server to which everybody comes through a proxy. */
async function behindProxy(...args: string[]): Promise<Server> {
  return startProgram("chat", [...LINE, "--proxy-protocol", "all", ...args]);
}

let port = 10_000;

/** Connects a client with an address of its own, through the PROXY header. */
async function from(server: Server, address: string): Promise<Client> {
  const client = await connect(server.port(), { name: `${address}:${++port}` });
  client.send(`PROXY TCP4 ${address} 192.0.2.1 ${port} 9999\r\n`);
  return client;
}

async function isIn(client: Client): Promise<void> {
  await client.expectLineLike(/^\* you are /);
}

/** Returns true if the server knows a client, after an answer to another one. */
async function isHere(asker: Client, name: string): Promise<boolean> {
  asker.say(`/whois ${name}`);
  const answer = await seek(asker, new RegExp(`^\\* (nobody here is called )?${name}`));
  return !answer.includes("nobody");
}

/** Reads until a line is like this. @returns it */
async function seek(client: Client, pattern: RegExp): Promise<string> {
  for (;;) {
    const line = await client.expectLine();
    if (pattern.test(line)) return line;
  }
}

test("from one address so many are let in, and from another one more", async () => {
  const server = await behindProxy("--max-per-address", "2", "--announce", "0");
  for (let count = 0; count < 2; count++) await isIn(await from(server, "203.0.113.7"));
  const third = await from(server, "203.0.113.7");
  await third.expectBytes("* closed: too many have come from your address\n");
  await third.expectEnd();
  await server.logs(/is gone: too many from its address \(2 here\)/);
  await isIn(await from(server, "203.0.113.8"));
});

test("all from one address share its lines; who floods is closed, who shares its address is not", async () => {
  const server = await behindProxy(
    ...["--address-rate", "20", "--address-burst", "20", "--flood-seconds", "2", "--announce", "0"],
    ...["--rate", "0"],
  );
  const [flood, bystander, other] = [
    await from(server, "203.0.113.7"),
    await from(server, "203.0.113.7"),
    await from(server, "203.0.113.8"),
  ];
  for (const client of [flood, bystander, other]) await isIn(client);
  flood.send("flood\n".repeat(2_000));
  other.say("as ever");
  await seek(other, /: as ever$/);
  await seek(flood, /^\* all from your address send more than 20 lines a second/);
  bystander.say("me too");
  await seek(other, /: me too$/);
  expect(await seek(flood, /^\* closed/)).toBe(
    "* closed: you have been sending too much for too long",
  );
  await flood.expectEnd();
  bystander.say("still here");
  await seek(other, /: still here$/);
});

/** Clients that come back at once after a restart. Each says something, and has its answer. */
async function comeBack(clients: readonly Client[]): Promise<void> {
  await Promise.all(clients.map(isIn));
  for (const client of clients) client.say("/ping");
  await Promise.all(clients.map((client) => seek(client, /^\* pong/)));
}

const CROWD = [...Array(300).keys()];

test.each([
  ["each from an address of its own", (one: number) => `198.51.${100 + (one >> 8)}.${one & 255}`],
  ["all from one /24", (one: number) => `203.0.113.${1 + (one % 250)}`],
])("300 clients at once behind a proxy are all let in: %s", async (_name, addressOf) => {
  const server = await behindProxy();
  await comeBack(await Promise.all(CROWD.map((one) => from(server, addressOf(one)))));
});

test("300 clients at once with unknown addresses are all let in", async () => {
  const server = await startProgram("chat", LINE);
  await comeBack(await Promise.all(CROWD.map(() => connect(server.port()))));
});

test("of a paste of a new client 40 lines pass at once, and the rest waits", async () => {
  const server = await startProgram("chat", [...LINE, "--announce", "0"]);
  const client = await connect(server.port(), { name: "newcomer" });
  await isIn(client);
  client.send("/ping x\n".repeat(41));
  await client.expectBytes("* pong x\n".repeat(40));
  await client.expectLineLike(/^\* you are sending more than 20 lines a second/);
});

test("a paste of 400 lines of a settled client passes at once", async () => {
  const server = await behindProxy("--announce", "0", "--first-burst", "400");
  const [ann, bob] = [await from(server, "203.0.113.7"), await from(server, "203.0.113.8")];
  for (const client of [ann, bob]) await isIn(client);
  const before = performance.now();
  ann.send(Array.from({ length: 400 }, (_, at) => `line ${at}\n`).join(""));
  await seek(bob, /: line 399$/);
  expect(performance.now() - before).toBeLessThan(3_000);
  expect(bob.heard.toString()).not.toContain("waits for its turn");
});

test("who says nothing is warned, then closed; who says something stays", async () => {
  const server = await startProgram("chat", [...LINE, "--idle-seconds", "8", "--announce", "0"]);
  const [quiet, ann] = [await server.connect(), await server.connect()];
  for (const client of [quiet, ann]) await isIn(client);
  const warning = "* you have said nothing for long: in 2 s you are closed, unless you do";
  expect(await ann.expectLine()).toBe(warning);
  ann.say("/ping");
  expect(await ann.expectLine()).toBe("* pong");
  expect(await quiet.expectLine()).toBe(warning);
  await quiet.expectBytes("* closed: you have said nothing for too long\n");
  await quiet.expectEnd();
  await server.logs(/^client-1 is gone: idle \(1 here\)$/m);
});

test("who never says anything is closed if so wished, and half a line must become a whole one", async () => {
  const args = ["--login-seconds", "2", "--line-seconds", "3", "--announce", "0"];
  const server = await startProgram("chat", [...LINE, ...args]);
  const [silent, half, ann] = [
    await server.connect(),
    await server.connect(),
    await server.connect(),
  ];
  for (const client of [silent, half, ann]) await isIn(client);
  half.send("half a li");
  ann.say("whole");
  await silent.expectLineLike(/: whole$/);
  await silent.expectBytes("* closed: you have not said anything in time\n");
  await silent.expectEnd();
  await half.expectLineLike(/: whole$/);
  await half.expectBytes("* closed: you did not finish your line in time\n");
  await half.expectEnd();
  ann.say("still here");
  await seek(ann, /: still here$/);
});

test("when memory is short, who holds most of it is closed", async () => {
  const server = await startProgram("chat", [
    ...[...LINE, "--announce", "0", "--rate", "0", "--room-rate", "0", "--max-queued", "8"],
    ...["--soft-limit", "67108864", "--hard-limit", "268435456"],
  ]);
  const [speaker, deaf] = [await server.connect(), await server.connect({ deaf: true })];
  await isIn(speaker);
  while (!(await isHere(speaker, "client-2")));
  do speaker.send(`${"x".repeat(4000)}\n`.repeat(100));
  while (await isHere(speaker, "client-2"));
  deaf.readAgain();
  const words = (await deaf.expectAllUntilEnd()).toString();
  expect(words.slice(words.lastIndexOf("*"))).toBe(
    "* closed: memory is short and you read slowly; lines for you have been dropped\n",
  );
  await server.logs(/^client-2 is gone: memory \(1 here\)$/m);
});

test("a reader who keeps up with less than is said makes the speaker wait, and is not closed", async () => {
  const server = await startProgram("chat", [
    ...[...LINE, "--announce", "0", "--rate", "0", "--room-rate", "0", "--soft-seconds", "60"],
  ]);
  const [speaker, slow] = [await server.connect(), await server.connect({ deaf: true })];
  await isIn(speaker);
  while (!(await isHere(speaker, "client-2")));
  const lines = 8_000;
  const line = `${"x".repeat(4000)}\n`;
  let reading = true;
  // About 6 MB a second, of 32 MB: more than the queues hold would come in the first moment.
  const trickle = setInterval(() => {
    reading = !reading;
    if (reading) slow.readAgain();
    else slow.stopReading();
  }, 5);
  speaker.send(line.repeat(lines));
  await speaker.expectAtLeast(lines * line.length);
  await slow.expectAtLeast(lines * line.length);
  clearInterval(trickle);
  expect(server.stderr).not.toContain("is gone");
});

/** One who says or asks something a hundred times. @returns the first line that is no answer */
async function flooding(words: string): Promise<string> {
  const server = await startProgram("chat", [
    ...[...LINE, "--rate", "20", "--burst", "100", "--first-burst", "100", "--line-cost", "512"],
  ]);
  const client = await connect(server.port(), { name: "flood" });
  await isIn(client);
  client.send(`${words}\n`.repeat(99));
  client.send("/ping done\n");
  return seek(client, /^\* (pong done|you are sending more than 20 lines a second)/);
}

test("short lines cost one each: a hundred of them are a burst", async () => {
  expect(await flooding("/ping x")).toBe("* pong done");
  expect(await flooding("x".repeat(490))).toBe("* pong done");
});

test("long lines and long answers cost more: they are told to wait", async () => {
  const told =
    /you are sending more .* \(long lines and answers count as several\): the rest waits/;
  expect(await flooding("/help")).toMatch(told);
  expect(await flooding("x".repeat(4000))).toMatch(told);
});
