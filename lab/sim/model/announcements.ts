/**
 * The pending announcements of a room: joins and leaves beyond the rate, which are announced
 * together later. The guest decides when: not before `--announce-rate` allows it, and not much
 * later.
 */
import { SECOND_NS } from "../../world/world.js";
import { OracleFailure } from "../failure.js";
import type { Membership } from "./membership.js";
import { list } from "./presence.js";
import type { Room } from "./room.js";
import type { ServerModel } from "./server.js";
import { joined, left, type News } from "./words.js";

/** The most joins and leaves that a room is told of at once. */
const AT_ONCE = 5;

export class Announcements {
  readonly #rooms = new Map<Room, PendingAnnouncements>();

  constructor(private readonly server: ServerModel) {}

  of(room: Room): PendingAnnouncements {
    const pending = this.#rooms.get(room) ?? new PendingAnnouncements(this.server, room);
    this.#rooms.set(room, pending);
    return pending;
  }

  /**
   * Handles the guest's announcement of everything that waits.
   *
   * @throws {OracleFailure} if the rate does not allow it yet, or nothing waits
   */
  tell(name: string): void {
    const waiting = [...this.#rooms.values()].filter(({ room }) => room.name === name);
    // A room that was removed may have the name of a newer one; its announcements are due first.
    const dueAt = ({ dueAt = Infinity }: PendingAnnouncements) => dueAt;
    const [next] = waiting.sort((one, two) => dueAt(one) - dueAt(two));
    if (next?.dueAt === undefined || next.dueAt > this.server.context.tickNow()) {
      throw new OracleFailure("limit", `${name} is told of joins and leaves too soon`);
    }
    next.tell();
  }

  /**
   * @param wokenAt the end of the guest's last wait, in nanoseconds
   * @throws {OracleFailure} if the announcement is late
   */
  checkAtRest(wokenAt: number): void {
    for (const { dueAt, room } of this.#rooms.values()) {
      if (dueAt === undefined || dueAt + this.server.slack >= wokenAt) continue;
      throw new OracleFailure("limit", `${room.name} is not told of joins and leaves`);
    }
  }
}

class PendingAnnouncements {
  /** The time from which the room may be told, in nanoseconds; undefined if nothing waits. */
  dueAt: number | undefined;
  readonly #joined = new Set<Membership>();
  #left: Membership[] = [];
  /** The time at which the intervals of all announcements so far are over, in nanoseconds. */
  #paidAt = 0;

  constructor(
    private readonly server: ServerModel,
    readonly room: Room,
  ) {}

  /** Returns true if a join or leave may be announced now, and counts it. */
  allowsOne(): boolean {
    if (this.server.settings.announceRate === 0) return true;
    if (this.dueAt !== undefined || this.#delay > 0) return false;
    this.#pay();
    return true;
  }

  addJoined(member: Membership): void {
    this.#joined.add(member);
    this.dueAt ??= this.#now + this.#delay;
  }

  addLeft(member: Membership): void {
    this.#left.push(member);
    this.dueAt ??= this.#now + this.#delay;
  }

  /** Forgets a join that waits. @returns false if it does not wait */
  forgets(member: Membership): boolean {
    return this.#joined.delete(member);
  }

  tell(): void {
    const { room } = this;
    const [came, gone] = [[...this.#joined], this.#left];
    this.#joined.clear();
    this.#left = [];
    this.dueAt = undefined;
    if (came.length + gone.length === 0 || room.size > this.server.settings.announce) return;
    for (const member of came) list(member);
    this.#pay();
    const [newcomer, leaver] = [came[0], gone[0]];
    if (newcomer !== undefined && came.length + gone.length === 1) {
      room.announce(joined(newcomer), "one room", newcomer);
    } else if (leaver !== undefined && came.length + gone.length === 1) {
      room.announce(left(leaver), "one room");
    } else {
      room.announce(together(room, came.length, gone.length), "one room");
    }
  }

  get #now(): number {
    return this.server.context.tickNow();
  }

  get #interval(): number {
    return Math.floor(SECOND_NS / Math.max(this.server.settings.announceRate, 1));
  }

  /** The nanoseconds until an announcement may be made. */
  get #delay(): number {
    return Math.max(0, this.#paidAt - this.#now - this.#interval * (AT_ONCE - 1));
  }

  #pay(): void {
    this.#paidAt = Math.max(this.#paidAt, this.#now) + this.#interval;
  }
}

function together({ name, size }: Room, joined: number, left: number): News {
  const parts = [joined === 0 ? "" : `${joined} joined`, left === 0 ? "" : `${left} left`];
  const plain = parts.filter((part) => part !== "").join(", ");
  return { plain, object: { type: "presence", room: name, joined, left, people: size } };
}
