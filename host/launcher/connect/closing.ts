/** The reasons for which a server closes the connection, and what the client does for each. */
import { UserError } from "../base/errors.js";
import { oneLine } from "./render.js";
import { type ServerObject, textOf } from "./objects.js";

/** After these, the same client need not come back. */
const FINAL: readonly string[] = [
  ...["kicked", "banned", "flood", "idle"],
  ...["another protocol", "proxy header not expected here"],
];
const SENT_AWAY: readonly string[] = ["kicked", "banned"];
/** Later there may be a place. */
const FOR_NOW: readonly string[] = [
  ...["server full", "too many from its address", "server draining", "server stopping"],
];

/** How the last words of style line begin, up to the reason's own. */
const WORDS: readonly (readonly [string, string])[] = [
  ["the server is full", "server full"],
  ["too many have come from your address", "too many from its address"],
  ["you are banned", "banned"],
  ["the server is going down", "server draining"],
  ["the server is stopping", "server stopping"],
  ["this is a chat server", "another protocol"],
];

/** Why a server has closed the connection. */
export class Closing {
  /** @param reason a code of protocol.md @param text for people */
  constructor(
    readonly reason: string,
    readonly text: string,
  ) {}

  static ofObject(object: ServerObject): Closing {
    return new Closing(textOf(object, "reason"), oneLine(textOf(object, "text")));
  }

  /** @param line the last words in style line; undefined if it is none */
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
