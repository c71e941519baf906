/**
 * What the chat does with people and what they say, by README.md and docs/: who hears what, in
 * which words. It knows nothing of sockets; what it says is owed.
 */
import { commandLine } from "./commands.js";
import { Intake } from "./intake.js";
import { LiveSettings } from "./live_settings.js";
import { about, type LogEvent } from "./log.js";
import { keyOf } from "./names.js";
import { Addresses } from "./origin.js";
import { Penalties, type Penalty } from "./penalties.js";
import { Promised } from "./promised.js";
import { asTold, type Room, Rooms } from "./room.js";
import type { Said } from "./said.js";
import { sanitized } from "./sanitize.js";
import { afterSlash, beginsWithSlash, isBlank } from "./slash.js";
import {
  FAREWELLS_KEPT,
  PRESSURE_NS,
  REST_NS,
  secondsOf,
  SLACK_NS,
  type ChatSettings,
} from "./settings.js";
import type { End, Person } from "./member.js";
import type { Line } from "./line_splitter.js";
import { announceJoining, announceLeaving, speaks } from "./presence.js";
import { LAST_WORDS, notice, QUIT, refusal, type News, type Reason } from "./words.js";

/** What the hall needs to know of the world. */
export interface Around {
  /** The tick's clock, in nanoseconds. */
  tickNow(): number;
  /** Counts the ticks. */
  tick(): number;
  /** Since 1970, in the tick. */
  milliseconds(): number;
  seconds(): number;
  log(event: LogEvent): void;
  /** Somebody is closed now. @returns when it must be gone */
  closing(person: Person): End;
}

export class Hall {
  readonly people = new Map<string, Person>();
  readonly rooms: Rooms;
  readonly intake = new Intake(this);
  readonly addresses = new Addresses(this);
  readonly limits: LiveSettings;
  readonly promised = new Promised(this);
  readonly bans = new Penalties();
  readonly mutes = new Penalties();
  /** Who was closed last, the newest last. */
  readonly farewells: { who: string; why: string; at: number }[] = [];
  /** Ids of what was said in the lobby. */
  readonly saidInLobby: number[] = [];
  /** By so much later than a tick its timers may be set, in nanoseconds: the machine may stall. */
  slack = SLACK_NS;
  lines = 0;
  deliveries = 0;
  /** Where the line that is dealt with was said. */
  #spokenIn: Room | undefined;
  lastId = 0;
  epoch = 0;
  isStopping = false;
  /** What is said is kept on a disk. */
  keeps = false;

  constructor(
    readonly settings: ChatSettings,
    readonly around: Around,
  ) {
    this.rooms = new Rooms(settings);
    this.limits = new LiveSettings(this);
  }

  find(name: string): Person | undefined {
    return this.people.get(keyOf(name));
  }

  has(person: Person): boolean {
    return this.people.get(person.key) === person;
  }

  tell(person: Person, news: News | string): void {
    person.owed.say(asTold(typeof news === "string" ? notice(news) : news, person.style));
  }

  /** Lets somebody in, if there is a place. */
  admit(person: Person): void {
    const now = this.around.seconds();
    const ban = this.bans.ofPeer(person.remote, now);
    if (ban !== undefined) {
      person.parting = ban.describe(now);
      this.close(person, "banned");
      return;
    }
    if (this.people.size >= this.settings.maxClients) {
      this.close(person, "server full");
      return;
    }
    if (!this.addresses.admit(person)) {
      this.close(person, "too many from its address");
      return;
    }
    person.mute = this.muteOf(person);
    this.people.set(person.key, person);
    const people = this.people.size;
    const message = `${person.name} joined (${people} here)`;
    this.around.log({ event: "joined", message, fields: { ...about(person), people } });
    this.enter(person, this.rooms.lobby);
  }

  /** A proxy has said where somebody is. */
  knowSource(person: Person, address: string): void {
    person.isKnown = true;
    person.remote = address;
    if (address !== "" && this.find(address) === undefined) person.setName(address);
    this.admit(person);
  }

  enter(person: Person, room: Room): void {
    if (person.hasSpoken) announceJoining(this, person, room);
    if (!this.has(person)) return;
    room.join(person);
    if (person.style === "tutorial") return;
    this.introduce(person, room);
    if (person.style === "json") return;
    if (room.topic !== "") this.tell(person, `topic: ${room.topic}`);
    this.replay(person, room, room.history.newest(this.settings.replay));
  }

  introduce(person: Person, room: Room): void {
    const [you, { name, topic, size: people }] = [person.name, room];
    const plain = `you are ${you} in ${name} (${people} here); /help says what you can type`;
    const object = { type: "welcome", version: 1, you, room: name, topic, people };
    this.tell(person, { plain, object: { ...object, last: this.lastId, epoch: this.epoch } });
  }

  /** Gives somebody lines of the past, but for those of people whom it ignores. */
  replay(person: Person, room: Room, lines: readonly Said[]): number {
    const heard = lines.filter(({ from }) => {
      const key = keyOf(from);
      return key === person.key || !person.ignored.has(key);
    });
    for (const said of heard) person.owed.say(room.render(said, person.style));
    return heard.length;
  }

  leave(person: Person): void {
    const { room } = person;
    this.#takeOut(person);
    announceLeaving(this, person, room);
  }

  #takeOut(person: Person): void {
    const { room } = person;
    if (room === undefined) return;
    room.leave(person);
    room.emptySince = this.around.tick();
  }

  /** Somebody is here no more. */
  depart(person: Person): void {
    this.leave(person);
    if (this.has(person)) this.people.delete(person.key);
  }

  rename(person: Person, name: string): void {
    this.people.delete(person.key);
    person.setName(name);
    this.people.set(person.key, person);
  }

  close(person: Person, reason: Reason): void {
    if (!person.isOpen) return;
    person.reason = reason;
    const { room } = person;
    this.#takeOut(person);
    if (this.has(person)) this.people.delete(person.key);
    if (reason === "too slow") person.owed.dropAfterLine();
    const last = LAST_WORDS[reason];
    const words = person.parting === "" ? last : `${String(last)} ${person.parting}`;
    const object = { type: "closed", reason, text: words };
    if (words !== undefined) this.tell(person, { plain: words, object });
    person.end = this.around.closing(person);
    announceLeaving(this, person, room);
  }

  /** Somebody's connection is gone. */
  bidFarewell(person: Person): void {
    this.depart(person);
    this.addresses.release(person);
    const { name, remote } = person;
    const why = person.reason ?? "connection broken";
    if (!person.isKnown && (why === "left" || why === "connection broken")) return;
    if (this.farewells.length >= FAREWELLS_KEPT) this.farewells.shift();
    const who = remote === "" || remote === name ? name : `${name} from ${remote}`;
    this.farewells.push({ who, why, at: this.around.tickNow() });
    const people = this.people.size;
    const message = `${name} is gone: ${why} (${people} here)`;
    const bytes = { bytes_in: person.receivedBytes, bytes_out: person.owed.sent };
    const seconds = this.secondsSince(person.since);
    const fields = { ...about(person), reason: why, people, ...bytes, seconds };
    this.around.log({ event: "gone", message, fields });
  }

  dealWith(person: Person, line: Line): void {
    person.linesDealtWith++;
    if (line.kind === "too long") {
      person.isFirstLine = false;
      const most = `a line may have ${this.settings.maxLine} bytes`;
      this.tell(person, refusal("long-line", `${most}: yours was longer and was not sent`));
      return;
    }
    const { bytes } = line;
    if (bytes.length === 0) return;
    person.isFirstLine = false;
    const typed = person.style === "tutorial" ? undefined : afterSlash(bytes);
    if (person.style !== "tutorial" && isBlank(bytes)) return;
    if (typed === undefined) {
      if (bytes.equals(QUIT)) this.close(person, "quit");
      else if (!this.isMute(person)) this.say(person, "message", sanitized(bytes));
    } else if (beginsWithSlash(typed)) {
      if (!this.isMute(person)) this.say(person, "message", sanitized(typed));
    } else {
      commandLine(this, person, `/${sanitized(typed).toString()}`);
      speaks(this, person);
    }
  }

  /** Of the mutes for somebody, the one that ends last. */
  muteOf({ name, remote }: Person): Penalty | undefined {
    return this.mutes.longest(name, remote, this.around.seconds());
  }

  /** Whether nobody is to hear this one; if so, it is told. */
  isMute(person: Person): boolean {
    if (person.mute === undefined) return false;
    const now = this.around.seconds();
    if (person.mute.isOver(now)) person.mute = this.muteOf(person);
    if (person.mute === undefined) return false;
    const text = `nobody hears you: you are mute ${person.mute.describe(now)}`;
    this.tell(person, refusal("mute", text));
    return true;
  }

  say(person: Person, kind: Said["kind"], text: Buffer): void {
    speaks(this, person);
    const { room, name: from } = person;
    if (room === undefined) return;
    const id = ++this.lastId;
    const milliseconds = this.around.milliseconds();
    const said = { kind, id, milliseconds, room: room.name, from, text };
    if (this.keeps) this.promised.say(said);
    if (room === this.rooms.lobby) this.saidInLobby.push(id);
    room.say(said, person);
    this.rest(person, room.pressedUntil);
    this.lines++;
    this.#spokenIn = room;
  }

  /** A line was dealt with, and what it says counts for all who are still there. */
  endLine(): void {
    this.deliveries += this.#spokenIn?.size ?? 0;
    this.#spokenIn = undefined;
  }

  /** Of somebody, little is read while those who hear it read slowly. */
  rest(person: Person, pressedUntil: number): void {
    const now = this.around.tickNow();
    if (pressedUntil > now && person.restUntil <= now) person.restUntil = now + REST_NS;
  }

  /** The module has found that somebody reads slowly. */
  presses(person: Person): void {
    person.pressedUntil = this.around.tickNow() + PRESSURE_NS;
    if (person.room !== undefined) person.room.pressedUntil = person.pressedUntil;
  }

  /** Tells the room what somebody has done; that one is told in any case. */
  happened(person: Person, news: News): void {
    const { room } = person;
    if (room === undefined) return;
    const object = { ...news.object, room: room.name };
    const isTold = person.hasSpoken && room.size <= this.settings.announce;
    if (!isTold) this.tell(person, { ...news, object });
    else room.announce(news);
  }

  /** Seconds since something, as the tick sees it. */
  secondsSince(then: number): number {
    return secondsOf(this.around.tickNow() - then);
  }
}
