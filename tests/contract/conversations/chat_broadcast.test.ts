/** Broadcasts of the chat: which clients get a message, and in which order. */
import { describe, expect, test } from "vitest";
import { has } from "../../support/runtime.js";
import { temporaryDirectory } from "../../support/temporary.js";
import { until } from "../../support/wait.js";
import { connect, STAMP, type Client } from "./support/client.js";
import { startProgram } from "./support/server.js";

test("a line goes to everybody, its sender included, with stamp and name", async () => {
  const server = await startProgram("chat");
  const [ann, ben, cat] = [await server.join(), await server.join(), await server.join()];
  ann.say("hello");
  for (const client of [ann, ben, cat]) await client.expectSaid("client-1", "hello");
  cat.say("hello yourself");
  for (const client of [ann, ben, cat]) await client.expectSaid("client-3", "hello yourself");
});

test("a newcomer hears nothing of what was said before", async () => {
  const server = await startProgram("chat");
  const ann = await server.join();
  ann.say("before");
  await ann.expectSaid("client-1", "before");
  const ben = await server.join();
  ann.say("after");
  await ben.expectSaid("client-1", "after");
});

describe("the stamp", () => {
  const now = (offsetMinutes: number): number => Date.now() + offsetMinutes * 60_000;

  test.each([
    { zone: "UTC", offsetMinutes: 0 },
    { zone: "+08:00", offsetMinutes: 480 },
    { zone: "-03:30", offsetMinutes: -210 },
    { zone: "+14:00", offsetMinutes: 840 },
    { zone: "-14:00", offsetMinutes: -840 },
  ])("is the time of $zone", async ({ zone, offsetMinutes }) => {
    const server = await startProgram("chat", ["--time-zone", zone]);
    const client = await server.join();
    const before = now(offsetMinutes);
    client.say("what time is it?");
    const line = await client.expectLine();
    expect(line).toMatch(new RegExp(`^${STAMP} client-1$`));
    const [date = "", time = ""] = line.split(" ");
    const stamped = Date.parse(`${date.replaceAll("/", "-")}T${time}Z`);
    expect(stamped).toBeGreaterThan(before - 1000);
    expect(stamped).toBeLessThanOrEqual(now(offsetMinutes));
  });

  test("is UTC by default", async () => {
    const server = await startProgram("chat");
    const client = await server.join();
    client.say("x");
    const [date = "", time = ""] = (await client.expectLine()).split(" ");
    const stamped = Date.parse(`${date.replaceAll("/", "-")}T${time}Z`);
    expect(Math.abs(stamped - Date.now())).toBeLessThan(5_000);
  });
});

test("lines arrive in the order in which they were said", async () => {
  const server = await startProgram("chat");
  const [speaker, listener] = [await server.join(), await server.join()];
  const count = 2_000;
  for (let number = 0; number < count; number++) speaker.say(`line ${number}`);
  for (const client of [speaker, listener])
    for (let number = 0; number < count; number++)
      await client.expectSaid("client-1", `line ${number}`);
});

test("everybody hears the same, in the same order, however many speak at once", async () => {
  const server = await startProgram("chat");
  const clients: Client[] = [];
  for (let count = 0; count < 10; count++) clients.push(await server.join());
  const rounds = 50;
  for (let round = 0; round < rounds; round++)
    for (const client of clients)
      client.say(`${client.name} says ${round} ${"x".repeat(round * 10)}`);
  const transcripts: string[] = [];
  for (const client of clients) {
    const lines: string[] = [];
    for (let said = 0; said < rounds * clients.length; said++) {
      const from = await client.expectLine();
      const text = await client.expectLine();
      // The name in the stamp's line is the one who speaks in the next: no line is torn by another.
      const speaker = from.slice(20);
      expect(text).toMatch(new RegExp(`^${speaker} says \\d+ x*$`));
      lines.push(text);
    }
    transcripts.push(lines.join("\n"));
  }
  expect(new Set(transcripts).size).toBe(1);
  for (const { name } of clients) {
    const theirs = (transcripts[0] ?? "").split("\n").filter((line) => line.startsWith(`${name} `));
    expect(theirs.map((line) => Number(line.split(" ")[2]))).toEqual([...Array(rounds).keys()]);
  }
});

describe("people leave", () => {
  test("with quit: they are told goodbye, and the connection ends", async () => {
    const server = await startProgram("chat");
    const [ann, ben] = [await server.join(), await server.join()];
    ann.say("quit");
    await ann.expectBytes("* goodbye\n");
    await ann.expectEnd();
    await server.logs(/^client-1 is gone: quit \(1 here\)$/m);
    ben.say("alone");
    await ben.expectSaid("client-2", "alone");
  });

  test("with quit: what was said before is heard, what they say after is not", async () => {
    const server = await startProgram("chat");
    const [ann, ben] = [await server.join(), await server.join()];
    ann.send("last words\nquit\nand another thing\n");
    await ann.expectSaid("client-1", "last words");
    await ann.expectBytes("* goodbye\n");
    await ann.expectEnd();
    await ben.expectSaid("client-1", "last words");
    ben.say("gone");
    await ben.expectSaid("client-2", "gone");
  });

  test("with quit, and never close their side: they are let go all the same", async () => {
    const server = await startProgram("chat");
    const ann = await server.join({ allowHalfOpen: true });
    ann.say("quit");
    await ann.expectBytes("* goodbye\n");
    await server.logs(/^client-1 is gone: quit \(0 here\)$/m);
  });

  test("with quit from a program that ends lines as on the network", async () => {
    const server = await startProgram("chat");
    const ann = await server.join();
    ann.send("quit\r\n");
    await ann.expectBytes("* goodbye\n");
    await ann.expectEnd();
  });

  test.each(["Quit", "quit ", " quit", "quit!", "/quit"])("not with %j", async (text) => {
    const server = await startProgram("chat");
    const ann = await server.join();
    ann.say(text);
    await ann.expectSaid("client-1", text);
  });

  test("by ending their side: they still hear what was said, their own line too", async () => {
    const server = await startProgram("chat");
    const [ann, ben] = [await server.join(), await server.join()];
    ann.halfClose("bye everybody\n");
    for (const client of [ann, ben]) await client.expectSaid("client-1", "bye everybody");
    await ann.expectEnd();
    await server.logs(/^client-1 is gone: left \(1 here\)$/m);
  });

  test("by ending their side within a line: it is their last", async () => {
    const server = await startProgram("chat");
    const [ann, ben] = [await server.join(), await server.join()];
    ann.halfClose("unfinished");
    for (const client of [ann, ben]) await client.expectSaid("client-1", "unfinished");
    await ann.expectEnd();
  });

  test("by a reset, within a line: nobody hears half of it", async () => {
    const server = await startProgram("chat");
    const [ann, ben] = [await server.join(), await server.join()];
    ann.say("whole");
    await ben.expectSaid("client-1", "whole");
    await ann.sendNow("half of a li");
    ann.reset();
    await server.logs(/^client-1 is gone: connection broken \(1 here\)$/m);
    ben.say("what?");
    await ben.expectSaid("client-2", "what?");
  });

  test("in the middle of a broadcast: the others are undisturbed", async () => {
    const server = await startProgram("chat");
    const [speaker, victim, listener] = [
      await server.join(),
      await server.join({ deaf: true }),
      await server.join(),
    ];
    const count = 5_000;
    for (let number = 0; number < count; number++) {
      speaker.say(`line ${number} ${"x".repeat(100)}`);
      if (number === count / 2) {
        await listener.expectAtLeast(100_000);
        victim.reset();
      }
    }
    for (const client of [speaker, listener])
      for (let number = 0; number < count; number++)
        await client.expectSaid("client-1", `line ${number} ${"x".repeat(100)}`);
    await server.logs(/^client-2 is gone: connection broken \(2 here\)$/m);
  });

  test("many at once, while others come: the chat goes on", async () => {
    const server = await startProgram("chat");
    const speaker = await server.join();
    for (let round = 0; round < 5; round++) {
      const crowd = await server.joinAll(40);
      for (const [at, client] of crowd.entries()) {
        client.send("x");
        if (at % 3 === 0) client.reset();
        else if (at % 3 === 1) client.leave();
        else client.halfClose("\nquit\n");
      }
    }
    const gone = (): number => server.stderr.match(/ is gone: /g)?.length ?? 0;
    await until("all of them are gone", () => gone() === 200);
    await server.logs(/ is gone: [\w ]+ \(1 here\)\n$/);
    speaker.say("quiet at last");
    await until("that is heard", () => speaker.heard.toString().endsWith("\nquiet at last\n"));
  });
});

test("a client that says nothing hears everything", async () => {
  const server = await startProgram("chat");
  const [speaker, silent] = [await server.join(), await server.join()];
  for (let number = 0; number < 5; number++) {
    speaker.say(`are you there? ${number}`);
    await silent.expectSaid("client-1", `are you there? ${number}`);
  }
});

describe("several listeners", () => {
  test("lead to the same chat", async () => {
    const server = await startProgram("chat", [], { listeners: 3 });
    const clients: Client[] = [];
    for (let listener = 0; listener < 3; listener++) {
      clients.push(await connect(server.port(listener)));
      await server.logs(new RegExp(`^client-${listener + 1} joined`, "m"));
    }
    for (const [at, speaker] of clients.entries()) {
      speaker.say(`from listener ${at}`);
      for (const client of clients)
        await client.expectSaid(`client-${at + 1}`, `from listener ${at}`);
    }
  });

  if (has("wasmtime's flags"))
    test("and a directory that was handed in too is not taken for one of them", async () => {
      const server = await startProgram("chat", [], {
        listeners: 2,
        flags: ["--dir", temporaryDirectory()],
      });
      const [ann, ben] = [await connect(server.port(0)), await connect(server.port(1))];
      await server.logs(/\(2 here\)/);
      ann.say("hello");
      await ann.expectLineLike(new RegExp(`^${STAMP} client-[12]$`));
      await ann.expectBytes("hello\n");
      await ben.expectLine();
      await ben.expectBytes("hello\n");
      server.console("map");
      await server.prints(/5 keys/);
    });
});
