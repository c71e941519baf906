/** The reasons for which a server closes the connection, and what the client does for each. */
import { UserError } from "../base/errors.js";
import { oneLine } from "./render.js";
import { type ServerObject, textOf } from "./objects.js";

/** The reasons after which the client does not connect again. */
const FINAL: readonly string[] = [
  ...["kicked", "banned", "flood", "idle"],
  ...["another protocol", "proxy header not expected here"],
];
const SENT_AWAY: readonly string[] = ["kicked", "banned"];
/** The reasons that may end soon: the user is told to try later. */
const FOR_NOW: readonly string[] = [
  ...["server full", "too many from its address", "server draining", "server stopping"],
];

/** The beginnings of last words in style line, and the reason for each. */
const WORDS: readonly (readonly [string, string])[] = [
  ["the server is full", "server full"],
  ["too many have come from your address", "too many from its address"],
  ["you are banned", "banned"],
  ["the server is going down", "server draining"],
  ["the server is stopping", "server stopping"],
  ["this is a chat server", "another protocol"],
];

/** The reason for which a server has closed the connection. */
export class Closing {
  /** @param reason a code of protocol.md; empty if unknown @param text the reason in words */
  constructor(
    readonly reason: string,
    readonly text: string,
  ) {}

  static ofObject(object: ServerObject): Closing {
    return new Closing(textOf(object, "reason"), oneLine(textOf(object, "text")));
  }

  /** Reads last words in style line. @returns undefined if the line is something else */
  static ofLine(line: string): Closing | undefined {
    const [, words] = /^\* closed: (.*)$/.exec(line) ?? [];
    if (words === undefined) return undefined;
    const [, reason = ""] = WORDS.find(([start]) => words.startsWith(start)) ?? [];
    return new Closing(reason, oneLine(`closed: ${words}`));
  }

  get isQuit(): boolean {
    return this.reason === "quit";
  }

  get isFinal(): boolean {
    return FINAL.includes(this.reason);
  }

  error(): UserError {
    if (SENT_AWAY.includes(this.reason)) return new UserError("E_SENT_AWAY", this.text);
    return new UserError(FOR_NOW.includes(this.reason) ? "E_FULL" : "E_CLOSED", this.text);
  }
}
