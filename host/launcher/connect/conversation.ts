/**
 * The client's part on one connection. What comes after a break is for session.ts.
 *
 * It goes through these phases. `greeting`: the server speaks first. `styling`: style json was
 * asked for. `entering`: commands lead to the place, and the answer to a ping shows that all of
 * them are answered. `here`: what is typed is sent, and what comes is shown.
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

/** For the first line, and for the answer to a step that leads to the place. */
const ANSWER_WAIT_MS = 15_000;
/** A server that is sent something and then says nothing for so long is given up. */
const SILENCE_MOST_MS = 60_000;
/** For the server to say goodbye. */
const GOODBYE_WAIT_MS = 1_000;
/** Characters of what is not understood that an error shows. */
const SHOWN_CHARACTERS = 60;

export interface Surroundings {
  address: Address;
  place: PlaceInChat;
  /** True if the client requests the history of its room, and the list of its members. */
  showsPast: boolean;
  onObject: (object: ServerObject) => void;
  /** The client itself has something to say. */
  onWords: (words: string) => void;
  /** Lines may be sent, or not any more. */
  onHere: (isHere: boolean) => void;
  onEnd: (end: End) => void;
}

/** How a connection ended. */
export interface End {
  /** What the server said of it. */
  closing: Closing | undefined;
  error: UserError | undefined;
  /** How long the client was in the chat. */
  lastedMs: number;
  /** Whether something was sent after which nothing was heard. */
  isUnanswered: boolean;
}

export class Conversation {
  readonly link: Link;
  readonly #where: string;
  readonly #claim: NameClaim;
  #phase: "greeting" | "styling" | "entering" | "here" = "greeting";
  #catchUp = new CatchUp(0);
  #welcome: ServerObject = { type: "welcome" };
  /** Why a part of what was missed is lost. */
  #gap = "";
  readonly #asked = new Map<string, () => void>();
  /** Answers to /who that nobody is shown. */
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

  /** Says or does something. */
  send(line: string): void {
    this.link.send(line);
    if (this.#phase !== "here" || this.#isUnanswered) return;
    this.#isUnanswered = true;
    this.#expect(`${this.#where} has not answered for a minute`, SILENCE_MOST_MS);
  }

  /** @param answered is called once all that was sent before is answered */
  ask(answered: () => void): void {
    const token = randomBytes(8).toString("hex");
    this.#asked.set(token, answered);
    this.send(`/ping ${token}`);
  }

  /** Says goodbye, and ends soon. */
  leave(): void {
    this.#isLeaving = true;
    if (this.#phase === "greeting") this.link.end();
    else this.link.send("/quit");
    this.#expect("", GOODBYE_WAIT_MS);
  }

  /** Bytes of the connection. */
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

  /** Until the first object there may be lines for people. */
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

  /** @param isBack whether it was there before and has missed something */
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
    // Messages count once they are shown.
    if (!isSaid(object)) place.hear(object);
    if (object.type === "welcome") this.#welcome = object;
    const isOwnName = object.type === "nick" && textOf(object, "to") === place.you;
    if (object.type === "welcome" || object.type === "history" || isOwnName) return;
    if (!this.#catchUp.add(object)) throw this.#notPollcast("more than any history has");
  }

  /** Something that leads to the place was not done. */
  #refused(error: ServerObject): void {
    const { place } = this.around;
    const words = oneLine(textOf(error, "text"));
    if (!place.hasBeen) throw new UserError("E_REFUSED", words);
    if (textOf(error, "code") === "history-gap") this.#gap = words;
    // The connection that broke may still have it.
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

  /** Whether it answers something that the client itself has sent. */
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
    // Words with the name of before are shown with it.
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
