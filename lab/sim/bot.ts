/**
 * A client that reads JSON objects and reconnects after a break, as protocol.md says. The bot is
 * also the oracle of the history: it must receive every message of the lobby since its first one.
 */
import type { ClientConnection } from "./client_connection.js";
import { OracleFailure } from "./failure.js";

export class Bot {
  /** The ids of the lobby's messages that it received. */
  readonly #ids = new Set<number>();
  #last = 0;
  /**
   * The greatest id up to which it has all messages. Messages with greater ids may arrive while the
   * bot still waits for the history.
   */
  #whole = 0;
  #hasCaughtUp = true;
  /** True once the server reported a gap: messages that it wants are no longer in the history. */
  #hasGap = false;
  #connection: ClientConnection | undefined;

  constructor(private readonly name: string) {}

  /**
   * Returns what the client writes first on a new connection, and reads everything from that
   * connection.
   */
  question(connection: ClientConnection): string {
    this.#connection?.compareArrived();
    this.#connection = connection;
    let rest = "";
    connection.onHeard = (bytes) => {
      // It ignores bytes that still arrive on an earlier connection.
      if (this.#connection !== connection) return;
      // latin1 is enough: the model compares names and texts as bytes.
      const lines = (rest + Buffer.from(bytes).toString("latin1")).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.startsWith("{")) this.#read(line);
    };
    // On the first connection it asks for no history.
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

  /** @param said the ids of all messages in the lobby @throws {OracleFailure} if one was missed */
  check(said: readonly number[]): void {
    if (this.#hasGap || this.#ids.size === 0) return;
    const first = Math.min(...this.#ids);
    const lost = said.find((id) => id > first && id < this.#whole && !this.#ids.has(id));
    if (lost === undefined) return;
    throw new OracleFailure("history", `the bot of ${this.name} never got the line ${lost}`);
  }
}
