/** Whether what one life of the chat has promised is there for the next one. */
import { OracleFailure } from "../failure.js";
import type { Hall } from "./hall.js";
import type { Kept } from "./kept.js";
import type { Said } from "./said.js";

/** What somebody has heard, or was decided before the last wait: it must be kept. */
export class Promised {
  readonly #said: Said[] = [];
  /** Lines up to this one have been heard. */
  #heardId = 0;
  #decided: readonly string[] = [];

  constructor(private readonly hall: Hall) {}

  say(said: Said): void {
    this.#said.push(said);
  }

  /** All that was said until now was written before what is sent now. */
  heard(): void {
    this.#heardId = this.hall.lastId;
  }

  /** Nothing is left to be done in this tick. */
  waits(): void {
    this.heard();
    this.#decided = decidedIn(this.hall, this.hall.around.seconds());
  }

  /** @param next what the next life begins with, of which `kept` was read */
  check(kept: Kept, next: Hall): void {
    const byId = new Map(kept.lines.map((line) => [Number(line.id), line]));
    if (byId.size < kept.lines.length) throw lost("a line is there twice");
    for (const { id, from, text, room, kind, milliseconds } of this.#said) {
      const line = byId.get(id);
      const words = `line ${id} of ${from}`;
      if (line === undefined && id <= this.#heardId) throw lost(`${words} is lost`);
      if (line === undefined) continue;
      const isSame = line.from === from && line.text === text.toString() && line.room === room;
      if (!isSame || line.kind !== kind || line.milliseconds !== milliseconds) {
        throw lost(`${words} is another: ${line.from}: ${line.text}`);
      }
    }
    if (next.lastId < this.hall.lastId) throw lost(`${this.hall.lastId} will be given out again`);
    this.#checkDecided(next, next.around.seconds());
  }

  #checkDecided(next: Hall, now: number): void {
    const found = decidedIn(next, now);
    // What was changed after that, or is over, need not be there.
    const last = decidedIn(this.hall, now);
    const missing = this.#decided.find((one) => last.includes(one) && !found.includes(one));
    if (missing !== undefined) throw lost(`${missing} does not hold any more`);
  }
}

/** Topics of rooms, bans and mutes that have not ended. */
function decidedIn({ rooms, bans, mutes }: Hall, now: number): string[] {
  const topics = [...rooms.byKey.values()].filter(({ topic }) => topic !== "");
  return [
    ...topics.map(({ name, topic }) => `topic of ${name}: ${topic}`),
    ...bans.lines(now).map((line) => `ban ${line}`),
    ...mutes.lines(now).map((line) => `mute ${line}`),
  ];
}

function lost(text: string): OracleFailure {
  return new OracleFailure("kept", text);
}
