/**
 * The attackers: hostile clients of four kinds, with the end of each connection. They run in a
 * process of their own.
 */
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { headerFrom, type Plan } from "./plan.js";

/** The fates of the attackers of one kind, with their counts. */
export interface Outcome {
  kind: string;
  fates: Record<string, number>;
}

export interface Ports {
  /** The port for direct connections. */
  open: number;
  /** The port behind a proxy. */
  proxied: number;
}

/** Connections that are opened at a time. */
const BATCH = 100;
/** The most characters that an attacker keeps of the server's output. */
const HEARD_CHARACTERS = 4096;
const ADDRESSES = 250;
/** Slow consumers wait this long before they ask for more, and read this long at the end. */
const QUIET_MS = 2000;

export class Attacker {
  heard = "";
  sent = 0;
  readonly closed: Promise<void>;
  /** Settles once the attacker is connected or closed. */
  readonly opened: Promise<void>;
  /** Settles once the attacker has received bytes or is closed. */
  readonly answered: Promise<void>;
  readonly #socket: net.Socket;

  constructor(port: number, address?: string) {
    this.#socket = net.connect({ port, host: "127.0.0.1" });
    this.#socket.setEncoding("utf8");
    this.#socket.on("data", (text: string) => {
      this.heard = (this.heard + text).slice(-HEARD_CHARACTERS);
    });
    this.#socket.on("error", () => undefined);
    this.closed = new Promise((resolve) => this.#socket.once("close", () => resolve()));
    this.opened = this.#first("connect");
    this.answered = this.#first("data");
    if (address !== undefined) this.#socket.write(headerFrom(address));
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  #first(event: "connect" | "data"): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.once(event, () => resolve()).once("close", () => resolve());
    });
  }

  /** Reads at most this many bytes a second. */
  readSlowly(bytesPerSecond: number): void {
    this.#socket.on("data", (text: string) => {
      this.#socket.pause();
      setTimeout(() => this.#socket.resume(), (text.length / bytesPerSecond) * 1000);
    });
  }

  stopReading(): void {
    this.#socket.pause();
  }

  readAgain(): void {
    this.#socket.resume();
  }

  end(): void {
    this.#socket.destroy();
  }

  say(text: string): void {
    this.#socket.write(text);
  }

  /** Sends a block again and again, as fast as the socket takes it, up to a number of bytes. */
  async send(block: string, bytes = Infinity): Promise<void> {
    while (this.sent < bytes && this.isOpen) {
      this.sent += block.length;
      if (this.#socket.write(block)) continue;
      await new Promise<void>((resolve) => {
        this.#socket.once("drain", resolve).once("close", resolve);
      });
    }
  }

  /** The end of the connection, in the server's last words if there are any. */
  get fate(): string {
    const words = /\* closed: (.*)\n$/.exec(this.heard)?.[1];
    if (words !== undefined) return words;
    if (!this.isOpen) return "closed, with no last words left to read";
    return "still connected";
  }
}

/** Waits until `until` settles or all are closed. @returns the number of attackers for each fate */
export async function outcome(
  kind: string,
  attackers: readonly Attacker[],
  until: Promise<unknown>,
): Promise<Outcome> {
  await Promise.race([until, Promise.all(attackers.map(({ closed }) => closed))]);
  const fates: Record<string, number> = {};
  for (const one of attackers) fates[one.fate] = (fates[one.fate] ?? 0) + 1;
  for (const one of attackers) one.end();
  return { kind, fates };
}

/** An attack of one kind, which lasts as long as the siege. */
export type Attack = (plan: Plan, ports: Ports) => Promise<Outcome>;

/** The attacks of this file, by name. */
export const CROWDS: Record<string, Attack> = { flood, slow: slowConsumers, endless, halfOpen };

function flood({ flooders, duringSeconds }: Plan, { proxied }: Ports): Promise<Outcome> {
  const block = `${"flood ".repeat(15)}\n`.repeat(500);
  const attackers = Array.from({ length: flooders }, () => new Attacker(proxied, "198.51.100.1"));
  for (const one of attackers) void one.send(block);
  const end = sleep(duringSeconds * 1000);
  return outcome(`${flooders} connections flood from one address`, attackers, end);
}

/**
 * Slow consumers: they never read. Every second one also asks for so much output that its requests
 * are a flood.
 */
async function slowConsumers(
  { slowConsumers: count, duringSeconds }: Plan,
  { proxied }: Ports,
): Promise<Outcome> {
  const attackers: Attacker[] = [];
  for (let one = 0; one < count; one++) {
    const attacker = new Attacker(proxied, `192.0.2.${(one % ADDRESSES) + 1}`);
    attacker.stopReading();
    attacker.say("hello\n");
    attackers.push(attacker);
  }
  await sleep(QUIET_MS);
  for (let one = 0; one < count; one += 2) attackers[one]?.say("/history 200\n".repeat(399));
  // Only now they read. A client that the server gave up finds no last words.
  await sleep(duringSeconds * 1000 - 2 * QUIET_MS);
  for (const one of attackers) one.readAgain();
  const kind = `${count} never read, half of them ask for much`;
  return outcome(kind, attackers, sleep(QUIET_MS));
}

async function endless(
  { endlessBytes, duringSeconds }: Plan,
  { proxied }: Ports,
): Promise<Outcome> {
  const end = sleep(duringSeconds * 1000);
  const attacker = new Attacker(proxied, "198.51.100.2");
  void attacker.send("x".repeat(65_536), endlessBytes);
  const mebibytes = endlessBytes / 1024 / 1024;
  const found = await outcome(`1 sends ${mebibytes} MiB without a newline`, [attacker], end);
  return {
    ...found,
    kind: `${found.kind} (${(attacker.sent / 1024 / 1024).toFixed(1)} were taken)`,
  };
}

async function halfOpen(
  { halfOpen: count, duringSeconds }: Plan,
  { open }: Ports,
): Promise<Outcome> {
  const end = sleep(duringSeconds * 1000);
  const attackers: Attacker[] = [];
  for (let opened = 0; opened < count; opened += BATCH) {
    for (let one = 0; one < Math.min(BATCH, count - opened); one++)
      attackers.push(new Attacker(open));
    await sleep(10);
  }
  return outcome(`${count} connections are opened and left`, attackers, end);
}
