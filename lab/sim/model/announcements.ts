/**
 * Joins and leaves that rooms are not told of at once, since too many precede them. The guest
 * decides when a room is told of them together: not before it may be, and not much later.
 */
import { SECOND_NS } from "../../world/world.js";
import { OracleFailure } from "../failure.js";
import type { Room } from "./room.js";
import type { ServerModel } from "./server.js";
import type { Session } from "./session.js";
import { joined, left, type News } from "./words.js";

/** A room is told of this many joins and leaves at once. */
const AT_ONCE = 5;

export class Announcements {
  readonly #rooms = new Map<Room, Pending>();

  constructor(private readonly server: ServerModel) {}

  of(room: Room): Pending {
    const pending = this.#rooms.get(room) ?? new Pending(this.server, room);
    this.#rooms.set(room, pending);
    return pending;
  }

  /** The guest tells a room what waits. @throws {OracleFailure} if it is too soon, or none waits */
  tell(): void {
    const waiting = [...this.#rooms.values()].filter(({ dueAt }) => dueAt !== undefined);
    const next = waiting.sort((one, two) => (one.dueAt ?? 0) - (two.dueAt ?? 0))[0];
    if (next?.dueAt === undefined || next.dueAt > this.server.context.tickNow()) {
      throw new OracleFailure("limit", "joins and leaves are announced too soon");
    }
    next.tell();
  }

  /** @throws {OracleFailure} if a room should have been told before the guest last woke */
  checkAtRest(wokenAt: number): void {
    for (const { dueAt, room } of this.#rooms.values()) {
      if (dueAt === undefined || dueAt + this.server.slack >= wokenAt) continue;
      throw new OracleFailure("limit", `${room.name} is not told of joins and leaves`);
    }
  }
}

class Pending {
  /** The time from which the room may be told, in nanoseconds; undefined if nothing waits. */
  dueAt: number | undefined;
  readonly #joined = new Set<Session>();
  #left: string[] = [];
  #paidAt = 0;

  constructor(
    private readonly server: ServerModel,
    readonly room: Room,
  ) {}

  allowsOne(): boolean {
    if (this.server.settings.announceRate === 0) return true;
    if (this.dueAt !== undefined || this.#delay > 0) return false;
    this.#pay();
    return true;
  }

  join(session: Session): void {
    this.#joined.add(session);
    this.dueAt ??= this.#now + this.#delay;
  }

  leave(name: string): void {
    this.#left.push(name);
    this.dueAt ??= this.#now + this.#delay;
  }

  /** Forgets a join that waits: the user has left. @returns false if it does not wait */
  forgets(session: Session): boolean {
    return this.#joined.delete(session);
  }

  tell(): void {
    const { room } = this;
    const [came, gone] = [[...this.#joined], this.#left];
    this.#joined.clear();
    this.#left = [];
    this.dueAt = undefined;
    if (came.length + gone.length === 0) return;
    if (room.size > this.server.settings.announce) return;
    this.#pay();
    const [newcomer] = came;
    if (newcomer !== undefined && came.length === 1 && gone.length === 0) {
      room.announce(joined(newcomer.name), undefined, newcomer);
    } else if (came.length === 0 && gone.length === 1) {
      room.announce(left(gone[0] ?? ""));
    } else {
      room.announce(merged(came.length, gone.length, room.size));
    }
  }

  get #now(): number {
    return this.server.context.tickNow();
  }

  get #interval(): number {
    return Math.floor(SECOND_NS / Math.max(this.server.settings.announceRate, 1));
  }

  get #delay(): number {
    return Math.max(0, this.#paidAt - this.#now - this.#interval * (AT_ONCE - 1));
  }

  #pay(): void {
    this.#paidAt = Math.max(this.#paidAt, this.#now) + this.#interval;
  }
}

function merged(joined: number, left: number, people: number): News {
  const parts = [joined === 0 ? "" : `${joined} joined`, left === 0 ? "" : `${left} left`];
  const plain = parts.filter((part) => part !== "").join(", ");
  return { plain, object: { type: "presence", joined, left, people } };
}
