/**
 * What the chat does with people and what they say, by README.md and docs/: who hears what, in
 * which words. It knows nothing of sockets; what it says is owed.
 */
import { commandLine } from "./commands.js";
import { Intake } from "./intake.js";
import { LiveSettings } from "./live_settings.js";
import { protocolOfLine } from "./foreign.js";
import { about, type LogEvent } from "./log.js";
import { keyOf } from "./names.js";
import { Addresses } from "./origin.js";
import { Penalties, type Penalty } from "./penalties.js";
import { Promised } from "./promised.js";
import { asTold, type Room, Rooms } from "./room.js";
import type { Said } from "./said.js";
import { sanitized } from "./sanitize.js";
import { afterSlash, beginsWithSlash } from "./slash.js";
import { CLOSE_SECONDS, FAREWELLS_KEPT, secondsOf, type ChatSettings } from "./settings.js";
import { Sweep } from "./silence.js";
import type { Person, Steps } from "./steps.js";
import { Timers } from "./timers.js";
import type { Line } from "./line_splitter.js";
import { LAST_WORDS, notice, QUIT, refusal, type News, type Reason } from "./words.js";

/** What the hall needs to know of the world. */
export interface Around {
  /** In nanoseconds. */
  now(): number;
  /** The same as the tick began. */
  tickNow(): number;
  /** Counts the ticks. */
  tick(): number;
  /** Since 1970, in the tick. */
  seconds(): number;
  log(event: LogEvent): void;
}

export class Hall {
  readonly people = new Map<string, Person>();
  readonly rooms: Rooms;
  readonly timers = new Timers();
  readonly intake = new Intake(this);
  readonly addresses = new Addresses(this);
  readonly sweep = new Sweep(this);
  readonly limits: LiveSettings;
  readonly promised = new Promised(this);
  /** Everybody who is connected, in the order in which they are looked at. */
  readonly live: Person[] = [];
  readonly bans = new Penalties();
  readonly mutes = new Penalties();
  /** Who was closed last, the newest last. */
  readonly farewells: { who: string; why: string; at: number }[] = [];
  /** Ids of what was said in the lobby. */
  readonly saidInLobby: number[] = [];
  lines = 0;
  deliveries = 0;
  lastId = 0;
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
  *admit(person: Person): Steps {
    const now = this.around.seconds();
    const ban = this.bans.ofPeer(person.remote, now);
    if (ban !== undefined) {
      person.parting = ban.describe(now);
      yield* this.close(person, "banned");
      return;
    }
    if (this.people.size >= this.settings.maxClients) {
      yield* this.close(person, "server full");
      return;
    }
    if (!this.addresses.admit(person)) {
      yield* this.close(person, "too many from its address");
      return;
    }
    person.mute = this.muteOf(person);
    this.people.set(person.key, person);
    const people = this.people.size;
    const message = `${person.name} joined (${people} here)`;
    this.around.log({ event: "joined", message, fields: { ...about(person), people } });
    yield* this.enter(person, this.rooms.lobby);
  }

  /** A proxy has said where somebody is. */
  *knowSource(person: Person, address: string): Steps {
    person.isKnown = true;
    person.remote = address;
    if (address !== "" && this.find(address) === undefined) person.setName(address);
    yield* this.admit(person);
  }

  *enter(person: Person, room: Room): Steps {
    const from = person.name;
    if (room.size < this.settings.announce) {
      yield* room.announce({ plain: `${from} joined`, object: { type: "join", from } });
    }
    if (!this.has(person)) return;
    room.join(person);
    if (person.style === "tutorial") return;
    this.introduce(person, room);
    if (person.style === "json") return;
    if (room.topic !== "") this.tell(person, `topic: ${room.topic}`);
    this.replay(person, room, room.history.newest(this.settings.replay));
  }

  introduce(person: Person, room: Room): void {
    const { name: you } = person;
    const { name, topic, size: people } = room;
    const plain = `you are ${you} in ${name} (${people} here); /help says what you can type`;
    const object = { type: "welcome", version: 1, you, room: name, topic, people };
    this.tell(person, { plain, object: { ...object, last: this.lastId } });
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

  *leave(person: Person): Steps {
    const { room } = person;
    this.#takeOut(person);
    yield* this.#announceLeaving(person, room);
  }

  #takeOut(person: Person): void {
    const { room } = person;
    if (room === undefined) return;
    room.leave(person);
    room.emptySince = this.around.tick();
  }

  *#announceLeaving({ name: from }: Person, room: Room | undefined): Steps {
    if (room === undefined) return;
    if (this.isStopping || room.size > this.settings.announce) return;
    yield* room.announce({ plain: `${from} left`, object: { type: "leave", from } });
  }

  /** Somebody is here no more. */
  *depart(person: Person): Steps {
    yield* this.leave(person);
    if (this.has(person)) this.people.delete(person.key);
  }

  rename(person: Person, name: string): void {
    this.people.delete(person.key);
    person.setName(name);
    this.people.set(person.key, person);
  }

  *close(person: Person, reason: Reason): Steps {
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
    person.stopWaiting();
    person.end = this.timers.add(CLOSE_SECONDS, nothing);
    yield "clock";
    yield* this.#announceLeaving(person, room);
  }

  /** Somebody's descriptor is given back: the last one takes its place. */
  forget(person: Person): void {
    const last = this.live.pop();
    if (last !== undefined && last !== person) this.live[this.live.indexOf(person)] = last;
    this.addresses.release(person);
  }

  /** Somebody's connection is gone. */
  *bidFarewell(person: Person): Steps {
    yield* this.depart(person);
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

  *dealWith(person: Person, line: Line): Steps {
    person.linesDealtWith++;
    if (line.kind === "too long") {
      person.isFirstLine = false;
      const { maxLine } = this.settings;
      const text = `a line may have ${maxLine} bytes: yours was longer and was not sent`;
      this.tell(person, refusal("long-line", text));
      return;
    }
    const { bytes } = line;
    if (bytes.length === 0) return;
    const protocol = person.isFirstLine ? protocolOfLine(bytes) : "";
    person.isFirstLine = false;
    if (protocol !== "") {
      yield* this.intake.refuseForeign(person, protocol);
      return;
    }
    const typed = person.style === "tutorial" ? undefined : afterSlash(bytes);
    if (typed === undefined) {
      if (bytes.equals(QUIT)) yield* this.close(person, "quit");
      else if (!this.isMute(person)) yield* this.say(person, "message", sanitized(bytes));
    } else if (beginsWithSlash(typed)) {
      if (!this.isMute(person)) yield* this.say(person, "message", sanitized(typed));
    } else {
      yield* commandLine(this, person, `/${sanitized(typed).toString()}`);
      if (person.isActive && person.outboxBytes > this.settings.hardLimit) yield person;
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

  *say(person: Person, kind: Said["kind"], text: Buffer): Steps {
    const { room, name: from } = person;
    if (room === undefined) return;
    const id = ++this.lastId;
    const said = { kind, id, seconds: this.around.seconds(), room: room.name, from, text };
    if (this.keeps) this.promised.say(said);
    if (room === this.rooms.lobby) this.saidInLobby.push(id);
    yield* room.say(said, person);
    if (room.pressedUntil > this.around.tickNow()) yield* this.intake.letRest(person);
    this.lines++;
    this.deliveries += room.size;
  }

  /** Tells the room what somebody has done; that one is told in any case. */
  *happened(person: Person, news: News): Steps {
    const { room } = person;
    if (room === undefined) return;
    const object = { ...news.object, room: room.name };
    if (room.size > this.settings.announce) this.tell(person, { ...news, object });
    else yield* room.announce(news);
  }

  /** Seconds since something, as the tick sees it. */
  secondsSince(then: number): number {
    return secondsOf(this.around.tickNow() - then);
  }
}

export function* nothing(): Steps {}
