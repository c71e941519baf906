/**
 * Tells the members of rooms which users join, leave, quit and rename.
 *
 * A client with one room at a time is told in rooms with at most `--announce` users. A client that
 * may be in several rooms keeps a list of the members of each, so it is told more: of a user in a
 * large room before the user does anything there, and of the departure of each user that it was
 * told of. It is told only once of a user that renames or quits, however many rooms they share. No
 * room is told of a user that has never sent a line. Joins and leaves that follow each other too
 * fast are announced together.
 */
import { Loop } from "../../loop/loop";
import { Tally } from "../admin/tally";
import { Recipient } from "../delivery/recipient";
import { ChatEvent, UserJoined, UserLeft, UserQuit, UserRenamed } from "../protocol/events";
import { ChatSettings } from "../settings";
import { User } from "../users/user";
import { MemberLister, PendingAnnouncements } from "./pending_announcements";
import { Audience, Membership, Room } from "./room";

/** Adds events to the logs of their rooms. */
export interface EventRecorder {
  /** @param author the user whose words the event has, or null */
  recordEvent(room: Room, event: ChatEvent, author: User | null): void;
}

export class Presence implements MemberLister {
  /** The recorder of events; null while no client can replay them. */
  recorder: EventRecorder | null = null;
  /** The number of the last event for {@link Room.announceOnce}. */
  private lastNumber: u64 = 0;

  constructor(
    private loop: Loop,
    private settings: ChatSettings,
    private limits: Tally,
  ) {}

  /**
   * Tells the others in a room that a user joins it.
   *
   * @param membership the membership of the user, or null if it is not in the room yet
   * @returns false if the room is large, or the announcement must wait: see {@link deferJoining}
   */
  tellJoining(user: User, room: Room, membership: Membership | null = null): bool {
    const others = membership === null ? room.size : room.size - 1;
    if (others >= this.settings.announce || !this.pendingOf(room).countIfAllowed()) return false;
    // An operator may have made the members with several rooms list the user before.
    const isListed = membership !== null && membership.isListed;
    const audience = isListed ? Audience.ONE_ROOM : Audience.ALL;
    const joined = new UserJoined(user, room.name);
    if (!isListed) this.recordEvent(room, joined);
    room.announce(joined, audience, membership);
    return true;
  }

  /** Records an event before a room is told of it. */
  recordEvent(room: Room, event: ChatEvent, author: User | null = null): void {
    const recorder = this.recorder;
    if (recorder !== null && room.size > 0) recorder.recordEvent(room, event, author);
  }

  /**
   * Queues a join that {@link tellJoining} did not announce: it is announced with others once the
   * rate allows that. A large room is not told.
   */
  deferJoining(membership: Membership): void {
    if (membership.room.size > this.settings.announce) return;
    this.limits.add("announcements");
    this.pendingOf(membership.room).addJoined(membership);
  }

  /** Drops the announcement that a user has joined, if it waits: the room learns of a kick. */
  dropJoining(membership: Membership): void {
    const pending = membership.room.pending;
    if (pending !== null) (<PendingAnnouncements>pending).dropJoined(membership);
  }

  /**
   * Makes the members with several rooms list all members that are known to the room, before one of
   * them asks for a list.
   */
  listAll(members: Array<Membership>): void {
    for (let i = 0; i < members.length; i++) {
      if (members[i].isAnnounced) this.ensureListed(members[i]);
    }
  }

  /** Makes the members with several rooms list a user, before it does something in the room. */
  // @ts-ignore: decorator
  @inline
  ensureListed(membership: Membership): void {
    if (!membership.isListed) this.tellListed(membership);
  }

  private tellListed(membership: Membership): void {
    membership.isListed = true;
    const joined = new UserJoined(membership.user, membership.room.name);
    this.recordEvent(membership.room, joined);
    membership.room.announce(joined, Audience.SEVERAL_ROOMS, membership);
  }

  /**
   * Tells a room that a member has kicked a user, or changed the topic or the modes. In a large
   * room, of the clients with one room, only the member is told.
   *
   * @param author the user whose words the event contains: members that ignore this user do not get
   * it; null: all get it
   */
  tellOperation(membership: Membership, event: ChatEvent, author: User | null = null): void {
    const room = membership.room;
    const toOneRoom = room.size <= this.settings.announce;
    this.ensureListed(membership);
    this.recordEvent(room, event, author);
    if (toOneRoom) room.announce(event, Audience.ONE_ROOM, null, author);
    room.announce(event, Audience.SEVERAL_ROOMS, null, author);
    if (!toOneRoom && !membership._hasSeveralRooms) membership.recipient.send(event);
  }

  /**
   * Tells the rooms of a user that it has a new name. The user is told in any case.
   *
   * @param self the user as a client that may be in several rooms, or null
   * @param isPublic false if clients with one room must not notice
   */
  tellRenamed(
    user: User,
    before: string,
    memberships: Array<Membership>,
    self: Recipient | null,
    isPublic: bool,
  ): void {
    for (let i = 0; i < memberships.length; i++) {
      const one = memberships[i];
      const room = one.room;
      const event = new UserRenamed(user, before, room.name);
      if (isPublic && room.size <= this.settings.announce) room.announce(event, Audience.ONE_ROOM);
      else if (self === null) one.recipient.send(event);
    }
    const renamed = new UserRenamed(user, before, "");
    this.recordInAll(renamed, memberships);
    this.tellOnce(renamed, memberships, self);
  }

  /** Tells a room that a user has left. Call it after the user was removed. */
  tellLeft(membership: Membership, why: string): void {
    const left = new UserLeft(membership.user, membership.room.name, why);
    this.tellOneRoom(membership, left);
    if (!membership.isListed) return;
    this.recordEvent(membership.room, left);
    membership.room.announce(left, Audience.SEVERAL_ROOMS);
  }

  /** Tells the former rooms of a user that has left the server. */
  tellQuit(memberships: Array<Membership>, why: string): void {
    if (memberships.length == 0) return;
    for (let i = 0; i < memberships.length; i++) {
      const one = memberships[i];
      this.tellOneRoom(one, new UserLeft(one.user, one.room.name, why));
    }
    const quit = new UserQuit(memberships[0].user, why);
    this.recordInAll(quit, memberships);
    this.tellOnce(quit, memberships, null);
  }

  private recordInAll(event: ChatEvent, memberships: Array<Membership>): void {
    for (let i = 0; i < memberships.length; i++) {
      if (memberships[i].isListed) this.recordEvent(memberships[i].room, event);
    }
  }

  /**
   * Tells the clients with one room that a user has left it: now, or with others once the rate
   * allows.
   */
  private tellOneRoom(membership: Membership, left: UserLeft): void {
    const room = membership.room;
    if (!membership.isAnnounced) return;
    const pending = this.pendingOf(room);
    if (membership.isPending) {
      pending.addLeft(membership, left);
    } else if (room.size <= this.settings.announce) {
      if (pending.countIfAllowed()) {
        room.announce(left, Audience.ONE_ROOM);
        return;
      }
      this.limits.add("announcements");
      pending.addLeft(membership, left);
    }
  }

  private pendingOf(room: Room): PendingAnnouncements {
    const known = room.pending;
    if (known !== null) return <PendingAnnouncements>known;
    const pending = new PendingAnnouncements(room, this.loop, this.settings, this);
    room.pending = pending;
    return pending;
  }

  /**
   * Sends an event once to each client with several rooms that has a user in its lists.
   *
   * @param self a client that gets it in any case, or null
   */
  tellOnce(event: ChatEvent, memberships: Array<Membership>, self: Recipient | null): void {
    // Not by the groups: what the client's other rooms have written before must precede it.
    const number = ++this.lastNumber;
    if (self !== null) self.sendOnce(self.render(event), number);
    for (let i = 0; i < memberships.length; i++) {
      if (memberships[i].isListed) memberships[i].room.announceOnce(event, number);
    }
  }
}
