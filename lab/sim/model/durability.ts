/** Whether what one life of the chat has promised is there for the next one. */
import { OracleFailure } from "../failure.js";
import type { ServerModel } from "./server.js";
import type { JournalContents } from "./journal.js";
import type { Message } from "./message.js";

/** What somebody has heard, or was decided before the last wait: it must be kept. */
export class DurabilityCheck {
  readonly #messages: Message[] = [];
  /** Lines up to this one have been heard. */
  #heardId = 0;
  #decided: readonly string[] = [];

  constructor(private readonly server: ServerModel) {}

  say(messages: Message): void {
    this.#messages.push(messages);
  }

  /** All that was said until now was written before what is sent now. */
  heard(): void {
    this.#heardId = this.server.lastId;
  }

  /** Nothing is left to be done in this tick. */
  waits(): void {
    this.heard();
    this.#decided = decidedIn(this.server, this.server.context.seconds());
  }

  /** @param next what the next life begins with, of which `kept` was read */
  check(journal: JournalContents, next: ServerModel): void {
    const byId = new Map(journal.lines.map((line) => [Number(line.id), line]));
    if (byId.size < journal.lines.length) throw lost("a line is there twice");
    for (const { id, from, text, room, kind, seconds } of this.#messages) {
      const line = byId.get(id);
      const words = `line ${id} of ${from}`;
      if (line === undefined && id <= this.#heardId) throw lost(`${words} is lost`);
      if (line === undefined) continue;
      const isSame = line.from === from && line.text === text.toString() && line.room === room;
      if (!isSame || line.kind !== kind || line.seconds !== seconds) {
        throw lost(`${words} is another: ${line.from}: ${line.text}`);
      }
    }
    if (next.lastId < this.server.lastId)
      throw lost(`${this.server.lastId} will be given out again`);
    this.#checkDecided(next, next.context.seconds());
  }

  #checkDecided(next: ServerModel, now: number): void {
    const found = decidedIn(next, now);
    // What was changed after that, or is over, need not be there.
    const last = decidedIn(this.server, now);
    const missing = this.#decided.find((one) => last.includes(one) && !found.includes(one));
    if (missing !== undefined) throw lost(`${missing} does not hold any more`);
  }
}

/** Topics of rooms, bans and mutes that have not ended. */
function decidedIn({ rooms, bans, mutes }: ServerModel, now: number): string[] {
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
