/** Where the client is in the chat, and what it has to send to be there again after a break. */
import { isSaid, numberOf, type ServerObject, textOf } from "./objects.js";

export class PlaceInChat {
  /** Its name now, and its room. */
  you = "";
  room = "";
  /** The id of the newest message that it has. */
  last = 0;
  /** Whether the server counts anew: the ids from before mean nothing there. */
  isAnew = false;
  /** The name and the room that it comes back to; empty for what the server gives it. */
  name: string;
  #home: string;
  /** Of the ids: a server that begins anew may have another. */
  #epoch: unknown;
  #hasBeen = false;

  /** @param name and @param room that it begins with, or empty */
  constructor(name: string, room: string) {
    this.name = name;
    this.#home = room;
  }

  /** Whether it has been in the chat before. */
  get hasBeen(): boolean {
    return this.#hasBeen;
  }

  /** Whether it has another name than it wants. */
  get lacksName(): boolean {
    return this.name !== "" && this.name !== this.you;
  }

  /** A new connection has its first welcome. @returns the commands that lead to the place */
  arrive(welcome: ServerObject): string[] {
    const epoch = welcome["epoch"];
    const isOther = this.#epoch !== undefined && epoch !== this.#epoch;
    this.isAnew = isOther || numberOf(welcome, "last") < this.last;
    if (this.isAnew) this.last = 0;
    this.#epoch = epoch;
    this.#go(welcome);
    const commands: string[] = [];
    if (this.lacksName) commands.push(`/nick ${this.name}`);
    if (this.#home !== "" && this.#home !== this.room) commands.push(`/join ${this.#home}`);
    return commands;
  }

  /** Learns from what comes. */
  hear(object: ServerObject): void {
    if (object.type === "welcome") this.#go(object);
    else if (isSaid(object)) this.last = Math.max(this.last, numberOf(object, "id"));
    else if (object.type === "nick" && textOf(object, "from") === this.you) {
      this.you = textOf(object, "to");
      this.name = this.you;
    }
  }

  /** Records that the client is in the room of the welcome, and has the room's messages so far. */
  settle(welcome: ServerObject): void {
    this.last = Math.max(this.last, numberOf(welcome, "last"));
    this.#home = this.room;
    this.#hasBeen = true;
  }

  #go(welcome: ServerObject): void {
    this.you = textOf(welcome, "you");
    this.room = textOf(welcome, "room");
  }
}
