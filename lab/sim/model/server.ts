/**
 * The model of the chat server: users, rooms, and the bytes that each message and command adds to
 * the outboxes, as README.md and docs/ have it. It knows nothing of sockets.
 */
import { SECOND_NS } from "../../world/world.js";
import { Announcements } from "./announcements.js";
import { commandLine } from "./commands.js";
import { ConnectionInput } from "./connection_input.js";
import { GuestNames, nameByAddress } from "./guest_names.js";
import { LiveSettings } from "./live_settings.js";
import { enterRoom, takeOutOfAll } from "./entering.js";
import type { Membership } from "./membership.js";
import { list, speaks, tellQuit } from "./presence.js";
import { about, clientText, logArrival, type LogEvent } from "./log.js";
import { keyOf } from "./names.js";
import { AddressRegistry } from "./address_limiter.js";
import { Penalties, type Penalty } from "./penalties.js";
import { People } from "./people.js";
import { DurabilityCheck } from "./durability.js";
import { renderNews, type Room, Rooms } from "./room.js";
import type { Message } from "./message.js";
import { sanitized } from "./sanitize.js";
import { isBlank } from "./slash.js";
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
import { findMembership } from "./find_membership.js";
import { refusesSpeaking } from "./room_refusals.js";
import { saidLine, typedLine } from "./typed_line.js";
import { LAST_WORDS, notice, QUIT, refusal, type News, type Reason } from "./words.js";

/**
 * A full server closes the oldest client that connected this long ago and has said nothing since.
 */
const SILENT_NS = 60 * SECOND_NS;

/** The clocks, the log and the closing of connections, as the server model needs them. */
export interface ServerContext {
  /** Returns the clock of the present tick, in nanoseconds. */
  tickNow(): number;
  /** Returns the number of the present tick. */
  tick(): number;
  /** Return the time of the present tick, in seconds and milliseconds since 1970. */
  seconds(): number;
  milliseconds(): number;
  log(event: LogEvent): void;
  /** Records that a session is closed now. @returns the time when its connection must be gone */
  closing(session: Session): End;
}

export class ServerModel {
  readonly people = new People();
  readonly rooms: Rooms;
  readonly input = new ConnectionInput(this);
  readonly addresses = new AddressRegistry(this);
  readonly guestNames = new GuestNames();
  readonly announcements = new Announcements(this);
  readonly limits: LiveSettings;
  readonly durability = new DurabilityCheck(this);
  readonly bans = new Penalties();
  readonly mutes = new Penalties();
  /** The clients that were closed last, the newest last. */
  readonly recentCloses: { who: string; why: string; at: number }[] = [];
  readonly lobbyMessageIds: number[] = [];
  /** A timer may be set this long after its tick began, in nanoseconds: the host may stall. */
  slack = SLACK_NS;
  lines = 0;
  deliveries = 0;
  /** The room of the message that is being handled. */
  #spokenIn: Room | undefined;
  lastId = 0;
  epoch = 0;
  isStopping = false;
  /** True if the server keeps its messages on a disk. */
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

  /** Adds a user to the lobby, or closes the connection if it is banned or a limit is reached. */
  admit(session: Session): void {
    const now = this.context.seconds();
    const ban = this.bans.ofPeer(session.remote, now);
    if (ban !== undefined) {
      session.parting = ban.describe(now);
      this.close(session, "banned");
      return;
    }
    if (this.people.size >= this.settings.maxClients && !this.makePlace(session)) {
      this.close(session, "server full");
      return;
    }
    if (!this.addresses.admit(session)) {
      this.close(session, "too many from its address");
      return;
    }
    session.mute = this.muteOf(session);
    this.people.list(session);
    if (!session.proxied || this.settings.style === "tutorial") logArrival(this, session);
    enterRoom(this, session, this.rooms.lobby);
  }

  /** Closes the oldest client that has said nothing for a minute, if there is one. */
  private makePlace(newcomer: Session): boolean {
    const silent = [...this.people.values()].filter(({ hasSpoken }) => !hasSpoken);
    const [oldest] = silent.sort((one, other) => one.arrival - other.arrival);
    if (oldest === undefined || newcomer.since - oldest.since < SILENT_NS) return false;
    this.close(oldest, "said nothing");
    return true;
  }

  /** Handles the client address that a PROXY header gave, and then admits the client. */
  knowSource(session: Session, address: string): void {
    session.remote = address;
    if (address !== "") nameByAddress(this, session);
    this.admit(session);
  }

  /** Removes a user from its rooms and from the list of users. */
  depart(session: Session): void {
    const members = takeOutOfAll(this, session);
    this.people.unlist(session);
    tellQuit(this, members, session.reason ?? "connection broken");
  }

  rename(session: Session, name: string): void {
    this.people.unlist(session);
    session.setName(name);
    session.hasChosenName = true;
    this.people.list(session);
  }

  close(session: Session, reason: Reason): void {
    if (!session.isOpen) return;
    session.reason = reason;
    const members = takeOutOfAll(this, session);
    this.people.unlist(session);
    if (reason === "too slow") session.outbox.dropAfterLine();
    const last = LAST_WORDS[reason];
    const words = session.parting === "" ? last : `${String(last)} ${session.parting}`;
    const object = { type: "closed", reason, text: words };
    if (words !== undefined) this.tell(session, { plain: words, object });
    session.end = this.context.closing(session);
    tellQuit(this, members, reason);
  }

  /** Handles the end of a connection: lists it in the recent closes and in the log. */
  connectionClosed(session: Session): void {
    this.depart(session);
    this.addresses.release(session);
    const why = session.reason ?? "connection broken";
    if (!session.isLogged && (why === "left" || why === "connection broken")) return;
    if (this.recentCloses.length >= RECENT_CLOSES_KEPT) this.recentCloses.shift();
    const who = clientText(session);
    this.recentCloses.push({ who, why, at: this.context.tickNow() });
    const people = this.people.size;
    const message = `${who} is gone: ${why} (${people} here)`;
    const bytes = { bytes_in: session.receivedBytes, bytes_out: session.outbox.sent };
    const seconds = this.secondsSince(session.since);
    const fields = { ...about(session), reason: why, people, ...bytes, seconds };
    this.context.log({ event: "gone", message, fields });
  }

  handleLine(session: Session, line: Line): void {
    session.linesHandled++;
    if (line.kind === "too long") {
      session.isFirstLine = false;
      const most = `a line may have ${this.settings.maxLine} bytes`;
      this.tell(session, refusal("long-line", `${most}: yours was longer and was not sent`));
      return;
    }
    const { bytes } = line;
    if (bytes.length === 0) return;
    session.isFirstLine = false;
    const isTutorial = session.style === "tutorial";
    if (!isTutorial && isBlank(bytes)) return;
    logArrival(this, session);
    const { room, text, command } = isTutorial ? saidLine(bytes) : typedLine(bytes);
    if (bytes.equals(QUIT)) {
      this.close(session, "quit");
    } else if (text === undefined) {
      commandLine(this, session, command, room);
      speaks(this, session);
    } else if (!this.isMute(session)) {
      const at = findMembership(this, session, room);
      if (at === undefined || refusesSpeaking(this, at)) speaks(this, session);
      else this.say(at, "message", sanitized(text));
    }
  }

  /** Returns the mute that applies to a user; of several, the one that ends last. */
  muteOf({ name, remote }: Session): Penalty | undefined {
    return this.mutes.longest(name, remote, this.context.seconds());
  }

  /** Returns true if the user is mute, and tells the user so. */
  isMute(session: Session): boolean {
    if (session.mute === undefined) return false;
    const now = this.context.seconds();
    if (session.mute.isOver(now)) session.mute = this.muteOf(session);
    if (session.mute === undefined) return false;
    const text = `nobody hears you: you are mute ${session.mute.describe(now)}`;
    this.tell(session, refusal("mute", text));
    return true;
  }

  say(member: Membership, kind: Message["kind"], text: Buffer): void {
    const { room, session } = member;
    speaks(this, session);
    list(member);
    const { name: from } = session;
    const id = ++this.lastId;
    const milliseconds = this.context.milliseconds();
    const said = { kind, id, milliseconds, room: room.name, from, author: session, text };
    if (this.keeps) this.durability.say(said);
    if (room === this.rooms.lobby) this.lobbyMessageIds.push(id);
    room.say(said, session);
    this.holdBack(session, room.backpressureUntil);
    this.lines++;
    this.#spokenIn = room;
  }

  /** Ends the handling of a line; its message counts as delivered to all in the room. */
  endLine(): void {
    this.deliveries += this.#spokenIn?.size ?? 0;
    this.#spokenIn = undefined;
  }

  /** Applies backpressure to a speaker: the guest does not read from it for a while. */
  holdBack(session: Session, backpressureUntil: number): void {
    const now = this.context.tickNow();
    if (backpressureUntil > now && session.heldBackUntil <= now)
      session.heldBackUntil = now + HOLD_BACK_NS;
  }

  /**
   * Handles the guest's report of a client that reads slowly: speakers in its room are throttled.
   */
  appliesBackpressure(session: Session): void {
    session.backpressureUntil = this.context.tickNow() + BACKPRESSURE_NS;
    for (const { room } of session.memberships) {
      room.backpressureUntil = session.backpressureUntil;
    }
  }

  /** Returns the whole seconds from `then` (nanoseconds) to the present tick. */
  secondsSince(then: number): number {
    return secondsOf(this.context.tickNow() - then);
  }
}
