/** A room: its people by how they read, its topic and its memory. And all rooms, by name. */
import { History } from "./history.js";
import { keyOf } from "./names.js";
import { SpokenLog } from "./owed.js";
import { rendered, type Said } from "./said.js";
import { STYLES, type ChatSettings, type Style } from "./settings.js";
import type { Person } from "./member.js";
import type { News } from "./words.js";

/** Those of a room who hear the same. */
export class Audience {
  readonly log = new SpokenLog();
  readonly people: Person[] = [];

  leave(person: Person): void {
    const place = this.people.indexOf(person);
    const last = this.people.pop();
    if (last !== undefined && last !== person) this.people[place] = last;
  }
}

export class Room {
  topic = "";
  readonly history: History;
  /** Counts the ticks; of the last one who left. */
  emptySince = 0;
  /** Somebody reads slowly here: until then, who speaks must rest. */
  pressedUntil = 0;
  readonly audiences = new Map(STYLES.map((style) => [style, new Audience()]));
  readonly alone: Person[] = [];

  constructor(
    readonly name: string,
    private readonly settings: ChatSettings,
    forgottenId: number,
  ) {
    this.history = new History(settings, forgottenId);
  }

  get people(): Person[] {
    return [...this.alone, ...[...this.audiences.values()].flatMap(({ people }) => people)];
  }

  get size(): number {
    let size = this.alone.length;
    for (const { people } of this.audiences.values()) size += people.length;
    return size;
  }

  join(person: Person): void {
    person.room = this;
    const audience = this.audiences.get(person.style);
    if (person.ignored.size > 0 || audience === undefined) {
      this.alone.push(person);
      return;
    }
    audience.people.push(person);
    person.audience = audience;
    person.owed.hear(audience.log);
  }

  leave(person: Person): void {
    person.room = undefined;
    if (person.audience === undefined) {
      this.alone.splice(this.alone.indexOf(person), 1);
    } else {
      person.audience.leave(person);
      person.owed.stopHearing();
      person.audience = undefined;
    }
  }

  /** A line of the past, as one reads it. */
  render(said: Said, style: Style): Buffer {
    return rendered({ ...said, room: this.name }, style, this.settings.timeZone, true);
  }

  say(said: Said, speaker: Person): void {
    const { timeZone } = this.settings;
    for (const [style, audience] of this.audiences) {
      if (audience.people.length === 0) continue;
      audience.log.append(rendered(said, style, timeZone, false));
    }
    for (const person of this.alone) {
      if (person !== speaker && person.ignored.has(speaker.key)) continue;
      person.owed.say(rendered(said, person.style, timeZone, false));
    }
    this.history.add(said);
  }

  /** Tells everybody what has happened; who reads as in the tutorial hears what is said alone. */
  announce({ plain, object }: News): void {
    const news = { plain, object: { ...object, room: this.name } };
    for (const style of ["line", "json"] as const) {
      const audience = this.audiences.get(style);
      if (audience === undefined || audience.people.length === 0) continue;
      audience.log.append(asTold(news, style));
    }
    for (const person of this.alone) person.owed.say(asTold(news, person.style));
  }
}

/** As one reads it who is told something. */
export function asTold({ plain, object }: News, style: Style): Buffer {
  return Buffer.from(style === "json" ? `${JSON.stringify(object)}\n` : `* ${plain}\n`);
}

export class Rooms {
  readonly byKey = new Map<string, Room>();
  readonly lobby: Room;
  /** Of lines in rooms that were given up. */
  forgottenId = 0;

  constructor(private readonly settings: ChatSettings) {
    this.lobby = this.#add("lobby");
  }

  find(name: string): Room | undefined {
    return this.byKey.get(keyOf(name));
  }

  /** @returns undefined if there are too many, and people in all */
  open(name: string): Room | undefined {
    const isFull = this.byKey.size >= this.settings.maxRooms;
    return this.find(name) ?? (isFull && !this.#forgetOne() ? undefined : this.#add(name));
  }

  #add(name: string): Room {
    const room = new Room(name, this.settings, this.forgottenId);
    this.byKey.set(keyOf(name), room);
    return room;
  }

  /** The one that has been empty longest makes place. */
  #forgetOne(): boolean {
    let oldest: Room | undefined;
    for (const room of this.byKey.values()) {
      if (room === this.lobby || room.size > 0) continue;
      if (oldest === undefined || isStaler(room, oldest)) oldest = room;
    }
    if (oldest === undefined) return false;
    this.forgottenId = Math.max(this.forgottenId, oldest.history.newestId);
    this.byKey.delete(keyOf(oldest.name));
    return true;
  }
}

/** Of rooms that became empty together, the one where nothing was said for longest. */
function isStaler(one: Room, other: Room): boolean {
  if (one.emptySince !== other.emptySince) return one.emptySince < other.emptySince;
  return one.history.newestId < other.history.newestId;
}
