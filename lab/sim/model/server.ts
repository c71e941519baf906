/**
 * What the chat does with people and what they say, by README.md and docs/: who hears what, in
 * which words. It knows nothing of sockets; what it says is owed.
 */
import { commandLine } from "./commands.js";
import { ConnectionInput } from "./connection_input.js";
import { LiveSettings } from "./live_settings.js";
import { about, type LogEvent } from "./log.js";
import { keyOf } from "./names.js";
import { AddressRegistry } from "./address_limiter.js";
import { Penalties, type Penalty } from "./penalties.js";
import { DurabilityCheck } from "./durability.js";
import { renderNews, type Room, Rooms } from "./room.js";
import type { Message } from "./message.js";
import { sanitized } from "./sanitize.js";
import { afterSlash, beginsWithSlash } from "./slash.js";
import {
  RECENT_CLOSES_KEPT,
  BACKPRESSURE_NS,
  HOLD_BACK_NS,
  secondsOf,
  SLACK_NS,
  type ChatSettings,
} from "./settings.js";
import type { End, Session } from "./session.js";
import type { Line } from "./line_splitter.js";
import { LAST_WORDS, notice, QUIT, refusal, type News, type Reason } from "./words.js";

/** What the hall needs to know of the world. */
export interface ServerContext {
  /** The tick's clock, in nanoseconds. */
  tickNow(): number;
  /** Counts the ticks. */
  tick(): number;
  /** Since 1970, in the tick. */
  seconds(): number;
  log(event: LogEvent): void;
  /** Somebody is closed now. @returns when it must be gone */
  closing(session: Session): End;
}

export class ServerModel {
  readonly people = new Map<string, Session>();
  readonly rooms: Rooms;
  readonly input = new ConnectionInput(this);
  readonly addresses = new AddressRegistry(this);
  readonly limits: LiveSettings;
  readonly durability = new DurabilityCheck(this);
  readonly bans = new Penalties();
  readonly mutes = new Penalties();
  /** Who was closed last, the newest last. */
  readonly recentCloses: { who: string; why: string; at: number }[] = [];
  /** Ids of what was said in the lobby. */
  readonly lobbyMessageIds: number[] = [];
  /** By so much later than a tick its timers may be set, in nanoseconds: the machine may stall. */
  slack = SLACK_NS;
  lines = 0;
  deliveries = 0;
  /** Where the line that is dealt with was said. */
  #spokenIn: Room | undefined;
  lastId = 0;
  isStopping = false;
  /** What is said is kept on a disk. */
  keeps = false;

  constructor(
    readonly settings: ChatSettings,
    readonly context: ServerContext,
  ) {
    this.rooms = new Rooms(settings);
    this.limits = new LiveSettings(this);
  }

  find(name: string): Session | undefined {
    return this.people.get(keyOf(name));
  }

  has(session: Session): boolean {
    return this.people.get(session.key) === session;
  }

  tell(session: Session, news: News | string): void {
    session.outbox.say(renderNews(typeof news === "string" ? notice(news) : news, session.style));
  }

  /** Lets somebody in, if there is a place. */
  admit(session: Session): void {
    const now = this.context.seconds();
    const ban = this.bans.ofPeer(session.remote, now);
    if (ban !== undefined) {
      session.parting = ban.describe(now);
      this.close(session, "banned");
      return;
    }
    if (this.people.size >= this.settings.maxClients) {
      this.close(session, "server full");
      return;
    }
    if (!this.addresses.admit(session)) {
      this.close(session, "too many from its address");
      return;
    }
    session.mute = this.muteOf(session);
    this.people.set(session.key, session);
    const people = this.people.size;
    const message = `${session.name} joined (${people} here)`;
    this.context.log({ event: "joined", message, fields: { ...about(session), people } });
    this.enter(session, this.rooms.lobby);
  }

  /** A proxy has said where somebody is. */
  knowSource(session: Session, address: string): void {
    session.isKnown = true;
    session.remote = address;
    if (address !== "" && this.find(address) === undefined) session.setName(address);
    this.admit(session);
  }

  enter(session: Session, room: Room): void {
    const from = session.name;
    if (room.size < this.settings.announce) {
      room.announce({ plain: `${from} joined`, object: { type: "join", from } });
    }
    if (!this.has(session)) return;
    room.join(session);
    if (session.style === "tutorial") return;
    this.introduce(session, room);
    if (session.style === "json") return;
    if (room.topic !== "") this.tell(session, `topic: ${room.topic}`);
    this.replay(session, room, room.history.newest(this.settings.replay));
  }

  introduce(session: Session, room: Room): void {
    const { name: you } = session;
    const { name, topic, size: people } = room;
    const plain = `you are ${you} in ${name} (${people} here); /help says what you can type`;
    const object = { type: "welcome", version: 1, you, room: name, topic, people };
    this.tell(session, { plain, object: { ...object, last: this.lastId } });
  }

  /** Gives somebody lines of the past, but for those of people whom it ignores. */
  replay(session: Session, room: Room, lines: readonly Message[]): number {
    const heard = lines.filter(({ from }) => {
      const key = keyOf(from);
      return key === session.key || !session.ignored.has(key);
    });
    for (const said of heard) session.outbox.say(room.render(said, session.style));
    return heard.length;
  }

  leave(session: Session): void {
    const { room } = session;
    this.#takeOut(session);
    this.#announceLeaving(session, room);
  }

  #takeOut(session: Session): void {
    const { room } = session;
    if (room === undefined) return;
    room.leave(session);
    room.emptySince = this.context.tick();
  }

  #announceLeaving({ name: from }: Session, room: Room | undefined): void {
    if (room === undefined) return;
    if (this.isStopping || room.size > this.settings.announce) return;
    room.announce({ plain: `${from} left`, object: { type: "leave", from } });
  }

  /** Somebody is here no more. */
  depart(session: Session): void {
    this.leave(session);
    if (this.has(session)) this.people.delete(session.key);
  }

  rename(session: Session, name: string): void {
    this.people.delete(session.key);
    session.setName(name);
    this.people.set(session.key, session);
  }

  close(session: Session, reason: Reason): void {
    if (!session.isOpen) return;
    session.reason = reason;
    const { room } = session;
    this.#takeOut(session);
    if (this.has(session)) this.people.delete(session.key);
    if (reason === "too slow") session.outbox.dropAfterLine();
    const last = LAST_WORDS[reason];
    const words = session.parting === "" ? last : `${String(last)} ${session.parting}`;
    const object = { type: "closed", reason, text: words };
    if (words !== undefined) this.tell(session, { plain: words, object });
    session.end = this.context.closing(session);
    this.#announceLeaving(session, room);
  }

  /** Somebody's connection is gone. */
  connectionClosed(session: Session): void {
    this.depart(session);
    this.addresses.release(session);
    const { name, remote } = session;
    const why = session.reason ?? "connection broken";
    if (!session.isKnown && (why === "left" || why === "connection broken")) return;
    if (this.recentCloses.length >= RECENT_CLOSES_KEPT) this.recentCloses.shift();
    const who = remote === "" || remote === name ? name : `${name} from ${remote}`;
    this.recentCloses.push({ who, why, at: this.context.tickNow() });
    const people = this.people.size;
    const message = `${name} is gone: ${why} (${people} here)`;
    const bytes = { bytes_in: session.receivedBytes, bytes_out: session.outbox.sent };
    const seconds = this.secondsSince(session.since);
    const fields = { ...about(session), reason: why, people, ...bytes, seconds };
    this.context.log({ event: "gone", message, fields });
  }

  handleLine(session: Session, line: Line): void {
    session.linesHandled++;
    if (line.kind === "too long") {
      session.isFirstLine = false;
      const { maxLine } = this.settings;
      const text = `a line may have ${maxLine} bytes: yours was longer and was not sent`;
      this.tell(session, refusal("long-line", text));
      return;
    }
    const { bytes } = line;
    if (bytes.length === 0) return;
    session.isFirstLine = false;
    const typed = session.style === "tutorial" ? undefined : afterSlash(bytes);
    if (typed === undefined) {
      if (bytes.equals(QUIT)) this.close(session, "quit");
      else if (!this.isMute(session)) this.say(session, "message", sanitized(bytes));
    } else if (beginsWithSlash(typed)) {
      if (!this.isMute(session)) this.say(session, "message", sanitized(typed));
    } else {
      commandLine(this, session, `/${sanitized(typed).toString()}`);
    }
  }

  /** Of the mutes for somebody, the one that ends last. */
  muteOf({ name, remote }: Session): Penalty | undefined {
    return this.mutes.longest(name, remote, this.context.seconds());
  }

  /** Whether nobody is to hear this one; if so, it is told. */
  isMute(session: Session): boolean {
    if (session.mute === undefined) return false;
    const now = this.context.seconds();
    if (session.mute.isOver(now)) session.mute = this.muteOf(session);
    if (session.mute === undefined) return false;
    const text = `nobody hears you: you are mute ${session.mute.describe(now)}`;
    this.tell(session, refusal("mute", text));
    return true;
  }

  say(session: Session, kind: Message["kind"], text: Buffer): void {
    const { room, name: from } = session;
    if (room === undefined) return;
    const id = ++this.lastId;
    const said = { kind, id, seconds: this.context.seconds(), room: room.name, from, text };
    if (this.keeps) this.durability.say(said);
    if (room === this.rooms.lobby) this.lobbyMessageIds.push(id);
    room.say(said, session);
    this.holdBack(session, room.backpressureUntil);
    this.lines++;
    this.#spokenIn = room;
  }

  /** A line was dealt with, and what it says counts for all who are still there. */
  endLine(): void {
    this.deliveries += this.#spokenIn?.size ?? 0;
    this.#spokenIn = undefined;
  }

  /** Of somebody, little is read while those who hear it read slowly. */
  holdBack(session: Session, backpressureUntil: number): void {
    const now = this.context.tickNow();
    if (backpressureUntil > now && session.heldBackUntil <= now)
      session.heldBackUntil = now + HOLD_BACK_NS;
  }

  /** The module has found that somebody reads slowly. */
  appliesBackpressure(session: Session): void {
    session.backpressureUntil = this.context.tickNow() + BACKPRESSURE_NS;
    if (session.room !== undefined) session.room.backpressureUntil = session.backpressureUntil;
  }

  /** Tells the room what somebody has done; that one is told in any case. */
  happened(session: Session, news: News): void {
    const { room } = session;
    if (room === undefined) return;
    const object = { ...news.object, room: room.name };
    if (room.size > this.settings.announce) this.tell(session, { ...news, object });
    else room.announce(news);
  }

  /** Seconds since something, as the tick sees it. */
  secondsSince(then: number): number {
    return secondsOf(this.context.tickNow() - then);
  }
}
