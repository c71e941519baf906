/**
 * The client's protocol on one connection. session.ts connects again after a break.
 *
 * A connection goes through these phases:
 *
 * - `greeting`: the client waits for the first line of the server.
 * - `styling`: the client has requested style json.
 * - `entering`: the client has sent the commands that lead to its name and room, and a ping. The
 *   answer to the ping shows that the commands are answered, too.
 * - `here`: the client sends typed lines, and shows what arrives.
 */
import { randomBytes } from "node:crypto";
import { type Address, formatAddress } from "../base/config.js";
import { UserError } from "../base/errors.js";
import { CatchUp } from "./catch_up.js";
import { Closing } from "./closing.js";
import { Link } from "./link.js";
import { NameClaim } from "./name_claim.js";
import { isSaid, parseObject, type ServerObject, textOf } from "./objects.js";
import type { PlaceInChat } from "./place_in_chat.js";
import { oneLine } from "./render.js";

/** The longest wait for the first line, and for an answer before the phase `here`. */
const ANSWER_WAIT_MS = 15_000;
/** The longest wait for any bytes after a typed line was sent. */
const SILENCE_MOST_MS = 60_000;
/** The longest wait for the server's last words. */
const GOODBYE_WAIT_MS = 1_000;
/** An error shows at most this many characters of a line that is not understood. */
const SHOWN_CHARACTERS = 60;

export interface Surroundings {
  address: Address;
  place: PlaceInChat;
  /** True if the client requests the history and the members of its room. */
  showsPast: boolean;
  onObject: (object: ServerObject) => void;
  /** Shows a text of the client itself. */
  onWords: (words: string) => void;
  /** Reports whether typed lines may be sent. */
  onHere: (isHere: boolean) => void;
  /** Reports the end of the connection. */
  onEnd: (end: End) => void;
}

/** The end of a connection. */
export interface End {
  /** The reason that the server gave, if any. */
  closing: Closing | undefined;
  error: UserError | undefined;
  /** The time that the client was in the chat, in milliseconds. */
  lastedMs: number;
  /** True if nothing arrived after the last line that was sent. */
  isUnanswered: boolean;
}

export class Conversation {
  readonly link: Link;
  readonly #where: string;
  readonly #claim: NameClaim;
  #phase: "greeting" | "styling" | "entering" | "here" = "greeting";
  #catchUp = new CatchUp(0);
  #welcome: ServerObject = { type: "welcome" };
  /** The server's error if it no longer has all missed messages; else empty. */
  #gap = "";
  /** The callbacks of {@link ask}, by the token of the ping. */
  readonly #asked = new Map<string, () => void>();
  /** The number of answers to `/who` to come that are not shown. */
  #quietWhos = 0;
  #closing: Closing | undefined;
  #cameAt = 0;
  #isUnanswered = false;
  #isLeaving = false;
  #deadline: NodeJS.Timeout | undefined;

  constructor(private readonly around: Surroundings) {
    const { address, place } = around;
    this.#where = formatAddress(address.host, address.port);
    this.#claim = new NameClaim(() => this.send(`/nick ${place.name}`));
    this.link = new Link(address, {
      onOpen: () => {
        // An empty line means nothing in any style. The server may wait for a first byte.
        this.link.send("");
        this.#expect(
          `${this.#where} says nothing: is it a pollcast server, not in style tutorial?`,
        );
      },
      onEnd: (error) => this.#onEnd(error),
    });
  }

  /** Sends a line. */
  send(line: string): void {
    this.link.send(line);
    if (this.#phase !== "here" || this.#isUnanswered) return;
    this.#isUnanswered = true;
    this.#expect(`${this.#where} has not answered for a minute`, SILENCE_MOST_MS);
  }

  /** Sends a ping. @param answered is called once this ping and all lines before it are answered */
  ask(answered: () => void): void {
    const token = randomBytes(8).toString("hex");
    this.#asked.set(token, answered);
    this.send(`/ping ${token}`);
  }

  /** Leaves the chat. The connection ends soon. */
  leave(): void {
    this.#isLeaving = true;
    if (this.#phase === "greeting") this.link.end();
    else this.link.send("/quit");
    this.#expect("", GOODBYE_WAIT_MS);
  }

  /** Handles bytes that have arrived. */
  take(chunk: Buffer): void {
    if (this.#phase === "here" && this.#isUnanswered && !this.#isLeaving) {
      this.#isUnanswered = false;
      clearTimeout(this.#deadline);
    }
    try {
      for (const line of this.link.take(chunk)) this.#hear(line.replace(/\r$/, ""));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.link.fail(error);
    }
  }

  #hear(line: string): void {
    const object = parseObject(line);
    if (object?.type === "closed") this.#closing = Closing.ofObject(object);
    else if (this.#phase === "greeting" || this.#phase === "styling") this.#greeted(line, object);
    else if (object === undefined) throw this.#notPollcast(line);
    else if (!this.#isAnswer(object)) {
      if (this.#phase === "entering") this.#entering(object);
      else this.#here(object);
    }
  }

  /** Handles a line before the first object. It may be in style line. */
  #greeted(line: string, object: ServerObject | undefined): void {
    this.#closing ??= Closing.ofLine(line);
    if (object?.type === "welcome") {
      const { place } = this.around;
      const isBack = place.hasBeen;
      const commands = place.arrive(object);
      this.#enter(object, commands, isBack);
    } else if (this.#phase === "greeting") {
      if (!line.startsWith("* ")) throw this.#notPollcast(line);
      this.#phase = "styling";
      this.link.send("/style json");
      this.#expect(`${this.#where} does not know style json`);
    }
  }

  /** Begins the phase `entering`. @param isBack true if the client has been in the chat before */
  #enter(welcome: ServerObject, commands: readonly string[], isBack: boolean): void {
    const { place, showsPast, onHere } = this.around;
    onHere(false);
    this.#phase = "entering";
    this.#welcome = welcome;
    this.#catchUp = new CatchUp(isBack ? place.last : 0);
    for (const command of commands) this.send(command);
    if (isBack) this.send(`/history since ${place.last}`);
    else if (showsPast) this.send("/history");
    if (showsPast) this.send("/who");
    this.#quietWhos += showsPast ? 1 : 0;
    this.ask(() => this.#entered(isBack));
    this.#expect(`${this.#where} does not answer`);
  }

  #entering(object: ServerObject): void {
    const { place } = this.around;
    if (object.type === "error") {
      this.#refused(object);
      return;
    }
    // The id of a message is recorded once the message is shown.
    if (!isSaid(object)) place.hear(object);
    if (object.type === "welcome") this.#welcome = object;
    const isOwnName = object.type === "nick" && textOf(object, "to") === place.you;
    if (object.type === "welcome" || object.type === "history" || isOwnName) return;
    if (!this.#catchUp.add(object)) throw this.#notPollcast("more than any history has");
  }

  /** Handles an error in the phase `entering`. */
  #refused(error: ServerObject): void {
    const { place } = this.around;
    const words = oneLine(textOf(error, "text"));
    if (!place.hasBeen) throw new UserError("E_REFUSED", words);
    if (textOf(error, "code") === "history-gap") this.#gap = words;
    // The connection that broke may still have the name.
    else if (textOf(error, "code") === "name-taken" && place.lacksName) this.#claim.begin();
    else this.#catchUp.add(error);
  }

  #entered(isBack: boolean): void {
    const { place, onObject, onWords, onHere } = this.around;
    clearTimeout(this.#deadline);
    this.#phase = "here";
    this.#isUnanswered = false;
    this.#cameAt ||= performance.now();
    const { you, room, isAnew } = place;
    if (isBack) onWords(`connected again, as ${oneLine(you)} in ${oneLine(room)}`);
    else onObject({ ...this.#welcome, you, room });
    if (isBack && isAnew) onWords("the server has begun anew: lines may be missing");
    if (this.#gap !== "") onWords(`lines are missing here: ${this.#gap}`);
    this.#gap = "";
    for (const object of this.#catchUp.objects()) this.#show(object);
    this.#catchUp = new CatchUp(0);
    place.settle(this.#welcome);
    onHere(true);
  }

  #here(object: ServerObject): void {
    const { place, showsPast } = this.around;
    const isElsewhere = object.type === "welcome" && textOf(object, "room") !== place.room;
    if (!isElsewhere || !showsPast) {
      this.#show(object);
      return;
    }
    place.hear(object);
    this.#enter(object, [], false);
  }

  /** Returns true for an answer to a line that the client sent by itself, and handles it. */
  #isAnswer(object: ServerObject): boolean {
    const text = textOf(object, "text");
    const answered = object.type === "pong" ? this.#asked.get(text) : undefined;
    if (answered !== undefined) {
      this.#asked.delete(text);
      answered();
      return true;
    }
    const isQuiet = object.type === "who" && this.#quietWhos > 0;
    if (!isQuiet) return this.#phase === "here" && this.#claim.isAnswer(object);
    this.#quietWhos--;
    this.around.onObject({ ...object, type: "names" });
    return true;
  }

  #show(object: ServerObject): void {
    const { place, onObject } = this.around;
    // The object may change the client's name, and is shown with the old one.
    onObject(object);
    place.hear(object);
    if (!place.lacksName) this.#claim.end();
  }

  #expect(words: string, waitMs = ANSWER_WAIT_MS): void {
    clearTimeout(this.#deadline);
    const onLate = (): void => this.link.fail(new UserError("E_NO_ANSWER", words));
    this.#deadline = setTimeout(onLate, waitMs);
  }

  #notPollcast(said: string): UserError {
    const shown = oneLine(said.slice(0, SHOWN_CHARACTERS));
    return new UserError(
      "E_NOT_POLLCAST",
      `${this.#where} is no pollcast server: it says ${shown}`,
    );
  }

  #onEnd(error: UserError | undefined): void {
    clearTimeout(this.#deadline);
    this.#claim.end();
    const lastedMs = this.#cameAt === 0 ? 0 : performance.now() - this.#cameAt;
    this.around.onHere(false);
    this.around.onEnd({
      ...{ closing: this.#closing, error, lastedMs },
      isUnanswered: this.#isUnanswered,
    });
  }
}
