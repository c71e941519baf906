/**
 * The messages that each client receives in each room. The messages of the simulation carry tokens,
 * `~CLIENT.NUMBER~`, so that they are known in every protocol. Each client must receive a room's
 * messages once, in order, without a gap between the first and the last that it receives. A client
 * that is still in the room at rest must have received them to the end.
 */
import { OracleFailure } from "../failure.js";

const TOKEN = /~(\d+\.\d+)~/;
/** The beginning of no token. */
const NONE = "~";
const ROOM_ID = /^(?:\d+-)?(\d+)$/;

export function tokenIn(text: string): string | undefined {
  return TOKEN.exec(text)?.[1];
}

/** Keeps the messages that a client receives in a room between its JOIN and its PART. */
interface Stay {
  name: string;
  /** The beginning of the client's own tokens, which may be missing. */
  own: string;
  room: string;
  /** The tokens in the order in which they were received. */
  tokens: Set<string>;
  /** True while the client is in the room. */
  isOpen: boolean;
}

/** The messages of one connection. */
export interface Hearing {
  /** @param hasEchoes true if the client is sent its own messages */
  joins(room: string, hasEchoes?: boolean): void;
  leaves(room: string): void;
  /** Handles the end of the connection. */
  ends(): void;
  /** @param id the id of the message, if the client was told it */
  heard(room: string, token: string, id: string | undefined): void;
}

/** The messages of a connection whose lines do not name rooms: it is in one room at a time. */
export interface LineHearing {
  /**
   * Handles a line that says that the client is in another room, or that shows an earlier message
   * of a room.
   */
  changesRoom(): void;
  heard(token: string): void;
}

/** The messages of one life of the server. */
export class Messages {
  readonly #stays: Stay[] = [];
  readonly #lines: Pick<Stay, "name" | "own" | "tokens">[] = [];
  /** The ids of messages, by their tokens, as clients were told them. */
  readonly #ids = new Map<string, number>();
  deliveries = 0;

  /** The number of messages with a known id. */
  get count(): number {
    return this.#ids.size;
  }

  /** @param client the client's number @param name its name in error messages */
  hearing(client: number, name: string): Hearing {
    const stays = new Map<string, Stay>();
    return {
      joins: (room, hasEchoes = false) => {
        const own = hasEchoes ? NONE : `${client}.`;
        const stay = { name, own, room, tokens: new Set<string>(), isOpen: true };
        stays.set(room, stay);
        this.#stays.push(stay);
      },
      leaves: (room) => {
        const stay = stays.get(room);
        if (stay !== undefined) stay.isOpen = false;
      },
      ends: () => {
        for (const stay of stays.values()) stay.isOpen = false;
      },
      heard: (room, token, id) => {
        const stay = stays.get(room);
        if (stay === undefined) throw new OracleFailure("members", `${name} is not in ${room}`);
        if (stay.tokens.has(token)) {
          throw new OracleFailure("delivery", `${name} hears ${token} twice`);
        }
        stay.tokens.add(token);
        this.deliveries++;
        const [, number] = ROOM_ID.exec(id ?? "") ?? [];
        if (number !== undefined) this.#learn(token, Number(number), name);
      },
    };
  }

  /** @param client the client's number @param name its name in error messages */
  lineHearing(client: number, name: string): LineHearing {
    let tokens = new Set<string>();
    const begins = () => {
      tokens = new Set();
      this.#lines.push({ name, own: `${client}.`, tokens });
    };
    begins();
    return {
      changesRoom: begins,
      heard: (token) => {
        if (tokens.has(token)) {
          throw new OracleFailure("delivery", `${name} hears ${token} twice`);
        }
        tokens.add(token);
        this.deliveries++;
      },
    };
  }

  #learn(token: string, id: number, name: string): void {
    const known = this.#ids.get(token);
    if (known !== undefined && known !== id) {
      throw new OracleFailure("delivery", `${name} hears ${token} with id ${id}, not ${known}`);
    }
    this.#ids.set(token, id);
  }

  /**
   * @param isAtRest true if clients that are still there must have received all messages @throws
   */
  check(isAtRest: boolean): void {
    const rooms = new Map<string, Set<string>>();
    for (const { room, tokens } of this.#stays) {
      const all = rooms.get(room) ?? new Set();
      for (const token of tokens) if (this.#ids.has(token)) all.add(token);
      rooms.set(room, all);
    }
    for (const [room, all] of rooms) {
      const order = [...all].sort((one, two) => this.#idOf(one) - this.#idOf(two));
      for (const stay of this.#stays)
        if (stay.room === room) this.#checkStay(stay, order, isAtRest);
      for (const { tokens, ...line } of this.#lines) {
        const some = new Set([...tokens].filter((token) => all.has(token)));
        this.#checkStay({ ...line, room, tokens: some, isOpen: false }, order, isAtRest);
      }
    }
  }

  #idOf(token: string): number {
    return this.#ids.get(token) ?? 0;
  }

  /** @param order the tokens of all messages of the room, in order */
  #checkStay({ name, own, room, tokens, isOpen }: Stay, order: string[], isAtRest: boolean): void {
    const heard = [...tokens].filter((token) => this.#ids.has(token));
    const positions = heard.map((token) => order.indexOf(token));
    const early = positions.findIndex((position, at) => position < (positions[at - 1] ?? -1));
    if (early >= 0) {
      throw new OracleFailure("delivery", `${name} hears ${heard[early]} in ${room} out of order`);
    }
    const [first] = positions;
    if (first === undefined) return;
    const last = isOpen && isAtRest ? order.length : (positions.at(-1) ?? 0);
    const known = new Set(heard);
    const lost = order.slice(first, last).find((one) => !known.has(one) && !one.startsWith(own));
    if (lost === undefined) return;
    throw new OracleFailure("delivery", `${name} never hears ${lost} in ${room}`);
  }
}
