/**
 * The chat at its limits: what it refuses, which clients it closes, and that other clients notice
 * nothing.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { cpuMs } from "../../support/processes.js";
import { has, selectorName } from "../../support/runtime.js";
import { until } from "../../support/wait.js";
import { connect, STAMP, type Client } from "./support/client.js";
import { launchProgram, startProgram, type Server } from "./support/server.js";

const MEBIBYTE = 1024 * 1024;
const LINE_BYTES = 4000;
/** 24 MB: more than the kernel takes for a client that reads nothing. */
const FLOOD_LINES = 6000;
const SLOW_WORDS = "* closed: you read too slowly, and lines for you have been dropped\n";

function floodLine(number: number): string {
  return `${number} `.padEnd(LINE_BYTES, "x");
}

/** Says more than a deaf client's buffers hold; returns once everybody in `attentive` has heard it in order. */
async function flood(speaker: Client, attentive: readonly Client[]): Promise<void> {
  const batch = 100;
  for (let from = 0; from < FLOOD_LINES; from += batch) {
    const numbers = Array.from({ length: batch }, (_, at) => from + at);
    speaker.send(numbers.map((number) => `${floodLine(number)}\n`).join(""));
    for (const client of attentive)
      for (const number of numbers) await client.expectSaid(speaker.name, floodLine(number));
  }
}

/**
 * Splits a client's input from the flood: the number of whole lines, in order, and the rest after
 * them.
 */
function linesOf(heard: string): { lines: number; rest: string } {
  const expected = new RegExp(`^${STAMP} client-\\d+$`);
  let at = 0;
  for (let lines = 0; ; lines++) {
    const stampEnd = heard.indexOf("\n", at);
    const textEnd = heard.indexOf("\n", stampEnd + 1);
    if (textEnd < 0 || !expected.test(heard.slice(at, stampEnd)))
      return { lines, rest: heard.slice(at) };
    expect(heard.slice(stampEnd + 1, textEnd)).toBe(floodLine(lines));
    at = textEnd + 1;
  }
}

describe("--max-clients", () => {
  test("the last place is given, the next one is told that there is none, and nobody is disturbed", async () => {
    const server = await startProgram("chat", ["--max-clients", "2"]);
    const [ann, ben] = [await server.join(), await server.join()];
    const refused = await server.connect();
    await refused.expectBytes("* closed: the server is full, try again later\n");
    await refused.expectEnd();
    await server.logs(/^client-3 is gone: server full \(2 here\)$/m);
    ann.say("we are two");
    for (const client of [ann, ben]) await client.expectSaid("client-1", "we are two");
  });

  test("a place is free again once somebody has left", async () => {
    const server = await startProgram("chat", ["--max-clients", "1"]);
    for (const leave of [
      (client: Client) => client.say("quit"),
      (client: Client) => client.reset(),
      (client: Client) => client.halfClose(),
    ]) {
      const client = await server.join();
      client.say("mine");
      await client.expectSaid(client.name, "mine");
      leave(client);
      await server.logs(new RegExp(`^${client.name} is gone: .*\\(0 here\\)$`, "m"));
    }
  });

  test("visitors that say nothing are announced to no client", async () => {
    const server = await startProgram("chat", ["--style", "line", "--replay", "0"]);
    const ann = await server.connect();
    await ann.expectLineLike(/^\* you are /);
    for (let count = 0; count < 20; count++) {
      const visitor = await server.connect();
      await visitor.expectLineLike(/^\* you are /);
      visitor.leave();
    }
    await until("all visitors have gone", () => {
      server.console("how many?");
      return /^1 client, 1 connection$/m.test(server.stdout);
    });
    ann.send("/ping\n");
    await ann.expectLineLike(/^\* pong$/);
  });

  test("a place is free at once, even while some who were turned away do not go", async () => {
    const server = await startProgram("chat", ["--max-clients", "1"]);
    const ann = await server.join();
    for (let count = 0; count < 64; count++) {
      const stubborn = await server.connect({ allowHalfOpen: true });
      await stubborn.expectBytes("* closed: the server is full, try again later\n");
    }
    ann.leave();
    await server.logs(/^client-1 is gone: left \(0 here\)$/m);
    const ben = await server.connect();
    ben.say("my place");
    await ben.expectSaid("client-66", "my place");
  });

  test("a crowd at a full door is turned away, and those who are in go on talking", async () => {
    const server = await startProgram("chat", ["--max-clients", "2"]);
    const [ann, ben] = [await server.join(), await server.join()];
    const crowd = await Promise.all(Array.from({ length: 200 }, () => server.connect()));
    ann.say("what a crowd");
    for (const client of [ann, ben]) await client.expectSaid("client-1", "what a crowd");
    for (const client of crowd) {
      const words = (await client.expectAllUntilEnd()).toString();
      // Beyond 64 at a time they are closed unheard.
      expect(["", "* closed: the server is full, try again later\n"]).toContain(words);
    }
    expect(server.stderr).not.toContain("3 here");
  });
});

describe("a client that does not read", () => {
  const limits = ["--soft-limit", "1024", "--hard-limit", "65536", "--soft-seconds", "3600"];

  test("is closed at the hard limit, and the others hear every line in order", async () => {
    const server = await startProgram("chat", limits);
    const [speaker, listener] = [await server.join(), await server.join()];
    await server.join({ deaf: true });
    await flood(speaker, [speaker, listener]);
    await server.logs(/^client-3 is gone: too slow \(2 here\)$/m);
    speaker.say("just us");
    for (const client of [speaker, listener]) await client.expectSaid("client-1", "just us");
  });

  test("finds, when it reads at last, whole lines in order, and then why it was closed", async () => {
    const server = await startProgram("chat", limits);
    const speaker = await server.join();
    const slow = await server.join({ deaf: true });
    await flood(speaker, [speaker]);
    slow.readAgain();
    const { lines, rest } = linesOf((await slow.expectAllUntilEnd()).toString());
    expect(rest).toBe(SLOW_WORDS);
    expect(lines).toBeGreaterThan(0);
    expect(lines).toBeLessThan(FLOOD_LINES);
    expect(slow.error).toBe("");
  });

  test("does not keep the others waiting", async () => {
    const server = await startProgram("chat", ["--hard-limit", "268435456"]);
    const [speaker, listener] = [await server.join(), await server.join()];
    await server.join({ deaf: true });
    await flood(speaker, []);
    for (const client of [speaker, listener]) {
      await client.expectAtLeast(
        FLOOD_LINES * `YYYY/MM/DD HH:MM:SS client-1\n${floodLine(0)}\n`.length,
      );
      client.takeAll();
    }
    const before = performance.now();
    listener.say("are you there?");
    await speaker.expectSaid("client-2", "are you there?");
    expect(performance.now() - before).toBeLessThan(10_000);
  });

  test("is closed after --soft-seconds above the soft limit; one that has caught up is not", async () => {
    const server = await startProgram("chat", [
      ...["--soft-limit", "65536", "--hard-limit", "268435456", "--soft-seconds", "5"],
    ]);
    const speaker = await server.join();
    const [slow, stuck] = [await server.join({ deaf: true }), await server.join({ deaf: true })];
    await flood(speaker, [speaker]);
    slow.readAgain();
    for (let number = 0; number < FLOOD_LINES; number++)
      await slow.expectSaid("client-1", floodLine(number));
    expect(server.stderr).not.toContain("is gone");
    await server.logs(/^client-3 is gone: too slow \(2 here\)$/m);
    stuck.leave();
    speaker.say("still two?");
    await slow.expectSaid("client-1", "still two?");
  });

  test("costs a bounded amount of memory, however many of them there are", async () => {
    // 40 clients that may be owed 1 MiB each, of lines that they share, in 24 MiB.
    const server = await startProgram("chat", [], { maxMemoryBytes: 24 * MEBIBYTE });
    const speaker = await server.join();
    await Promise.all(Array.from({ length: 40 }, () => server.connect({ deaf: true })));
    await server.logs(/\(41 here\)/);
    await flood(speaker, [speaker]);
    await server.logs(/too slow \(1 here\)/);
    speaker.say("alone");
    await speaker.expectSaid("client-1", "alone");
  });
});

if (has("a console unread"))
  describe("a console that nobody reads", () => {
    const OUTPUT_LINES = 10_000;

    test("does not stop the chat, and it is told later what was dropped", async () => {
      const server = await startProgram("chat", [], { readStdout: false });
      const [ann, ben] = [await server.join(), await server.join()];
      for (let line = 0; line < OUTPUT_LINES; line++) server.console("how is it?");
      for (let line = 0; line < 10; line++) {
        ann.say(`line ${line}`);
        await ben.expectSaid("client-1", `line ${line}`);
      }
      server.readStdout();
      await server.prints(/\(\d+ lines were not written: nobody read them in time\)/);
      // Our reader may still be behind when it asks, and the answer be dropped: then it asks again.
      await until("it answers again", () => {
        server.console("and now?");
        const since = server.stdout.slice(server.stdout.lastIndexOf("were not written"));
        return /2 clients, 2 connections[^]*>>$/.test(since);
      });
    });

    test("does not keep it from stopping", async () => {
      const server = await startProgram("chat", [], { readStdout: false });
      for (let line = 0; line < OUTPUT_LINES; line++) server.console("how is it?");
      expect(await server.stop()).toEqual({ code: 0, signal: null });
    });

    test("nor does a log that nobody reads", async () => {
      const server = await startProgram("chat");
      const [ann, ben] = [await server.join(), await server.join()];
      server.leaveStderrUnread();
      for (let round = 0; round < 15; round++) {
        const crowd = await Promise.all(Array.from({ length: 100 }, () => connect(server.port())));
        for (const client of crowd) client.say("quit");
        for (const client of crowd) await client.expectAllUntilEnd();
      }
      ann.say("still here");
      await ben.expectSaid("client-1", "still here");
    });
  });

if (has("few descriptors"))
  describe("when the process may open no more files", () => {
    async function crowded(): Promise<{ server: Server; first: Client; crowd: Client[] }> {
      const server = await startProgram("chat", [], { descriptors: 32 });
      const first = await server.join();
      const crowd = await Promise.all(Array.from({ length: 60 }, () => server.connect()));
      await server.logs(/^accept: MFILE; trying again in 0\.1 s$/m);
      return { server, first, crowd };
    }

    test("it rests between two attempts, longer each time", async () => {
      const { server } = await crowded();
      await server.logs(/^accept: MFILE; trying again in 1(\.0)? s$/m);
      const attempts = server.stderr.match(/^accept: MFILE/gm)?.length ?? 0;
      expect(attempts).toBeLessThanOrEqual(6);
    });

    if (has("processor time"))
      test("it does not spin meanwhile", async () => {
        const { server } = await crowded();
        const [before, window] = [cpuMs(server.pid), 1_500];
        await sleep(window);
        expect(cpuMs(server.pid) - before).toBeLessThan(window * 0.2);
      });

    test("those who are in go on talking, and who waits is let in as soon as somebody leaves", async () => {
      const { server, first, crowd } = await crowded();
      // Who was let in just now has said who it is by then.
      await server.logs(/^accept: MFILE; trying again in 0\.4 s$/m);
      const joined = (): number => server.stderr.match(/^client-\d+ joined/gm)?.length ?? 0;
      const before = joined();
      expect(before).toBeLessThan(32);
      first.say("crowded here");
      await first.expectSaid("client-1", "crowded here");
      const inside = (): Client[] => crowd.filter((client) => client.heardBytes > 0);
      await until("all who are in hear it", () => inside().length === before - 1);
      inside()[0]?.leave();
      await until("another is let in", () => joined() === before + 1);
      for (const client of crowd) client.leave();
      await until("all have been let in", () => joined() === 61);
      const last = await server.connect();
      last.say("room enough");
      await last.expectSaid("client-62", "room enough");
    });
  });

describe("stopping", () => {
  test("quit on the console: everybody is told, sees the end, and it ends with 0", async () => {
    const server = await startProgram("chat");
    const clients = await server.joinAll(20);
    server.console("quit");
    for (const client of clients) {
      await client.expectBytes("* closed: the server is stopping\n");
      await client.expectEnd();
    }
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });

  test("what was said before is delivered before the end", async () => {
    const server = await startProgram("chat");
    const [ann, ben] = [await server.join(), await server.join()];
    ann.say("one last thing");
    await ann.expectSaid("client-1", "one last thing");
    server.console("quit");
    await ben.expectSaid("client-1", "one last thing");
    await ben.expectBytes("* closed: the server is stopping\n");
    await ben.expectEnd();
  });

  test("clients that do not take what they are owed are not waited for long", async () => {
    const server = await startProgram("chat", ["--hard-limit", "268435456"]);
    const speaker = await server.join();
    await server.join({ deaf: true });
    await flood(speaker, [speaker]);
    const before = performance.now();
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    // STOP_SECONDS is one.
    expect(performance.now() - before).toBeLessThan(10_000);
    await speaker.expectBytes("* closed: the server is stopping\n");
    await speaker.expectEnd();
  });

  test("the end of the console: it ends with 0, if so asked", async () => {
    const server = await startProgram("chat");
    const client = await server.join();
    server.endConsole();
    await client.expectBytes("* closed: the server is stopping\n");
    await client.expectEnd();
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });

  test("a last command without a newline is a command", async () => {
    const server = await startProgram("chat");
    server.endConsole("quit");
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });
});

test("the console shows counts and the map", async () => {
  const server = await startProgram("chat");
  const [ann] = [await server.join(), await server.join()];
  ann.say("hello");
  await ann.expectSaid("client-1", "hello");
  server.console("how is it?");
  await server.prints(/^2 clients, 2 connections\n1 line, 2 deliveries, \d+ ticks\n/m);
  const name = selectorName().replace(/[()]/g, "\\$&");
  const keys = "( {2}SelectorKey\\(fd=\\d+, .*\n){4}";
  await server.prints(new RegExp(`^selector: ${name}, 4 keys\n${keys}`, "m"));
  await server.prints(/>>$/);
});

test("a memory that is too small is said in words, and it does not serve", async () => {
  const server = await launchProgram("chat", [], { maxMemoryBytes: 65_536 });
  const { code } = await server.exited;
  expect(server.stderr).toMatch(/memory/);
  expect(code).not.toBe(0);
});
