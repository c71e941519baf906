/** A room, with its broadcast groups, topic and history; and the set of all rooms. */
import { History } from "./history.js";
import { keyOf } from "./names.js";
import { GroupLog } from "./outbox.js";
import { rendered, type Message } from "./message.js";
import { STYLES, type ChatSettings, type Style } from "./settings.js";
import type { Session } from "./session.js";
import type { News } from "./words.js";

/** The sessions of a room that get the same bytes. */
export class BroadcastGroup {
  readonly log = new GroupLog();
  readonly people: Session[] = [];

  leave(session: Session): void {
    const place = this.people.indexOf(session);
    const last = this.people.pop();
    if (last !== undefined && last !== session) this.people[place] = last;
  }
}

export class Room {
  topic = "";
  readonly history: History;
  /** The tick in which the last user left. */
  emptySince = 0;
  /** Until then, speakers are held back: a client of this room reads slowly (nanoseconds). */
  backpressureUntil = 0;
  readonly groups = new Map(STYLES.map((style) => [style, new BroadcastGroup()]));
  readonly alone: Session[] = [];

  constructor(
    readonly name: string,
    private readonly settings: ChatSettings,
    forgottenId: number,
  ) {
    this.history = new History(settings, forgottenId);
  }

  /** True if nothing was ever said here, and there is no topic. */
  get isUnused(): boolean {
    return this.topic === "" && this.history.newestId === 0;
  }

  get people(): Session[] {
    return [...this.alone, ...[...this.groups.values()].flatMap(({ people }) => people)];
  }

  get size(): number {
    let size = this.alone.length;
    for (const { people } of this.groups.values()) size += people.length;
    return size;
  }

  join(session: Session): void {
    session.room = this;
    const group = this.groups.get(session.style);
    if (session.ignored.size > 0 || group === undefined) {
      this.alone.push(session);
      return;
    }
    group.people.push(session);
    session.group = group;
    session.outbox.subscribe(group.log);
  }

  leave(session: Session): void {
    session.room = undefined;
    if (session.group === undefined) {
      this.alone.splice(this.alone.indexOf(session), 1);
    } else {
      session.group.leave(session);
      session.outbox.unsubscribe();
      session.group = undefined;
    }
  }

  /** Returns an old message in the given style, with its date. */
  render(said: Message, style: Style): Buffer {
    return rendered({ ...said, room: this.name }, style, this.settings.timeZone, true);
  }

  say(said: Message, speaker: Session): void {
    const { timeZone } = this.settings;
    for (const [style, group] of this.groups) {
      if (group.people.length === 0) continue;
      group.log.append(rendered(said, style, timeZone, false));
    }
    for (const session of this.alone) {
      if (session.ignored.has(speaker)) continue;
      session.outbox.say(rendered(said, session.style, timeZone, false));
    }
    this.history.add(said);
  }

  /**
   * Announces an event to all sessions. The tutorial's style has messages only, so its sessions get
   * nothing.
   *
   * @param author the user whose words it has: sessions that ignore the user do not get them
   * @param except a session that does not get it
   */
  announce({ plain, object }: News, author?: Session, except?: Session): void {
    const { type, ...rest } = object;
    const isMerged = type === "presence";
    const placed = isMerged ? { type, room: this.name, ...rest } : { ...object, room: this.name };
    const news = { plain, object: placed };
    except?.outbox.unsubscribe();
    for (const style of ["line", "json"] as const) {
      const group = this.groups.get(style);
      if (group === undefined || group.people.length === 0) continue;
      group.log.append(renderNews(news, style));
    }
    for (const session of this.alone) {
      if (author !== undefined && session.ignored.has(author)) continue;
      if (session !== except) session.outbox.say(renderNews(news, session.style));
    }
    if (except?.group !== undefined) except.outbox.subscribe(except.group.log);
  }
}

/** Returns a notice in the given style. */
export function renderNews({ plain, object, sign = "*" }: News, style: Style): Buffer {
  return Buffer.from(style === "json" ? `${JSON.stringify(object)}\n` : `${sign} ${plain}\n`);
}

export class Rooms {
  readonly byKey = new Map<string, Room>();
  readonly lobby: Room;
  /** The newest message id of all rooms that were forgotten. */
  forgottenId = 0;

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
    const room = new Room(name, this.settings, this.forgottenId);
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
