/** Operator commands on the console, and what users see of them. */
import { expect, test } from "vitest";
import { connect, type Client } from "./support/client.js";
import { startProgram, type Server } from "./support/server.js";

const LINE = ["--style", "line", "--replay", "0", "--announce", "0"];

async function person(server: Server, name: string): Promise<Client> {
  const client = await server.connect();
  await client.expectLineLike(/^\* you are /);
  client.say(`/nick ${name}`);
  await client.expectLineLike(/ is now /);
  return client;
}

/** Connects a client with an address of its own, through the PROXY header. */
async function from(server: Server, address: string): Promise<Client> {
  const client = await connect(server.port());
  client.send(`PROXY TCP4 ${address} 192.0.2.1 51234 9999\r\n`);
  return client;
}

test("a ban closes who is here with its reason, and keeps the name from others", async () => {
  const server = await startProgram("chat", LINE);
  const [ann, bob] = [await person(server, "ann"), await person(server, "bob")];
  server.console("ban ann 2h no spam here");
  await server.prints(/ann is banned for 2 h 0 m: no spam here \(1 closed\)/);
  await ann.expectBytes("* closed: you are banned for 2 h 0 m: no spam here\n");
  await ann.expectEnd();
  await server.logs(/^ann is gone: banned \(1 here\)$/m);
  bob.say("/nick ann");
  await bob.expectLineLike(/^\* ann is banned here: choose another name$/);
  server.console("bans");
  await server.prints(/ann for (1 h 59|2 h 0) m: no spam here$/m);
  server.console("closed");
  await server.prints(/ann: banned, \d+ s ago/);
});

test("a network that is banned is refused at the door until it is let in again", async () => {
  const server = await startProgram("chat", [...LINE, "--proxy-protocol", "all"]);
  server.console("ban 10.0.0.0/8");
  await server.prints(/10\.0\.0\.0\/8 is banned for good \(0 closed\)/);
  const refused = await from(server, "10.1.2.3");
  await refused.expectBytes("* closed: you are banned for good\n");
  await refused.expectEnd();
  await (await from(server, "11.1.2.3")).expectLineLike(/^\* you are guest-/);
  server.console("unban 10.0.0.0/8");
  await server.prints(/is not banned any more/);
  await (await from(server, "10.1.2.4")).expectLineLike(/^\* you are guest-/);
});

test("who is mute hears, and is not heard", async () => {
  const server = await startProgram("chat", LINE);
  const [ann, bob] = [await person(server, "ann"), await person(server, "bob")];
  server.console("mute ann 10m");
  await ann.expectLineLike(/^\* nobody hears you: you are mute for 10 m 0 s$/);
  ann.say("hello?");
  await ann.expectLineLike(/^\* nobody hears you: you are mute for /);
  bob.say("hello ann");
  await ann.expectLineLike(/ bob: hello ann$/);
  server.console("unmute ann");
  await ann.expectLineLike(/^\* you are heard again$/);
  ann.say("thank you");
  await bob.expectLineLike(/ bob: hello ann$/);
  await bob.expectLineLike(/ ann: thank you$/);
});

test("limits are shown and set while it serves", async () => {
  const server = await startProgram("chat", LINE);
  const ann = await person(server, "ann");
  server.console("limits");
  await server.prints(/^idle-seconds +0 /m);
  server.console("set rate 0");
  await server.prints(/^(>>)?rate is 0 now$/m);
  ann.say("/ping");
  await ann.expectLineLike(/pong/);
  server.console("set idle-seconds 4");
  await ann.expectLineLike(/^\* you have said nothing for long/);
  await ann.expectBytes("* closed: you have said nothing for too long\n");
  server.console("set colour red");
  await server.prints(/there is no option colour/);
});

test("a drain tells everybody, sends them away one after the other, and ends with 0", async () => {
  const server = await startProgram("chat", LINE);
  const people: Client[] = [];
  for (const name of ["ann", "bob", "eve", "joe", "kim"]) people.push(await person(server, name));
  const start = performance.now();
  server.console("drain 2");
  const ends = await Promise.all(
    people.map(async (client) => {
      await client.expectLineLike(/^\* the server is going down: within 2 s you are closed$/);
      const words = (await client.expectAllUntilEnd()).toString();
      expect(words).toMatch(/^\* closed: the server is (going down, come back later|stopping)\n$/);
      return performance.now() - start;
    }),
  );
  expect(await server.exited).toEqual({ code: 0, signal: null });
  expect(Math.max(...ends) - Math.min(...ends)).toBeGreaterThan(800);
});
