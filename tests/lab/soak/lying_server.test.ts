/** The crowd against small chats with one fault each, which it must detect. */
import net from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { Crowd } from "../../../lab/soak/crowd.js";
import type { Faults } from "../../../lab/soak/hearing.js";
import { Random } from "../../../lab/world/random.js";
import { until } from "../../support/wait.js";

const CLIENTS = 3;
const ROUNDS = 10;
/** The delivery that is lied about: to the second client, a line of the third. */
const [LISTENER, SPEAKER, NUMBER] = [1, 2, 4];
const HONEST: Faults = { lost: 0, doubled: 0, disordered: 0, damaged: 0 };
/** Long enough that nothing is in flight between two sockets of this process. */
const IDLE_MS = 1_000;

/**
 * Returns the text to send instead of a delivery; text that is passed to `hold` is sent after the
 * next delivery.
 */
type Lie = (delivery: string, hold: (held: string) => void) => string;

interface Told {
  faults: Faults;
  agrees: boolean;
  unexpected: string[];
}

/** Lets the crowd talk on a chat with one fault. @returns the faults that the crowd detected */
async function heardFrom(lie: Lie, last = ROUNDS): Promise<Told> {
  const chat = await lyingChat(lie);
  const crowd = new Crowd(chat.port, CLIENTS, new Random(1));
  onTestFinished(() => crowd.leave());
  await crowd.gather();
  await until("all are in", () => chat.sockets.length === CLIENTS);
  for (let round = 0; round < last; round++) {
    for (let sender = 0; sender < CLIENTS; sender++) crowd.say(sender);
  }
  await crowd.settle(IDLE_MS);
  return { faults: crowd.faults, agrees: crowd.agrees, unexpected: crowd.unexpected };
}

async function lyingChat(lie: Lie): Promise<{ port: number; sockets: readonly net.Socket[] }> {
  const sockets: net.Socket[] = [];
  /** Text that was held back until the speaker's next line. */
  let held = "";
  const deliver = (text: string, from: number): void => {
    const delivery = `2026/11/23 12:00:00 client-${from + 1}\n${text}\n`;
    sockets.forEach((socket, at) => {
      const isIt = at === LISTENER && text.startsWith(`soak ${SPEAKER} ${NUMBER} `);
      const sent = isIt ? lie(delivery, (later) => (held = later)) : delivery;
      socket.write(sent);
      if (at !== LISTENER || isIt || from !== SPEAKER || held === "") return;
      socket.write(held);
      held = "";
    });
  };
  const server = net.createServer((socket) => {
    const from = sockets.push(socket) - 1;
    let pending = "";
    socket.setEncoding("utf8").on("data", (text: string) => {
      const lines = (pending + text).split("\n");
      pending = lines.pop() ?? "";
      for (const line of lines) deliver(line, from);
    });
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as net.AddressInfo).port, sockets };
}

test("an honest chat is believed", async () => {
  const told = await heardFrom((delivery) => delivery);
  expect(told).toEqual({ faults: HONEST, agrees: true, unexpected: [] });
});

test.each<[string, Lie, Partial<Faults>]>([
  ["a line that is dropped", () => "", { lost: 1 }],
  ["a line that comes twice", (delivery) => delivery + delivery, { doubled: 1 }],
  [
    "a line that comes after the next",
    (delivery, hold) => {
      hold(delivery);
      return "";
    },
    { disordered: 1 },
  ],
  ["a byte that is another", (delivery) => delivery.replace(/.\n$/, "x\n"), { damaged: 1 }],
  ["a line without its end", (delivery) => delivery.replace(/..\n$/, "\n"), { damaged: 1 }],
  [
    "another speaker's name",
    (delivery) => delivery.replace("client-3", "client-1"),
    { damaged: 1 },
  ],
  ["a stamp that is none", (delivery) => delivery.replace("2026", "x"), { damaged: 2, lost: 1 }],
  [
    "a line that nobody said",
    (delivery) => delivery.replace(" 4 ", " 4000 "),
    { damaged: 1, lost: 1 },
  ],
  ["a line for nobody else", (delivery) => `${delivery}* psst\n`, { damaged: 1 }],
  [
    "an escape sequence of a visitor",
    (delivery) => `${delivery}2026/11/23 12:00:00 client-9\n\x1b[2J\n`,
    { damaged: 1 },
  ],
])("%s is noticed", async (_, lie, faults) => {
  const told = await heardFrom(lie);
  expect(told.faults).toEqual({ ...HONEST, ...faults });
  expect(told.unexpected).toEqual([]);
});

test("the very last line, dropped, is noticed", async () => {
  const told = await heardFrom(() => "", NUMBER + 1);
  expect(told.faults).toEqual({ ...HONEST, lost: 1 });
});

test("a last line that is cut short is noticed", async () => {
  const told = await heardFrom((delivery) => delivery.slice(0, -3), NUMBER + 1);
  expect(told.faults).toEqual({ ...HONEST, lost: 1, damaged: 1 });
});

test("a line of a visitor that one of the crowd did not get is noticed", async () => {
  const visitor = "2026/11/23 12:00:00 client-9\nhello\n";
  const told = await heardFrom((delivery) => delivery + visitor);
  expect(told.faults).toEqual(HONEST);
  expect(told.agrees).toBe(false);
});

test.each([
  ["closes", (socket: net.Socket) => void socket.end(), "closed by the server"],
  ["resets", (socket: net.Socket) => void socket.resetAndDestroy(), "ECONNRESET"],
])("a chat that %s one of the crowd is noticed", async (_, close, how) => {
  const chat = await lyingChat((delivery) => delivery);
  const crowd = new Crowd(chat.port, CLIENTS, new Random(1));
  onTestFinished(() => crowd.leave());
  await crowd.gather();
  await until("all are in", () => chat.sockets.length === CLIENTS);
  chat.sockets.slice(LISTENER, LISTENER + 1).forEach(close);
  await until("it is noticed", () => crowd.unexpected.length > 0);
  crowd.leave();
  expect(crowd.unexpected).toEqual([
    expect.stringMatching(`client ${LISTENER} of the crowd: .*${how}`),
  ]);
});

test("a chat that is not there is noticed", async () => {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const crowd = new Crowd(port, 1, new Random(1));
  await crowd.gather();
  expect(crowd.unexpected).toEqual([expect.stringContaining("ECONNREFUSED")]);
});
