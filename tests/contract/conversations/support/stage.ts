/**
 * Plays a conversation from a script, and records what each user saw.
 *
 *     ann: hello        ann sends a line; a user that is not connected yet connects first
 *
 * After each line, its user asks for an answer and waits for it. So the lines are handled in the
 * order of the script, on any runtime.
 */
import type { Client } from "./client.js";
import type { Server } from "./server.js";

const TIME = /^(\d{4}\/\d\d\/\d\d )?\d\d:\d\d:\d\d /;

/** @returns the lines that each user saw, without the time of day; a date is shown as `(before)` */
export async function perform(server: Server, script: string): Promise<Record<string, string[]>> {
  const people = new Map<string, Seat>();
  for (const line of script.trim().split("\n")) {
    const [, name = "", text = ""] = /^\s*(\w+): (.*)$/.exec(line) ?? [];
    let seat = people.get(name);
    if (seat === undefined) {
      seat = new Seat(await server.connect());
      people.set(name, seat);
      await seat.does(`/nick ${name}`);
    }
    await seat.does(text);
  }
  const saw: Record<string, string[]> = {};
  for (const [name, seat] of people) saw[name] = await seat.end();
  return saw;
}

class Seat {
  readonly #saw: string[] = [];
  #pings = 0;
  #left = false;

  constructor(private readonly client: Client) {}

  async does(text: string): Promise<void> {
    this.#left ||= text === "/quit" || text === "quit";
    this.client.say(text);
    if (!this.#left) await this.#catchUp();
  }

  /** @returns all that it saw */
  async end(): Promise<string[]> {
    if (this.#left) {
      const rest = await this.client.expectAllUntilEnd();
      for (const line of rest.toString().split("\n").slice(0, -1)) this.#see(line);
    } else {
      await this.#catchUp();
    }
    return this.#saw;
  }

  async #catchUp(): Promise<void> {
    const answer = `* pong ${++this.#pings}`;
    this.client.say(`/ping ${this.#pings}`);
    for (;;) {
      const line = await this.client.expectLine();
      if (line === answer) return;
      this.#see(line);
    }
  }

  #see(line: string): void {
    this.#saw.push(
      line
        .replace(/here for \d+ s/, "here for a while")
        .replace(TIME, (_, date?: string) => (date === undefined ? "" : "(before) ")),
    );
  }
}
