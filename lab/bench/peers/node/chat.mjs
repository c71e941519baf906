/**
 * The chat on Node's net. The messages of one turn of the event loop are rendered once for each
 * room, and sent to each member with one write.
 */
import { createServer } from "node:net";

const [lineMost = 0, queueMost = 0] = process.argv.slice(2).map(Number);
const NEWLINE = 10;
const SLASH = 47;

/** @typedef {{ pieces: Buffer[], members: Set<Client> }} Room */

/** @type {Map<string, Room>} */
const rooms = new Map();
/** @type {Set<Room>} */
const dirty = new Set();
let arrivals = 0;
let stamped = 0;
let stamp = "";

/** @param {string} name */
function roomOf(name) {
  const room = rooms.get(name) ?? { pieces: [], members: new Set() };
  rooms.set(name, room);
  return room;
}

function stampNow() {
  const now = Math.floor(Date.now() / 1000);
  if (now !== stamped) {
    stamped = now;
    stamp = `${new Date(now * 1000).toISOString().slice(11, 19)} `;
  }
  return stamp;
}

function endTick() {
  for (const room of dirty) {
    const bytes = Buffer.concat(room.pieces);
    room.pieces.length = 0;
    for (const member of room.members) member.give(bytes);
  }
  dirty.clear();
}

class Client {
  #socket;
  #name = `client-${++arrivals}`;
  #room = roomOf("lobby");
  /** @type {Buffer | undefined} an unfinished line */
  #begun;

  /** @param {import("node:net").Socket} socket */
  constructor(socket) {
    this.#socket = socket;
    this.#join("lobby");
    socket.on("data", (bytes) => this.#read(bytes));
    socket.on("error", () => undefined);
    socket.on("close", () => this.#room.members.delete(this));
    socket.on("end", () => socket.end());
  }

  /** @param {Buffer | string} bytes */
  give(bytes) {
    this.#socket.write(bytes);
    if (this.#socket.writableLength > queueMost) this.#socket.destroy();
  }

  /** @param {string} name */
  #join(name) {
    this.#room.members.delete(this);
    // A client that joins gets the messages from now on.
    endTick();
    this.#room = roomOf(name);
    this.#room.members.add(this);
    this.give(`* you are ${this.#name} in ${name} (${this.#room.members.size} here)\n`);
  }

  /** @param {Buffer} read */
  #read(read) {
    const bytes = this.#begun === undefined ? read : Buffer.concat([this.#begun, read]);
    this.#begun = undefined;
    let at = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, at)) {
      this.#onLine(bytes.subarray(at, end + 1));
      at = end + 1;
    }
    if (at < bytes.length) this.#begun = bytes.subarray(at);
    if (bytes.length - at > lineMost) this.#socket.destroy();
  }

  /** @param {Buffer} line including its end */
  #onLine(line) {
    if (line.length < 2 || line.length > lineMost + 1) return;
    if (line[0] === SLASH) {
      const join = /^\/join (\S+)\n$/.exec(line.toString("latin1"));
      if (join?.[1] !== undefined) this.#join(join[1]);
    } else if (line.length === 5 && line.toString("latin1") === "quit\n") {
      this.#socket.end();
    } else {
      this.#room.pieces.push(Buffer.from(`${stampNow()}${this.#name}: `, "latin1"), line);
      if (dirty.size === 0) setImmediate(endTick);
      dirty.add(this.#room);
    }
  }
}

// With a descriptor, Node ignores a backlog among the options.
createServer({ allowHalfOpen: true }, (socket) => new Client(socket)).listen({ fd: 3 }, 4096);
