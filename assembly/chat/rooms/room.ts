/**
 * A room: users that get the same messages, each in its own protocol, with a topic and a history.
 *
 * Most members get them through a broadcast group, which all members with the same protocol share.
 * A member that ignores users is in no group: it gets its messages separately, since they differ
 * from those of all others.
 */
import { Task } from "../../loop/loop";
import { Connection } from "../../net/connection/connection";
import { BroadcastGroup, GroupMember } from "../delivery/broadcast_group";
import { DeliveryRound } from "../delivery/delivery_round";
import { Message } from "../delivery/message";
import { Recipient } from "../delivery/recipient";
import { ChatEvent } from "../protocol/events";
import { Protocol } from "../protocol/protocol";
import { ChatSettings } from "../settings";
import { User } from "../users/user";
import { EventLog } from "./event_log";
import { History } from "./history";
import { RoomFlag, RoomModes } from "./room_modes";
import { RoomRate } from "./room_rate";

/** A room remembers at most this many invited clients that have not entered. @limit clients */
export const INVITED_MOST: i32 = 100;

/** The members of a room that an event is for. */
export enum Audience {
  ALL = 0,
  /** The members whose protocol has one room at a time. */
  ONE_ROOM = 1,
  /** The members whose protocol may have several rooms at a time. */
  SEVERAL_ROOMS = 2,
}

/**
 * The membership of a user in a room. Its base class is the user's place in a broadcast group; a
 * membership may be in none.
 */
export class Membership extends GroupMember {
  /**
   * True once the user counts as announced: then its departure is announced, too, if the room is
   * not too large for announcements.
   */
  isAnnounced: bool = false;
  /**
   * True once the members with several rooms have been told of the user: then they have it in their
   * lists, and are told of its departure.
   */
  isListed: bool = false;
  /** True while the announcement that the user has joined waits. */
  isPending: bool = false;
  /**
   * True while the user is outside the broadcast groups and gets each event separately, since the
   * events are part of the answer to its line.
   */
  isUngrouped: bool = false;
  /** True once the user has done something here that counts for the rate of the room. */
  isSpeaker: bool = false;
  /** True for an operator of the room. */
  isOperator: bool = false;
  /** True if the user may speak while the room is moderated. */
  isVoiced: bool = false;
  /** True if a ban matched the user at {@link _rulesRevision}. */
  _isBanned: bool = false;
  /** The revision of the room's modes for which {@link _isBanned} was computed. */
  _rulesRevision: u32 = 0;
  /** True if its protocol is one for clients with several rooms. */
  _hasSeveralRooms: bool = false;

  constructor(
    public room: Room,
    public user: User,
    connection: Connection,
    /** The session, for events and messages that only this user gets. */
    public recipient: Recipient,
  ) {
    super(connection);
  }
}

/** A listener for the removal of rooms while the server runs. */
export interface RemovalListener {
  onRoomRemoved(room: Room): void;
}

export class Room {
  topic: string = "";
  /** The name of the user that set the topic; empty: unknown. */
  topicAuthor: string = "";
  /** The time at which the topic was set, in seconds since 1970; 0: unknown. */
  topicSetAt: i64 = 0;
  /** The time at which the first user entered the empty room, in seconds since 1970. */
  createdAt: i64 = 0;
  modes: RoomModes = new RoomModes();
  history: History;
  events: EventLog = new EventLog();
  nameBytes: ArrayBuffer;
  /** The tick in which the last user left. */
  emptySince: u64 = 0;
  /**
   * The time until which speakers here are throttled by a slow consumer, in nanoseconds of the
   * loop's clock.
   */
  throttledUntil: u64 = 0;
  /** The rate limit of all its speakers together. */
  rate: RoomRate = new RoomRate();
  /** The pending joins and leaves, a {@link PendingAnnouncements}; null before the first one. */
  pending: Task | null = null;
  /** The number of users. */
  size: i32 = 0;
  /** The number of users that share the rate. */
  speakers: i32 = 0;
  /** The groups: one for each protocol that a member has had, sorted by style. */
  private groups: Array<BroadcastGroup> = [];
  /** The ids of the sessions that may enter once, the oldest first. */
  private invited: Array<u64> = [];
  /** The members without a group. */
  private ungrouped: Array<Membership> = [];

  constructor(
    public name: string,
    private round: DeliveryRound,
    private settings: ChatSettings,
  ) {
    this.nameBytes = String.UTF8.encode(name);
    this.history = new History(settings.history);
  }

  /** True if the room has never had a message, and has no topic. */
  get isUnused(): bool {
    return this.topic == "" && this.history.newestId == 0;
  }

  /** True if only members may learn of the room. */
  get isSecret(): bool {
    return this.modes.has(RoomFlag.SECRET);
  }

  /** Forgets modes, events and invitations, so that the next user enters a new room. */
  reset(): void {
    this.modes = new RoomModes();
    this.events.clear();
    this.invited = [];
  }

  /** Lets a session enter once. The oldest invitation goes if there are too many. */
  invite(sessionId: u64): void {
    this.withdrawInvitation(sessionId);
    if (this.invited.length >= INVITED_MOST) this.invited.shift();
    this.invited.push(sessionId);
  }

  isInvited(sessionId: u64): bool {
    return this.invited.includes(sessionId);
  }

  /** Ends an invitation, if there is one. */
  withdrawInvitation(sessionId: u64): void {
    const index = this.invited.indexOf(sessionId);
    if (index >= 0) this.invited.splice(index, 1);
  }

  /** Adds a user. It gets what is written here from now on. */
  addMember(membership: Membership, protocol: Protocol): void {
    assert(membership.room === this, "a membership is of another room");
    this.size++;
    if (membership.isSpeaker) this.speakers++;
    membership._hasSeveralRooms = protocol.hasSeveralRooms;
    if (membership.isUngrouped || membership.user.ignored.size > 0) this.ungrouped.push(membership);
    else this.groupOf(protocol).addMember(membership);
  }

  /** Removes a user. It still gets what was written until now. */
  removeMember(membership: Membership): void {
    const group = membership._group;
    if (group !== null) {
      group.removeMember(membership);
    } else {
      const index = this.ungrouped.indexOf(membership);
      assert(index >= 0, "a user leaves a room that it is not in");
      this.ungrouped.splice(index, 1);
    }
    this.size--;
    if (membership.isSpeaker) this.speakers--;
  }

  /** Counts a user that does something here for the first time. */
  addSpeaker(membership: Membership): void {
    membership.isSpeaker = true;
    this.speakers++;
  }

  /** Returns at most `most` memberships, in no particular order. */
  listMembers(most: i32 = i32.MAX_VALUE): Array<Membership> {
    const members = this.ungrouped.slice(0, most);
    for (let i = 0; i < this.groups.length; i++) {
      const group = this.groups[i];
      const wanted = min(group.size, most - members.length);
      for (let j = 0; j < wanted; j++) members.push(<Membership>group.memberAt(j));
    }
    return members;
  }

  /**
   * Sends a message to all users here, with its speaker, and adds it to the history.
   *
   * @param except a member that does not get it, or null
   */
  deliverMessage(message: Message, speaker: User, except: Membership | null = null): void {
    const history = this.history;
    history.lines = this.settings.history;
    history.addMessage(message);
    if (except !== null) except.queueWritten();
    const groups = this.groups;
    for (let i = 0, count = groups.length; i < count; i++) {
      const group = unchecked(groups[i]);
      if (group.size > 0) group.writeMessage(message);
    }
    if (except !== null) except.skipWritten();
    const ungrouped = this.ungrouped;
    for (let i = 0; i < ungrouped.length; i++) {
      const one = ungrouped[i];
      if (one === except) continue;
      if (!one.user.ignored.has(speaker.id)) one.recipient.sendMessage(message, false);
    }
  }

  /**
   * Sends an event to some users here, except those whose protocol shows messages only.
   *
   * @param except a member that does not get it, or null
   * @param author the user whose words the event contains: members that ignore this user do not get
   * it; null: all get it
   */
  announce(
    event: ChatEvent,
    audience: Audience = Audience.ALL,
    except: Membership | null = null,
    author: User | null = null,
  ): void {
    if (except !== null) except.queueWritten();
    for (let i = 0; i < this.groups.length; i++) {
      const group = this.groups[i];
      const protocol = group.protocol;
      if (group.size == 0 || !protocol.tellsRoomEvents) continue;
      if (isMeant(audience, protocol.hasSeveralRooms)) group.writeEvent(event);
    }
    if (except !== null) except.skipWritten();
    for (let i = 0; i < this.ungrouped.length; i++) {
      const one = this.ungrouped[i];
      if (author !== null && one.user.ignored.has(author.id)) continue;
      if (one !== except && isMeant(audience, one._hasSeveralRooms)) one.recipient.send(event);
    }
  }

  /**
   * Sends an event to the users here that may be in several rooms, unless they have got an event
   * with this number before.
   *
   * @param number as for {@link Recipient.sendOnce}
   */
  announceOnce(event: ChatEvent, number: u64): void {
    for (let i = 0; i < this.groups.length; i++) {
      const group = this.groups[i];
      if (group.size == 0 || !group.protocol.hasSeveralRooms) continue;
      const text = group.protocol.render(event);
      for (let j = 0; j < group.size; j++) {
        (<Membership>group.memberAt(j)).recipient.sendOnce(text, number);
      }
    }
    for (let i = 0; i < this.ungrouped.length; i++) {
      const one = this.ungrouped[i];
      if (one._hasSeveralRooms) one.recipient.sendOnce(one.recipient.render(event), number);
    }
  }

  /** Returns the group of a protocol, and creates it for its first member. */
  private groupOf(protocol: Protocol): BroadcastGroup {
    for (let i = 0; i < this.groups.length; i++) {
      if (this.groups[i].protocol === protocol) return this.groups[i];
    }
    const group = new BroadcastGroup(protocol, this.round);
    this.groups.push(group);
    this.groups.sort((one, two) => one.protocol.style - two.protocol.style);
    return group;
  }
}

function isMeant(audience: Audience, hasSeveralRooms: bool): bool {
  return audience == Audience.ALL || (audience == Audience.SEVERAL_ROOMS) == hasSeveralRooms;
}
