/**
 * The announcements of one room that wait. A room of many arrivals is told of a few joins and
 * leaves at once, then of the others together: `12 joined, 9 left`.
 *
 * Clients that may be in several rooms are told of each user instead: they keep lists.
 */
import { Loop, Task } from "../../loop/loop";
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";
import { UserJoined, UserLeft } from "../protocol/events";
import { UsersChanged } from "../protocol/room_events";
import { ChatSettings } from "../settings";
import { Audience, Membership, Room } from "./room";

/** A room is told of at most this many joins and leaves at once. @limit announcements */
export const ANNOUNCEMENTS_AT_ONCE: u64 = 5;

/** Tells clients with several rooms of a member that they do not list yet. */
export interface MemberLister {
  ensureListed(membership: Membership): void;
}

export class PendingAnnouncements extends Task {
  /** The memberships whose joins wait. Those that have left meanwhile are not pending any more. */
  private joined: Array<Membership> = [];
  /** The number of joins that wait. */
  private joinedCount: i32 = 0;
  /** The newest departure that waits, or null. */
  private left: UserLeft | null = null;
  /** The number of departures that wait. */
  private leftCount: i32 = 0;
  /**
   * Each announcement takes one {@link interval}. The time at which the intervals of all
   * announcements so far are over, in nanoseconds of the loop's clock. It may be
   * {@link ANNOUNCEMENTS_AT_ONCE} intervals ahead.
   */
  private busyUntil: u64 = 0;
  private isScheduled: bool = false;

  constructor(
    private room: Room,
    private loop: Loop,
    private settings: ChatSettings,
    private lister: MemberLister,
  ) {
    super();
  }

  /** Counts a join or leave if it may be announced now. @returns false if it must wait */
  countIfAllowed(): bool {
    if (this.settings.announceRate == 0) return true;
    if (this.isScheduled || this.delay > 0) return false;
    this.takeInterval();
    return true;
  }

  /** Adds a join that waits. */
  addJoined(membership: Membership): void {
    membership.isPending = true;
    this.joined.push(membership);
    this.joinedCount++;
    this.schedule();
  }

  /** Adds a departure that waits. If the join waits as well, both are dropped. */
  addLeft(membership: Membership, event: UserLeft): void {
    if (this.dropJoined(membership)) return;
    this.left = event;
    this.leftCount++;
    this.schedule();
  }

  /** Drops a join that waits. @returns false if it does not wait */
  dropJoined(membership: Membership): bool {
    if (!membership.isPending) return false;
    this.joinedCount--;
    membership.isPending = false;
    return true;
  }

  /** Announces all that waits. */
  run(): void {
    this.isScheduled = false;
    const room = this.room;
    if (room.size <= this.settings.announce) this.listJoined();
    const joined = this.joinedCount;
    const left = this.leftCount;
    const event = this.left;
    const newcomer = this.takeNewcomer();
    this.left = null;
    this.leftCount = 0;
    if (joined + left == 0 || room.size > this.settings.announce) return;
    this.takeInterval();
    if (joined == 1 && left == 0) {
      room.announce(new UserJoined(newcomer!.user, room.name), Audience.ONE_ROOM, newcomer);
    } else if (joined == 0 && left == 1) {
      room.announce(event!, Audience.ONE_ROOM);
    } else {
      room.announce(new UsersChanged(room.name, joined, left, room.size), Audience.ONE_ROOM);
    }
  }

  /** In a large room, members are listed when a client asks for them, or with their first words. */
  private listJoined(): void {
    for (let i = 0; i < this.joined.length; i++) {
      if (this.joined[i].isPending) this.lister.ensureListed(this.joined[i]);
    }
  }

  /** Empties the list of joins that wait. @returns one that is still in the room, or null */
  private takeNewcomer(): Membership | null {
    const joined = this.joined;
    let newcomer: Membership | null = null;
    for (let i = 0; i < joined.length; i++) {
      if (joined[i].isPending) newcomer = joined[i];
      joined[i].isPending = false;
    }
    this.joined = [];
    this.joinedCount = 0;
    return newcomer;
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    this.loop.callLater(<f64>this.delay / <f64>NANOSECONDS_PER_SECOND, this);
  }

  /** The time between two announcements, in nanoseconds. */
  private get interval(): u64 {
    return NANOSECONDS_PER_SECOND / max(this.settings.announceRate, 1);
  }

  /** The nanoseconds until an announcement may be made. */
  private get delay(): u64 {
    const credit = this.interval * (ANNOUNCEMENTS_AT_ONCE - 1);
    const now = this.loop.now;
    return this.busyUntil > now + credit ? this.busyUntil - now - credit : 0;
  }

  private takeInterval(): void {
    this.busyUntil = max(this.busyUntil, this.loop.now) + this.interval;
  }
}
