/**
 * Passes the guest's probes about clients to the model: lines that begin and end, clients that wait
 * or are closed.
 */
import type { GuestMemory } from "../../host/runtime/memory.js";
import type { ChatModel } from "./model/chat.js";
import type { Reason } from "./model/words.js";
import type { Probes } from "./probes.js";

/** Values of the guest's `CloseReason`, of which some are decided by the guest alone. */
const REASONS: Readonly<Record<number, Reason>> = {
  1: "left",
  4: "too slow",
  6: "server stopping",
  7: "no proxy header in time",
  10: "flood",
  12: "idle",
  13: "said nothing",
  14: "unfinished line",
  18: "server draining",
  19: "another protocol",
};

export class LineProbes {
  /** The descriptors of clients, by the address of the connection in the guest's memory. */
  readonly #connections = new Map<number, number>();
  /** The descriptors of clients, by the address of the session in the guest's memory. */
  readonly #sessions = new Map<number, number>();
  /**
   * The addresses of sessions in the guest's memory, by the address of the session's connection
   * input.
   */
  readonly #inputs = new Map<number, number>();
  /** The names of rooms, by the address of the room in the guest's memory. */
  readonly #rooms = new Map<number, string>();
  /** The names of rooms, by the address of the object of their pending announcements. */
  readonly #announcements = new Map<number, string>();

  constructor(
    private readonly model: ChatModel<unknown>,
    private readonly memory: GuestMemory,
  ) {}

  readonly probes: Probes = {
    adds: (_set: number, fd: number, session: number, _proxied: number, connection: number) => {
      this.#connections.set(connection, fd);
      this.#sessions.set(session, fd);
    },
    names: (...told: number[]) => {
      const [, peer = 0, , , name = 0] = told;
      this.model.server.guestNames.report(this.#text(peer), this.#text(name));
    },
    listens: (...told: number[]) => {
      const [, , , session = 0, , input = 0] = told;
      this.#inputs.set(input, session);
    },
    waits: (input: number) => {
      this.model.reports.waitsForTurn(this.#fd(this.#inputs.get(input) ?? 0));
    },
    holds: (input: number) => {
      this.model.reports.holdsLines(this.#fd(this.#inputs.get(input) ?? 0));
    },
    charges: (input: number, lines: number) => {
      this.model.reports.charges(this.#fd(this.#inputs.get(input) ?? 0), lines);
    },
    turn: (input: number) => {
      this.model.reports.takesTurn(this.#fd(this.#inputs.get(input) ?? 0));
    },
    closes: (connection: number, reason: number) => {
      const [fd, why] = [this.#connections.get(connection), REASONS[reason]];
      if (fd !== undefined && why !== undefined) this.model.closes(fd, why);
    },
    line: (session: number, at: number, length: number) => {
      this.model.lineBegins(this.#fd(session), "line", this.#bytes(at, length));
    },
    "long line": (session: number) => {
      this.model.lineBegins(this.#fd(session), "too long", undefined);
    },
    dealt: () => {
      this.model.lineEnds();
    },
    delivers: () => {
      this.model.reports.delivers();
    },
    telnet: (session: number, at: number, length: number) => {
      this.model.reports.answersTelnet(this.#fd(session), this.#bytes(at, length));
    },
    "are you there": (session: number) => {
      this.model.reports.answersAreYouThere(this.#fd(session));
    },
    flood: (session: number, isShared: number) => {
      this.model.reports.tellsFlood(this.#fd(session), isShared !== 0);
    },
    "opens room": (...told: number[]) => {
      const [, name = 0, , , room = 0] = told;
      this.#rooms.set(room, this.#text(name));
    },
    "counts announcements": (...told: number[]) => {
      const [, room = 0, , , , announcements = 0] = told;
      this.#announcements.set(announcements, this.#rooms.get(room) ?? "");
    },
    announces: (announcements: number) => {
      this.model.reports.announces(this.#announcements.get(announcements) ?? "");
    },
    idle: (session: number) => {
      this.model.reports.tellsIdle(this.#fd(session));
    },
    pressure: (session: number) => {
      this.model.reports.appliesBackpressure(this.#fd(session));
    },
  };

  /** Returns the string at an address: its length in bytes is in front of it. */
  #text(at: number): string {
    const length = Buffer.from(this.memory.bytes(at - 4, 4)).readUInt32LE();
    return Buffer.from(this.memory.bytes(at, length)).toString("utf16le");
  }

  #fd(session: number): number {
    return this.#sessions.get(session) ?? -1;
  }

  /** Returns a copy, since the guest reuses its memory. */
  #bytes(at: number, length: number): Buffer {
    return Buffer.from(this.memory.bytes(at, length));
  }
}
