/**
 * A program that reads the lobby's objects, and comes back after breaks, as protocol.md says
 * it to: what it has in the end has no holes.
 */
import type { ClientConnection } from "./client_connection.js";
import { OracleFailure } from "./failure.js";

export class Bot {
  /** Of lines of the lobby. */
  readonly #ids = new Set<number>();
  #last = 0;
  /** Up to this one it has all; ahead of it are lines that came while it still waits for others. */
  #whole = 0;
  #hasCaughtUp = true;
  /** It was told that something is forgotten. */
  #hasGap = false;
  #connection: ClientConnection | undefined;

  constructor(private readonly name: string) {}

  /** What it says as it comes, by a connection of its own. */
  question(connection: ClientConnection): string {
    this.#connection?.compareArrived();
    this.#connection = connection;
    let rest = "";
    connection.onHeard = (bytes) => {
      // What is still on its way by an old connection is not waited for.
      if (this.#connection !== connection) return;
      // Names and texts do not matter here: the bytes were compared.
      const lines = (rest + Buffer.from(bytes).toString("latin1")).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.startsWith("{")) this.#read(line);
    };
    // The first time it wants nothing of the past.
    this.#hasCaughtUp = this.#whole === 0;
    const past = this.#hasCaughtUp ? "" : `/history since ${this.#whole}\n`;
    return `/style json\n${past}`;
  }

  #read(line: string): void {
    const { type, id, room, code } = JSON.parse(line) as Record<string, unknown>;
    if (code === "history-gap") this.#hasGap = true;
    if (type === "history" && room === "lobby") this.#hasCaughtUp = true;
    if (this.#hasCaughtUp) this.#whole = this.#last;
    if ((type !== "message" && type !== "action") || room !== "lobby") return;
    this.#ids.add(Number(id));
    this.#last = Math.max(this.#last, Number(id));
    if (this.#hasCaughtUp) this.#whole = this.#last;
  }

  /** @param said the ids of all that was said in the lobby */
  check(said: readonly number[]): void {
    if (this.#hasGap || this.#ids.size === 0) return;
    const first = Math.min(...this.#ids);
    const lost = said.find((id) => id > first && id < this.#whole && !this.#ids.has(id));
    if (lost === undefined) return;
    throw new OracleFailure("history", `the bot of ${this.name} never got the line ${lost}`);
  }
}
