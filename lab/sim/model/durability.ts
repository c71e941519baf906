/**
 * Checks that the journal keeps what a life of the chat has promised, and that the next life has
 * it.
 */
import { OracleFailure } from "../failure.js";
import type { ServerModel } from "./server.js";
import type { JournalContents } from "./journal.js";
import type { Message } from "./message.js";
import type { Room } from "./room.js";

/**
 * Records what must be in the journal: messages that a client has received, and what was set before
 * the guest's last wait: topics, bans and mutes. Rooms that were private then must not come back.
 */
export class DurabilityCheck {
  readonly #messages: Message[] = [];
  /** Clients may have received the messages up to this id. */
  #heardId = 0;
  #decided: readonly string[] = [];
  #private: readonly Room[] = [];

  constructor(private readonly server: ServerModel) {}

  say(messages: Message): void {
    this.#messages.push(messages);
  }

  /** Notes a send: the guest must have written all messages to its journal before it. */
  heard(): void {
    this.#heardId = this.server.lastId;
  }

  /**
   * Notes a wait: the guest has finished its tick, so topics, bans and mutes are written as well.
   */
  waits(): void {
    this.heard();
    this.#decided = decidedIn(this.server, this.server.context.seconds());
    this.#private = privateRooms(this.server);
  }

  /**
   * Compares the journal and the next life with what was promised.
   *
   * @param journal the contents of the disk
   * @param next the server model that was restored from it
   * @throws {OracleFailure} if something promised is missing or changed
   */
  check(journal: JournalContents, next: ServerModel): void {
    const byId = new Map(journal.lines.map((line) => [Number(line.id), line]));
    if (byId.size < journal.lines.length) throw lost("a line is there twice");
    for (const { id, from, text, room, kind, milliseconds } of this.#messages) {
      const line = byId.get(id);
      const words = `line ${id} of ${from}`;
      if (line === undefined && id <= this.#heardId) throw lost(`${words} is lost`);
      if (line === undefined) continue;
      const isSame = line.from === from && line.text === text.toString() && line.room === room;
      if (!isSame || line.kind !== kind || line.milliseconds !== milliseconds) {
        throw lost(`${words} is another: ${line.from}: ${line.text}`);
      }
    }
    if (next.lastId < this.server.lastId)
      throw lost(`${this.server.lastId} will be given out again`);
    this.#checkDecided(next, next.context.seconds());
    const stayed = privateRooms(this.server).filter((room) => this.#private.includes(room));
    const open = stayed.find(({ name }) => next.rooms.find(name) !== undefined);
    if (open !== undefined) throw lost(`${open.name} was private, and is open to all now`);
  }

  #checkDecided(next: ServerModel, now: number): void {
    const found = decidedIn(next, now);
    // Items that were changed after the last wait, or have ended, need not be there.
    const last = decidedIn(this.server, now);
    const missing = this.#decided.find((one) => last.includes(one) && !found.includes(one));
    if (missing !== undefined) throw lost(`${missing} does not hold any more`);
  }
}

function privateRooms({ rooms }: ServerModel): Room[] {
  return [...rooms.byKey.values()].filter(({ modes }) => modes.isPrivate);
}

/** Returns the topics of rooms that are not private, the current bans and mutes, a line each. */
function decidedIn({ rooms, bans, mutes }: ServerModel, now: number): string[] {
  const open = [...rooms.byKey.values()].filter(({ modes }) => !modes.isPrivate);
  const topics = open.filter(({ topic }) => topic !== "");
  return [
    ...topics.map(({ name, topic }) => `topic of ${name}: ${topic}`),
    ...bans.lines(now).map((line) => `ban ${line}`),
    ...mutes.lines(now).map((line) => `mute ${line}`),
  ];
}

function lost(text: string): OracleFailure {
  return new OracleFailure("kept", text);
}
