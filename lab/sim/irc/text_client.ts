/** A client without IRC: a user that types lines, or a program that reads version 2 of JSON. */
import type { Hearing, LineHearing } from "./hearing.js";
import { tokenIn } from "./hearing.js";

interface Told {
  type: string;
  id?: number;
  room?: string;
  you?: string;
  from?: string;
  to?: string;
  name?: string;
  text?: string;
}

export class TextClient {
  #rest = "";
  #name = "";
  readonly #rooms = new Set<string>();

  constructor(
    readonly hearing: Hearing,
    private readonly lines: LineHearing,
  ) {}

  /** Reads bytes of the server. @throws {OracleFailure} */
  hear(bytes: Uint8Array): void {
    const lines = (this.#rest + Buffer.from(bytes).toString("latin1")).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("{")) this.#told(JSON.parse(line) as Told);
      else this.#line(line);
    }
  }

  #line(line: string): void {
    const token = tokenIn(line);
    // Private words begin with a bracket, and lines of the history with a date.
    const isPrivate = line.startsWith("[");
    if (/^\* you|^\d{4}\//.test(line)) this.lines.changesRoom();
    else if (token !== undefined && !isPrivate) this.lines.heard(token);
  }

  #told({ type, id, room = "", you, from, to, name, text = "" }: Told): void {
    if (type === "welcome") {
      this.#name = you ?? "";
      if (!this.#rooms.has(room)) this.hearing.joins(room);
      this.#rooms.add(room);
    } else if (type === "nick" && from === this.#name) {
      this.#name = to ?? "";
    } else if (
      (type === "part" && from === this.#name) ||
      (type === "kick" && name === this.#name)
    ) {
      this.#rooms.delete(room);
      this.hearing.leaves(room);
    } else if ((type === "message" || type === "action") && room !== "") {
      const token = tokenIn(text);
      if (token !== undefined) this.hearing.heard(room, token, String(id));
    }
  }
}
