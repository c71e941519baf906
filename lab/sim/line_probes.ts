/** What a chat tells of its clients: which line it deals with, which client waits or is closed. */
import type { GuestMemory } from "../../host/runtime/memory.js";
import type { ChatModel } from "./model/chat.js";
import type { Reason } from "./model/words.js";
import type { Probes } from "./probes.js";

/** The values of `CloseReason`, of which some are the server's own. */
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
  /** The clients' descriptors, by the addresses of their connections and of their sessions. */
  readonly #connections = new Map<number, number>();
  readonly #sessions = new Map<number, number>();
  /** The sessions by the addresses of what listens to their clients. */
  readonly #inputs = new Map<number, number>();

  constructor(
    private readonly model: ChatModel<unknown>,
    private readonly memory: GuestMemory,
  ) {}

  readonly probes: Probes = {
    adds: (_set: number, fd: number, session: number, _proxied: number, connection: number) => {
      this.#connections.set(connection, fd);
      this.#sessions.set(session, fd);
    },
    listens: (...told: number[]) => {
      const [, , , session = 0, , input = 0] = told;
      this.#inputs.set(input, session);
    },
    waits: (input: number) => {
      this.model.told.waitsForTurn(this.#fd(this.#inputs.get(input) ?? 0));
    },
    charges: (input: number, lines: number) => {
      this.model.told.charges(this.#fd(this.#inputs.get(input) ?? 0), lines);
    },
    turn: (input: number) => {
      this.model.told.takesTurn(this.#fd(this.#inputs.get(input) ?? 0));
    },
    closes: (connection: number, reason: number) => {
      const [fd, why] = [this.#connections.get(connection), REASONS[reason]];
      if (fd !== undefined && why !== undefined) this.model.closes(fd, why);
    },
    line: (session: number, at: number, length: number) => {
      this.model.dealsWith(this.#fd(session), "line", this.#bytes(at, length));
    },
    "long line": (session: number) => {
      this.model.dealsWith(this.#fd(session), "too long", undefined);
    },
    dealt: () => {
      this.model.dealtWith();
    },
    telnet: (session: number, at: number, length: number) => {
      this.model.told.answersTelnet(this.#fd(session), this.#bytes(at, length));
    },
    "are you there": (session: number) => {
      this.model.told.answersAreYouThere(this.#fd(session));
    },
    flood: (session: number, isShared: number) => {
      this.model.told.tellsFlood(this.#fd(session), isShared !== 0);
    },
    idle: (session: number) => {
      this.model.told.tellsIdle(this.#fd(session));
    },
    pressure: (session: number) => {
      this.model.told.presses(this.#fd(session));
    },
  };

  #fd(session: number): number {
    return this.#sessions.get(session) ?? -1;
  }

  /** A copy: the memory is the module's, and is used again. */
  #bytes(at: number, length: number): Buffer {
    return Buffer.from(this.memory.bytes(at, length));
  }
}
