/**
 * The lists of members that a client in style json2 keeps from the objects that it is sent.
 * Once the client has been sent everything, they must be those of the server.
 */
import { OracleFailure } from "../failure.js";
import type { Session } from "./session.js";
import { hasSeveralRooms, NAMES_LISTED, type Style } from "./settings.js";

type ServerObject = Record<string, unknown>;

export class MemberLists {
  /** The names in each of the client's rooms; undefined before the answer to `/who`. */
  readonly #rooms = new Map<string, Set<string> | undefined>();
  #isBegun = false;
  #rest = "";
  /** The name of the client. */
  #me = "";

  /** Reads the next bytes that the client was sent, from the first ones in style json2 on. */
  read(bytes: Buffer, style: Style): void {
    this.#isBegun ||= hasSeveralRooms(style);
    if (!this.#isBegun) return;
    // Latin-1 keeps each byte, wherever a piece ends.
    const lines = (this.#rest + bytes.toString("latin1")).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      // A line that is no JSON has another style: the client has changed its style.
      if (!line.startsWith('{"type":"')) this.#rooms.clear();
      else this.#apply(JSON.parse(Buffer.from(line, "latin1").toString()) as ServerObject);
    }
  }

  #apply(object: ServerObject): void {
    const { type, you, names } = object;
    const [room, from, to] = ["room", "from", "to"].map((field) => String(object[field]));
    if (room === undefined || from === undefined || to === undefined) return;
    const list = this.#rooms.get(room);
    if (type === "welcome") {
      if (object["version"] === 1) this.#rooms.clear();
      else this.#rooms.set(room, undefined);
    } else if (type === "who" && this.#rooms.has(room)) {
      const isWhole = Number(object["people"]) <= NAMES_LISTED;
      this.#rooms.set(room, isWhole ? new Set(names as string[]) : undefined);
    } else if (type === "join") {
      list?.add(from);
    } else if (type === "part") {
      list?.delete(from);
    } else if (type === "kick") {
      list?.delete(String(object["name"]));
    } else if (type === "quit") {
      for (const one of this.#rooms.values()) one?.delete(from);
    } else if (type === "nick") {
      for (const one of this.#rooms.values()) if (one?.delete(from) === true) one.add(to);
    }
    if (typeof you === "string") this.#me = you;
    this.#leave(type, object, room);
  }

  /** Forgets a room that the client has left. */
  #leave(type: unknown, object: ServerObject, room: string): void {
    if (type === "nick" && object["from"] === this.#me) this.#me = String(object["to"]);
    const isOwnPart = type === "part" && object["from"] === this.#me;
    if (isOwnPart || (type === "kick" && object["name"] === this.#me)) this.#rooms.delete(room);
  }

  /** @throws {OracleFailure} if a list is not the server's */
  check(session: Session): void {
    if (!hasSeveralRooms(session.style) || session.outbox.bytes > 0) return;
    for (const [room, names] of this.#rooms) {
      const member = session.memberships.find((one) => one.room.name === room);
      if (member === undefined) {
        throw new OracleFailure("members", `${session.name} was not told that it left ${room}`);
      }
      if (names === undefined) continue;
      const listed = member.room.members.filter((one) => one.isListed || one === member);
      const wanted = listed.map((one) => one.session.name).sort();
      const kept = [...names].sort();
      if (kept.join("\n") === wanted.join("\n")) continue;
      const text = `${session.name} has [${kept.join(" ")}] in ${room}`;
      throw new OracleFailure("members", `${text}, the server [${wanted.join(" ")}]`);
    }
  }
}
