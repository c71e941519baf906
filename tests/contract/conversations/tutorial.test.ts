/** The tutorial's programs, in the conversations of the tutorial. */
import { describe, expect, test } from "vitest";
import { has, nameFor } from "../../support/runtime.js";
import { until } from "../../support/wait.js";
import { STAMP, type Client } from "./support/client.js";
import { startProgram, type Server } from "./support/server.js";

/** Bytes that one recv of theirs takes. */
const RECV_BYTES = 1024;

async function consoleLists(server: Server, clients: number): Promise<void> {
  // The listener, the console, and the clients.
  const key = "SelectorKey\\(fd=\\d+, events=\\d, data=(?:on\\w+|\\(handle, \\d+ queued\\))\\)";
  const keys = Array.from({ length: clients + 2 }, () => key);
  const map = new RegExp(`\\[${keys.join(", ")}\\]\\n`);
  // Who has just gone may be listed still: then it is asked again.
  await until("the map", () => {
    server.console("who is there?");
    return map.test(server.stderr);
  });
}

/** Connects several, one after another, until each has been heard by all who are there. */
async function gather(
  server: Server,
  count: number,
  hears: (client: Client, speaker: string, text: string) => Promise<void>,
): Promise<Client[]> {
  const clients: Client[] = [];
  for (let number = 1; number <= count; number++) {
    const newcomer = await server.connect();
    clients.push(newcomer);
    newcomer.send("hi");
    newcomer.name = nameFor(number, newcomer.socket.localPort);
    for (const client of clients) await hears(client, newcomer.name, "hi");
  }
  return clients;
}

const stamped = (client: Client, speaker: string, text: string): Promise<void> =>
  client.expectSaid(speaker, text);
const plain = (client: Client, _speaker: string, text: string): Promise<void> =>
  client.expectBytes(text);

describe("echo", () => {
  test("answers what it is told", async () => {
    const server = await startProgram("echo");
    const client = await server.connect();
    client.send("hello");
    await client.expectBytes("Your msg is hello");
    client.send("again\n");
    await client.expectBytes("Your msg is again\n");
  });

  test("answers each of several clients, and nobody else", async () => {
    const server = await startProgram("echo");
    const clients = await Promise.all(Array.from({ length: 20 }, () => server.connect()));
    for (const [at, client] of clients.entries()) client.send(`number ${at}`);
    for (const [at, client] of clients.entries()) {
      await client.expectBytes(`Your msg is number ${at}`);
      expect(client.heardBytes).toBe(0);
    }
  });

  test("reads 1024 bytes at a time, as in the tutorial", async () => {
    const server = await startProgram("echo");
    const client = await server.connect();
    client.send("a".repeat(RECV_BYTES) + "b");
    await client.expectBytes(`Your msg is ${"a".repeat(RECV_BYTES)}Your msg is b`);
  });

  test("ends with a client that has ended", async () => {
    const server = await startProgram("echo");
    const client = await server.connect();
    client.send("last");
    await client.expectBytes("Your msg is last");
    client.halfClose();
    await client.expectEnd();
  });

  test("keys and masks are logged, and a rule is drawn on the console at each turn", async () => {
    const server = await startProgram("echo");
    const client = await server.connect();
    client.send("x");
    await client.expectBytes("Your msg is x");
    await server.logs(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} SelectorKey\(fd=3, events=1, data=onAccept\)$/m,
    );
    await server.prints(/^>>-{30}\n/);
  });
});

describe("chat-v1", () => {
  test("everybody hears the stamped message, its sender included", async () => {
    const server = await startProgram("chat-v1");
    const [first, second] = (await gather(server, 2, stamped)) as [Client, Client];
    second.send("hello");
    for (const client of [first, second]) await client.expectSaid(second.name, "hello");
    first.send("hello yourself\n");
    for (const client of [first, second]) {
      await client.expectSaid(first.name, "hello yourself");
      // The message's own newline, and the tutorial's.
      await client.expectBytes("\n");
    }
  });

  test("the message is logged", async () => {
    const server = await startProgram("chat-v1");
    const client = await server.connect();
    client.send("for the log");
    const name = nameFor(1, client.socket.localPort);
    await server.logs(new RegExp(`^\\S+ \\S+ ${STAMP} ${name}\nfor the log\n`, "m"));
  });

  test("who is gone is not sent to, and nobody minds", async () => {
    const server = await startProgram("chat-v1");
    const [first, second, third] = (await gather(server, 3, stamped)) as [Client, Client, Client];
    second.reset();
    third.send("two");
    for (const client of [first, third]) await client.expectSaid(third.name, "two");
    await consoleLists(server, 2);
  });
});

test("chat-v1 loses what a full socket does not take, says so, and goes on", async () => {
  const server = await startProgram("chat-v1");
  const [deaf, speaker] = (await gather(server, 2, stamped)) as [Client, Client];
  deaf.stopReading();
  const messages = "m".repeat(64 * RECV_BYTES);
  for (
    let sent = messages.length;
    !server.stderr.includes(" lost part of a ");
    sent += messages.length
  ) {
    speaker.send(messages);
    await speaker.expectAtLeast(sent);
  }
  expect(server.stderr).toMatch(new RegExp(` ${deaf.name} lost part of a message$`, "m"));
  expect(server.stderr).not.toContain(`${speaker.name} lost`);
  speaker.send("go on");
  await until("that is heard", () => speaker.heard.toString().endsWith("go on\n"));
});

describe("chat-v0", () => {
  test("serves one client at a time: the second is answered once the first has gone", async () => {
    const server = await startProgram("chat-v0");
    const [first, second] = [await server.connect(), await server.connect()];
    second.send("is anybody there?");
    first.send("one");
    await first.expectSaid(nameFor(1, first.socket.localPort), "one");
    expect(second.heardBytes).toBe(0);
    first.send("quit");
    await first.expectEnd();
    await second.expectSaid(nameFor(2, second.socket.localPort), "is anybody there?");
  });
});

describe.each(["chat-v2", "chat-v3"])("%s", (name) => {
  test("everybody hears the plain message, and the stamped one is logged, as in the tutorial", async () => {
    const server = await startProgram(name);
    const [first, second] = (await gather(server, 2, plain)) as [Client, Client];
    first.send("one");
    await first.expectBytes("one");
    await second.expectBytes("one");
    second.send("two\n");
    await first.expectBytes("two\n");
    await second.expectBytes("two\n");
    await server.logs(new RegExp(`${STAMP} ${first.name}\none\n`));
    await server.logs(new RegExp(`${STAMP} ${second.name}\ntwo\n`));
  });

  test("what a client does not read waits in its queue, and the others do not wait for it", async () => {
    const server = await startProgram(name);
    const [deaf, speaker] = (await gather(server, 2, plain)) as [Client, Client];
    deaf.stopReading();
    const message = "m".repeat(RECV_BYTES);
    const count = 8 * 1024;
    for (let sent = 0; sent < count; sent += 64) {
      speaker.send(message.repeat(64));
      await speaker.expectBytes(message.repeat(64));
    }
    deaf.readAgain();
    await deaf.expectBytes(message.repeat(count));
  });

  test("who is gone leaves its queue behind, and nobody minds", async () => {
    const server = await startProgram(name);
    const [first, second] = (await gather(server, 2, plain)) as [Client, Client];
    second.reset();
    first.send("two");
    await first.expectBytes("two");
    await consoleLists(server, 1);
  });
});

describe.each(["echo", "chat-v1", "chat-v2", "chat-v3"])("%s", (name) => {
  test("quit on the console ends it with 0, and clients see the end", async () => {
    const server = await startProgram(name);
    const client = await server.connect();
    client.send("x");
    await client.expectAtLeast(1);
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    await client.expectAllUntilEnd();
    expect(client.error).toBe("");
  });

  test("anything else on the console shows the map", async () => {
    const server = await startProgram(name);
    const clients = [await server.connect(), await server.connect()];
    for (const client of clients) {
      client.send("x");
      await client.expectAtLeast(1);
    }
    await consoleLists(server, 2);
    await server.prints(/>>[^]*>>/);
  });

  test("the end of the console ends it with 0, if so asked", async () => {
    const server = await startProgram(name);
    server.endConsole();
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });

  if (has("a console unread"))
    test("an output that nobody reads does not stop it", async () => {
      const server = await startProgram(name, [], { readStdout: false });
      server.leaveStderrUnread();
      const client = await server.connect();
      for (let count = 0; count < 3_000; count++) {
        client.send("x");
        await client.expectAtLeast(1);
        client.takeAll();
      }
      expect(await server.stop()).toEqual({ code: 0, signal: null });
    });

  test("bytes of every kind do not disturb it", async () => {
    const server = await startProgram(name);
    const client = await server.connect();
    const bytes = Uint8Array.from({ length: 60_000 }, (_, at) => (at * 7919) >> 3);
    await client.sendNow(bytes);
    await client.expectAtLeast(bytes.length);
    client.leave();
    const another = await server.connect();
    another.send("still there?");
    await another.expectAtLeast("still there?".length);
  });
});

describe.each(["chat-v1", "chat-v2", "chat-v3"])("%s", (name) => {
  test.each(["quit", "quit\n", "quit\r\n"])("%j from a client lets it go", async (quit) => {
    const server = await startProgram(name);
    const hears = name === "chat-v1" ? stamped : plain;
    const [, second] = (await gather(server, 2, hears)) as [Client, Client];
    second.send(quit);
    await second.expectEnd();
    await consoleLists(server, 1);
    await server.logs(/ 1 clients$/m);
  });

  test("quit within a sentence is nothing special", async () => {
    const server = await startProgram(name);
    const client = await server.connect();
    client.send("I quit");
    await client.expectAtLeast("I quit".length);
    client.send("never");
    await client.expectAtLeast("I quitnever".length);
    expect(client.ended).toBe(false);
  });
});
