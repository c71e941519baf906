/**
 * The server's own texts: notices and errors as text and as objects, last words, and the word
 * "quit".
 */

/** The reason for the end of a connection, as the log has it. */
export type Reason =
  | "left"
  | "quit"
  | "too slow"
  | "server full"
  | "server stopping"
  | "no proxy header in time"
  | "malformed proxy header"
  | "proxy header not expected here"
  | "flood"
  | "kicked"
  | "too many from its address"
  | "idle"
  | "server draining"
  | "said nothing"
  | "unfinished line"
  | "another protocol"
  | "banned";

/** The last words for each reason. A connection whose peer is gone gets none. */
export const LAST_WORDS: Partial<Record<Reason, string>> = {
  quit: "goodbye",
  "too slow": "closed: you read too slowly, and lines for you have been dropped",
  "server full": "closed: the server is full, try again later",
  "server stopping": "closed: the server is stopping",
  "proxy header not expected here": "closed: a PROXY header is not expected here",
  flood: "closed: you have been sending too much for too long",
  "another protocol": "closed: this is a chat server, and you speak",
  banned: "closed: you are banned",
  kicked: "closed: an operator has sent you away",
  "too many from its address": "closed: too many have come from your address",
  "server draining": "closed: the server is going down, come back later",
  idle: "closed: you have said nothing for too long",
  "said nothing": "closed: you have not said anything in time",
  "unfinished line": "closed: you did not finish your line in time",
};

export const QUIT = Buffer.from("quit");

/** An event, as text for people and as an object for programs. */
export interface News {
  plain: string;
  /** The begin of the line; `*` if it is the server's. */
  sign?: string;
  /** The object's fields in order, `type` first. */
  object: Record<string, unknown>;
  /** The object in version 2, if it is another one. */
  second?: Record<string, unknown>;
}

export function notice(text: string): News {
  return { plain: text, object: { type: "notice", text } };
}

export function refusal(code: string, text: string): News {
  return { plain: text, object: { type: "error", code, text } };
}

/** The fields of a user and a room that an announcement needs. */
export interface Place {
  session: { name: string };
  room: { name: string };
}

export function joined({ session, room }: Place): News {
  const from = session.name;
  return { plain: `${from} joined`, object: { type: "join", from, room: room.name } };
}

export function left({ session, room }: Place): News {
  const from = session.name;
  const object = { type: "leave", from, room: room.name };
  const second = { type: "part", from, room: room.name, reason: "" };
  return { plain: `${from} left`, object, second };
}

/** Returns the first characters of a text, cut between code points. */
export function excerpt(text: string, most: number): string {
  return Array.from(text).slice(0, most).join("");
}

export function firstWord(text: string): string {
  return text.split(" ", 1)[0] ?? "";
}

export function afterFirstWord(text: string): string {
  const space = text.indexOf(" ");
  return space < 0 ? "" : text.slice(space).trim();
}

/** `1 line`, `2 lines`. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
