/**
 * The actions of a few clients in order, and what each of them receives. Each action waits for the
 * effect of the one before, so that equal servers give equal results.
 */
import { EventEmitter, once } from "node:events";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../../../lab/world/random.js";
import type { Saying } from "./servers.js";

export type Step =
  /** From a port of its own, or from that of somebody who has gone. */
  | { does: "come"; who: number; likeWho?: number }
  /** One write, which one segment carries. */
  | { does: "say"; who: number; text: string }
  /** Says `quit`, and is let go. */
  | { does: "quit"; who: number }
  /** Ends its side, and is let go. */
  | { does: "leave"; who: number }
  | { does: "reset"; who: number };

/** Bytes that the tutorial's programs read at once. */
const RECV_BYTES = 1024;
/**
 * The bytes that a server adds to a message, at least: a stamp and a name, nothing, "Your msg is ".
 */
const ADDED_BYTES: Record<Saying, number> = { stamped: 30, plain: 0, echoed: 12 };
/** So long nothing more must come, before what was heard counts as all. */
const QUIET_MS = 50;
const STEP_WAIT_MS = 10_000;

const TEXTS = [
  "hello",
  "a line\n",
  "two\nlines\n",
  " ",
  "\n",
  "\u00e4\u4f60\u597d \u{1f600}",
  "quit now",
  "\u0007bell \u001b[31mred",
  "0".repeat(RECV_BYTES),
  "1".repeat(RECV_BYTES + 1),
  "2".repeat(3 * RECV_BYTES),
];
const PEOPLE_MOST = 5;

/** People who come and go and talk, by chance; whoever comes says something at once. */
export function drawScript(random: Random, steps: number): Step[] {
  const script: Step[] = [];
  const here: number[] = [];
  let arrivals = 0;
  while (script.length < steps) {
    const comes = here.length === 0 || (here.length < PEOPLE_MOST && random.chance(0.2));
    if (comes) {
      here.push(++arrivals);
      script.push({ does: "come", who: arrivals });
      script.push({ does: "say", who: arrivals, text: `I am number ${arrivals}` });
    } else if (here.length > 1 && random.chance(0.15)) {
      const [who = 0] = here.splice(random.below(here.length), 1);
      script.push({ does: random.pick(["quit", "leave", "reset"] as const), who });
    } else {
      script.push({ does: "say", who: random.pick(here), text: random.pick(TEXTS) });
    }
  }
  return script;
}

/** The port of each who comes, in order. */
export async function portsFor(script: readonly Step[]): Promise<number[]> {
  const comes = script.filter((step) => step.does === "come");
  const free = await freePorts(comes.length);
  return comes.map(({ likeWho }, at) => {
    const like = comes.findIndex(({ who }) => who === likeWho);
    return free[like < 0 ? at : like] ?? 0;
  });
}

/**
 * Plays a script with clients that connect from these ports, in order.
 *
 * @returns the input of each client, in the order of the connections
 */
export async function play(
  script: readonly Step[],
  server: { port: number; says: Saying },
  ports: readonly number[],
): Promise<string[]> {
  const changes = new EventEmitter();
  const until = async (what: string, condition: () => boolean): Promise<void> => {
    const signal = AbortSignal.timeout(STEP_WAIT_MS);
    while (!condition()) {
      await once(changes, "change", { signal }).catch(() => {
        throw new Error(`waited ${STEP_WAIT_MS} ms in vain for the effect of ${what}`);
      });
    }
  };
  const people = new Map<number, Person>();
  const present = new Set<Person>();
  try {
    for (const [at, step] of script.entries()) {
      const what = `step ${at}, ${JSON.stringify(step).slice(0, 80)}`;
      if (step.does === "come") {
        const person = await Person.come(server.port, ports[people.size] ?? 0, changes);
        people.set(step.who, person);
        present.add(person);
        continue;
      }
      const person = people.get(step.who);
      if (person === undefined) throw new Error(`nobody is number ${step.who}`);
      if (step.does === "say") {
        const due = dueFor(step.text, server.says);
        const hearers = server.says === "echoed" ? [person] : [...present];
        const goals = hearers.map((each) => ({ each, goal: each.heard.length + due }));
        person.socket.write(step.text);
        await until(what, () => goals.every(({ each, goal }) => each.heard.length >= goal));
        continue;
      }
      present.delete(person);
      if (step.does === "reset") person.socket.resetAndDestroy();
      else person.socket.end(step.does === "quit" ? "quit" : "");
      await until(what, () => person.gone);
    }
    await sleep(QUIET_MS);
    return [...people.values()].map(({ heard }) => heard.toString("utf8"));
  } finally {
    for (const { socket } of people.values()) socket.destroy();
  }
}

function dueFor(text: string, says: Saying): number {
  return Buffer.byteLength(text) + piecesOf(text) * ADDED_BYTES[says];
}

/** Returns the number of pieces in which a server reads, stamps and forwards a long text. */
function piecesOf(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / RECV_BYTES);
}

/** How many messages a server makes of it all. */
export function messagesOf(script: readonly Step[]): number {
  return script.reduce((sum, step) => sum + (step.does === "say" ? piecesOf(step.text) : 0), 0);
}

class Person {
  heard = Buffer.alloc(0);
  gone = false;

  private constructor(
    readonly socket: net.Socket,
    changes: EventEmitter,
  ) {
    socket.on("data", (data: Buffer) => {
      this.heard = Buffer.concat([this.heard, data]);
      changes.emit("change");
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.gone = true;
      changes.emit("change");
    });
  }

  static async come(port: number, localPort: number, changes: EventEmitter): Promise<Person> {
    const socket = net.connect({ port, localPort, host: "127.0.0.1", noDelay: true });
    const person = new Person(socket, changes);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return person;
  }
}

/** Ports that nobody has at the moment. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = net.createServer().listen(0, "127.0.0.1");
      await new Promise((resolve) => server.once("listening", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
