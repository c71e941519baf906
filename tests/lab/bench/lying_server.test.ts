/**
 * The load generator against small chats: a correct one, and others with one fault each, which it
 * must report.
 */
import { execFile, spawn } from "node:child_process";
import { once as first } from "node:events";
import net from "node:net";
import { promisify } from "node:util";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { build, generator } from "../../../lab/bench/build.mjs";
import type { Faults, Found } from "../../../lab/bench/measure.mjs";
import { type Generator, loadOf, type Scenario, SCENARIOS } from "../../../lab/bench/scenarios.mjs";

const run = promisify(execFile);

const CLIENTS = 4;
const NONE: Faults = { lost: 0, doubled: 0, disordered: 0, damaged: 0, closed: 0, refused: 0 };
/** The line that is lied about, as the generator writes it: sender and number. */
const MARK = "0001 00000006 ";

let load: string;

beforeAll(async () => {
  load = await build(generator, () => undefined);
});

interface Member {
  socket: net.Socket;
  name: string;
  room: string;
}

/** Changes a delivery on its way to one member: the planted fault. */
type Lie = (delivery: string, to: number, member: Member) => string;

interface Chat {
  lie?: Lie;
  style?: "line" | "two" | "raw";
  noDelay?: boolean;
}

/** @returns its port */
async function chat({
  lie = (delivery) => delivery,
  style = "line",
  noDelay = false,
}: Chat): Promise<number> {
  const members: Member[] = [];
  const greet = ({ socket, name, room }: Member) => {
    if (style === "line") socket.write(`* you are ${name} in ${room} (0 here)\n`);
  };
  const onLine = (line: string, from: Member) => {
    if (line.startsWith("/join ")) {
      from.room = line.slice(6);
      greet(from);
      return;
    }
    const delivery = {
      line: `12:34:56 ${from.name}: ${line}\n`,
      two: `2026/11/25 12:34:56 ${from.name}\n${line}\n`,
      raw: `${line}\n`,
    }[style];
    members.forEach((member, to) => {
      if (member.room === from.room) member.socket.write(lie(delivery, to, member));
    });
  };
  const server = net.createServer({ noDelay }, (socket) => {
    const member = { socket, name: `client-${members.length + 1}`, room: "lobby" };
    members.push(member);
    greet(member);
    let pending = "";
    socket.setEncoding("latin1").on("data", (text: string) => {
      const lines = (pending + text).split("\n");
      pending = lines.pop() ?? "";
      for (const line of lines) onLine(line, member);
    });
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const { socket } of members) socket.destroy();
    server.close();
  });
  return (server.address() as net.AddressInfo).port;
}

/** Runs the generator against a chat. */
async function found(one: Chat, words: Record<string, string | number> = {}): Promise<Found> {
  const options = {
    ...{ port: await chat(one), clients: CLIENTS, senders: 2, window: 8 },
    ...{ seconds: 0.02, lines: 40, patience: 0.3, ...words },
  };
  const args = Object.entries(options).map(([name, value]) => `${name}=${value}`);
  const { stdout } = await run(load, args);
  return JSON.parse(stdout) as Found;
}

/** A lie about the marked line, to some: to one, or to all but one. */
function once(to: (index: number) => boolean, change: (delivery: string) => string): Lie {
  return (delivery, index) => (delivery.includes(MARK) && to(index) ? change(delivery) : delivery);
}

/** Holds the marked line back until the sender's next one has been delivered to the same client. */
function late(to: (index: number) => boolean): Lie {
  const held = new Map<number, string>();
  return (delivery, index) => {
    if (delivery.includes(MARK) && to(index)) {
      held.set(index, delivery);
      return "";
    }
    const before = held.get(index);
    if (before === undefined || !delivery.includes(MARK.slice(0, 5))) return delivery;
    held.delete(index);
    return delivery + before;
  };
}

describe("an honest chat is believed", () => {
  test.each<[string, Chat, Record<string, string | number>]>([
    ["in a closed loop", {}, {}],
    ["in an open loop", {}, { window: 0, rate: 200, senders: CLIENTS }],
    ["in rooms", {}, { window: 0, rate: 200, senders: CLIENTS, room: 2 }],
    ["with long lines", {}, { bytes: 16_384, window: 4 }],
    ["with two lines a message", { style: "two" }, { form: "two", greets: 0 }],
    ["without stamp and greeting", { style: "raw" }, { form: "raw", greets: 0 }],
    ["with connections that come and go", {}, { churn: 100, silent: 1 }],
    ["when all connect at once", {}, { storm: 1, clients: 100 }],
    ["without sleeping", {}, { spins: 1 }],
  ])("%s", async (_, one, words) => {
    const { faults, said, deliveries, churnFailed } = await found(one, words);
    expect(faults).toEqual(NONE);
    expect(churnFailed).toBe(0);
    expect(said).toBeGreaterThan(10);
    expect(deliveries).toBeGreaterThan(10);
  });
});

describe.each<[string, number, (index: number) => boolean]>([
  ["the first", 1, (index) => index === 0],
  ["the last", 1, (index) => index === CLIENTS - 1],
  ["all but the first", CLIENTS - 1, (index) => index > 0],
  ["all", CLIENTS, () => true],
])("a lie to %s is noticed", (_, times, to) => {
  test.each<[string, Lie, Partial<Faults>]>([
    ["a line that is dropped", once(to, () => ""), { lost: times }],
    ["a line that comes twice", once(to, (it) => it + it), { doubled: times }],
    ["a line that comes after the next", late(to), { disordered: times }],
    [
      "a byte that is another",
      once(to, (it) => it.replace(/.(...)\n$/, "#$1\n")),
      { damaged: times },
    ],
    [
      "a line without its end",
      once(to, (it) => it.slice(0, -2) + "\n"),
      { damaged: times, lost: times },
    ],
    [
      "another sender's name",
      once(to, (it) => it.replace(/client-\d/, "client-9")),
      { damaged: times },
    ],
    ["a stamp that is none", once(to, (it) => it.replace("12:34", "12.34")), { damaged: times }],
    [
      "another moment",
      once(to, (it) => it.replace(/(00000006 ...)./, "$1f")),
      { damaged: times, lost: times },
    ],
    ["a line that nobody said", once(to, (it) => `${it}hello\n`), { damaged: times }],
  ])("%s", async (__, lie, faults) => {
    // Lambdas keep what they hold back: each run has its own lie.
    expect((await found({ lie })).faults).toEqual({ ...NONE, ...faults });
  });
});

describe("what is more", () => {
  test("a chat that closes a client is noticed", async () => {
    const lie: Lie = (delivery, to, { socket }) => {
      if (to === 2 && delivery.includes(MARK)) socket.destroy();
      return delivery;
    };
    expect((await found({ lie })).faults).toMatchObject({ ...NONE, closed: 1 });
  });

  test("a chat that passes nothing on is noticed", async () => {
    const { faults, deliveries } = await found({ lie: () => "" });
    expect(deliveries).toBe(0);
    expect(faults.lost).toBe(2 * 8 * CLIENTS);
  });

  test("a last line that is cut short is noticed", async () => {
    const lie: Lie = (delivery, to) => (to === 1 ? delivery.slice(0, -3) : delivery);
    const { faults } = await found({ lie }, { window: 1, senders: 1, clients: 2 });
    expect(faults.damaged).toBe(1);
    expect(faults.lost).toBeGreaterThan(0);
  });

  test("a chat that is not there is noticed", async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as net.AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await expect(run(load, [`port=${port}`])).rejects.toThrow("nobody came in");
  });
});

test("what a generator that spins has needed is the time in which it had something to do", async () => {
  const slow = { window: 0, rate: 20, seconds: 0.4, lines: 1 };
  const { seconds, ownCpuSeconds } = await found({}, { ...slow, spins: 1 });
  expect(seconds).toBeGreaterThan(0.39);
  expect(ownCpuSeconds).toBeLessThan(seconds / 4);
});

test("a generator that sleeps leaves its core alone until something comes", async () => {
  const scenario = SCENARIOS.find(({ name }) => name === "E") as Scenario;
  const cpuOf = async (generator: Generator) => {
    const less = { rate: 20, senders: 2, clients: CLIENTS, seconds: 0.6 };
    const words = { ...loadOf(scenario, generator), ...less };
    const args = Object.entries({ ...words, port: await chat({}) }).map((pair) => pair.join("="));
    // A shell prints what it has used itself, and what its children have.
    const script = '"$@" >/dev/null; times';
    const { stdout } = await run("sh", ["-c", script, "sh", load, ...args]);
    const used = [...(stdout.split("\n")[1] ?? "").matchAll(/(\d+)m([\d.]+)s/g)];
    expect(used).toHaveLength(2);
    return used.reduce((sum, [, minutes, rest]) => sum + 60 * Number(minutes) + Number(rest), 0);
  };
  expect(await cpuOf("sleeping")).toBeLessThan((await cpuOf("spinning")) / 3);
});

test("a server without TCP_NODELAY is told from one with it, and one that is unknown from both", async () => {
  const once = { window: 1, lines: 1 };
  const delays = (noDelay: boolean) => found({ noDelay }, { ...once, pid: process.pid });
  expect((await delays(true)).noDelay).toBe(1);
  expect((await delays(false)).noDelay).toBe(0);
  expect((await found({}, once)).noDelay).toBe(-1);
});

test("what a module has touched of its memory is told apart from the rest of the process", async () => {
  const memory = "new WebAssembly.Memory({ initial: 64 })";
  const touch = `new Uint8Array(${memory}.buffer).fill(1, 0, 2097152)`;
  const code = `globalThis.kept = ${touch}; console.log("ready"); setInterval(() => 0, 1000)`;
  const child = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "ignore"] });
  onTestFinished(() => void child.kill());
  await first(child.stdout, "data");
  const { guestStart, rssStart } = await found({}, { pid: child.pid ?? 0 });
  expect(guestStart).toBe(2_097_152);
  expect(rssStart).toBeGreaterThan(8 * guestStart);
});
