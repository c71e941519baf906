/** A room, with its broadcast groups, topic and history; and the set of all rooms. */
import { History } from "./history.js";
import { keyOf } from "./names.js";
import { GroupLog } from "./outbox.js";
import { rendered, type Message } from "./message.js";
import type { Membership } from "./membership.js";
import { RoomModes } from "./room_modes.js";
import { hasSeveralRooms, STYLES, type ChatSettings, type Style } from "./settings.js";
import type { Session } from "./session.js";
import type { News } from "./words.js";

/** The members of a room that get the same bytes. */
export class BroadcastGroup {
  readonly members: Membership[] = [];
  readonly log: GroupLog;

  constructor(written: GroupLog[]) {
    this.log = new GroupLog(written);
  }

  leave(member: Membership): void {
    const place = this.members.indexOf(member);
    const last = this.members.pop();
    if (last !== undefined && last !== member) this.members[place] = last;
  }
}

/** The members of a room that an event is for. */
export type Audience = "all" | "one room" | "several rooms";

function isMeant(audience: Audience, several: boolean): boolean {
  return audience === "all" || (audience === "several rooms") === several;
}

export class Room {
  topic = "";
  readonly history: History;
  /** The tick in which the last user left. */
  emptySince = 0;
  /**
   * The time until which speakers are throttled, in nanoseconds: a client of this room reads
   * slowly.
   */
  backpressureUntil = 0;
  readonly groups: Map<Style, BroadcastGroup>;
  readonly alone: Membership[] = [];
  modes = new RoomModes();
  /** The sessions that may enter once, the oldest first. */
  invited: Session[] = [];

  constructor(
    readonly name: string,
    private readonly settings: ChatSettings,
    forgottenId: number,
    written: GroupLog[],
  ) {
    this.history = new History(settings, forgottenId);
    this.groups = new Map(STYLES.map((style) => [style, new BroadcastGroup(written)]));
  }

  /** True if the room has never had a message, and has no topic. */
  get isUnused(): boolean {
    return this.topic === "" && this.history.newestId === 0;
  }

  get members(): Membership[] {
    return [...this.alone, ...[...this.groups.values()].flatMap(({ members }) => members)];
  }

  get size(): number {
    let size = this.alone.length;
    for (const { members } of this.groups.values()) size += members.length;
    return size;
  }

  memberOf(session: Session): Membership | undefined {
    return session.memberships.find(({ room }) => room === this);
  }

  join(member: Membership): void {
    const { session } = member;
    const group = this.groups.get(session.style);
    if (session.ignored.size > 0 || group === undefined) {
      this.alone.push(member);
      return;
    }
    group.members.push(member);
    member.group = group;
    session.outbox.subscribe(group.log);
  }

  leave(member: Membership): void {
    if (member.group === undefined) {
      this.alone.splice(this.alone.indexOf(member), 1);
    } else {
      member.group.leave(member);
      member.session.outbox.unsubscribe(member.group.log);
      member.group = undefined;
    }
  }

  /** Returns an old message in the given style, with its date. */
  render(said: Message, style: Style): Buffer {
    return rendered({ ...said, room: this.name }, style, this.settings.timeZone, true);
  }

  say(said: Message, speaker: Session): void {
    const { timeZone } = this.settings;
    for (const [style, group] of this.groups) {
      if (group.members.length === 0) continue;
      group.log.append(rendered(said, style, timeZone, false));
    }
    for (const { session } of this.alone) {
      if (session.ignored.has(speaker)) continue;
      session.outbox.say(rendered(said, session.style, timeZone, false));
    }
    this.history.add(said);
  }

  /**
   * Announces an event to some members. The tutorial's style has messages only, so its sessions get
   * nothing.
   *
   * @param author the user whose words the event contains: sessions that ignore this user do not
   * get it
   */
  announce(event: News, audience: Audience = "all", except?: Membership, author?: Session): void {
    const news = this.#placed(event);
    if (except?.group !== undefined) except.session.outbox.catchUp(except.group.log);
    for (const style of ["line", "json", "json2"] as const) {
      const group = this.groups.get(style);
      if (group === undefined || group.members.length === 0) continue;
      if (isMeant(audience, hasSeveralRooms(style))) group.log.append(renderNews(news, style));
    }
    if (except?.group !== undefined) except.session.outbox.skip(except.group.log);
    for (const one of this.alone) {
      if (one === except || !isMeant(audience, one.hasSeveralRooms)) continue;
      if (author !== undefined && one.session.ignored.has(author)) continue;
      one.session.outbox.say(renderNews(news, one.session.style));
    }
  }

  /** Announces an event to the members with several rooms that are not in `told` yet. */
  announceOnce(news: News, told: Set<Session>): void {
    const members = [...(this.groups.get("json2")?.members ?? []), ...this.alone];
    for (const { session, hasSeveralRooms: several } of members) {
      if (!several || told.has(session)) continue;
      told.add(session);
      session.outbox.say(renderNews(news, session.style));
    }
  }

  /** Adds the room to an object. */
  #placed(news: News): News {
    return { ...news, object: { ...news.object, room: this.name } };
  }
}

/** Returns a notice in the given style. */
export function renderNews(news: News, style: Style): Buffer {
  const { plain, object, sign = "*", second = object } = news;
  if (style === "json2") return Buffer.from(`${JSON.stringify(second)}\n`);
  return Buffer.from(style === "json" ? `${JSON.stringify(object)}\n` : `${sign} ${plain}\n`);
}

export class Rooms {
  readonly byKey = new Map<string, Room>();
  readonly lobby: Room;
  /** The newest message id of all rooms that were forgotten. */
  forgottenId = 0;

  /** The logs with bytes that the guest has not delivered, in their order. */
  readonly written: GroupLog[] = [];

  constructor(private readonly settings: ChatSettings) {
    this.lobby = this.#add("lobby");
  }

  find(name: string): Room | undefined {
    return this.byKey.get(keyOf(name));
  }

  /**
   * Returns the room of this name, which it creates if necessary; undefined if there are too many
   * rooms and none is empty.
   */
  open(name: string): Room | undefined {
    const isFull = this.byKey.size >= this.settings.maxRooms;
    return this.find(name) ?? (isFull && !this.#forgetOne() ? undefined : this.#add(name));
  }

  #add(name: string): Room {
    const room = new Room(name, this.settings, this.forgottenId, this.written);
    this.byKey.set(keyOf(name), room);
    return room;
  }

  /**
   * Forgets the room that has been empty for the longest time.
   *
   * @returns false if no room is empty
   */
  #forgetOne(): boolean {
    let oldest: Room | undefined;
    for (const room of this.byKey.values()) {
      if (room === this.lobby || room.size > 0) continue;
      if (oldest === undefined || isStaler(room, oldest)) oldest = room;
    }
    if (oldest === undefined) return false;
    this.remove(oldest);
    return true;
  }

  remove(room: Room): void {
    this.forgottenId = Math.max(this.forgottenId, room.history.newestId);
    this.byKey.delete(keyOf(room.name));
  }
}

/**
 * Returns true if `one` goes before `other`: a room that was never used, then the one that has been
 * empty longer, then the one with the older newest message.
 */
function isStaler(one: Room, other: Room): boolean {
  if (one.isUnused !== other.isUnused) return one.isUnused;
  if (one.emptySince !== other.emptySince) return one.emptySince < other.emptySince;
  return one.history.newestId < other.history.newestId;
}
