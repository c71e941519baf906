/** The client's name, room and newest message, and the commands that restore them after a break. */
import { isSaid, numberOf, type ServerObject, textOf } from "./objects.js";

export class PlaceInChat {
  /** The client's current name. */
  you = "";
  /** The client's current room. */
  room = "";
  /** The id of the newest message that the client has shown. */
  last = 0;
  /**
   * True if the server has begun new ids, so that the ids from before the break are not valid any
   * more.
   */
  isAnew = false;
  /** The name to request after a break; empty to keep the one that the server gives. */
  name: string;
  /** The room to request after a break; empty to keep the one that the server gives. */
  #home: string;
  /** The epoch of the ids. A server with new ids may have another one. */
  #epoch: unknown;
  #hasBeen = false;

  /** @param name to request, or empty @param room to request, or empty */
  constructor(name: string, room: string) {
    this.name = name;
    this.#home = room;
  }

  /** True once the client has been in the chat. */
  get hasBeen(): boolean {
    return this.#hasBeen;
  }

  /** True if the client has another name than the one to request. */
  get lacksName(): boolean {
    return this.name !== "" && this.name !== this.you;
  }

  /** Handles the first welcome of a connection. @returns commands that request name and room */
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

  /** Updates the name, the room and the newest message from an object of the server. */
  hear(object: ServerObject): void {
    if (object.type === "welcome") this.#go(object);
    else if (isSaid(object)) this.last = Math.max(this.last, numberOf(object, "id"));
    else if (object.type === "nick" && textOf(object, "from") === this.you) {
      this.you = textOf(object, "to");
      this.name = this.you;
    }
  }

  /** Records that the client has shown the messages of its room, up to those in the welcome. */
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
