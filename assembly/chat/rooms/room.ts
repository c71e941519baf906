/**
 * A room: users that get the same messages, each in its own protocol, with a topic and a history.
 *
 * Most members get them through a broadcast group, which all members with the same protocol share.
 * A member that ignores users is sent its messages alone, since they differ from all others'.
 */
import { Connection } from "../../net/connection/connection";
import { BroadcastGroup, GroupMember } from "../delivery/broadcast_group";
import { DeliveryRound } from "../delivery/delivery_round";
import { Message } from "../delivery/message";
import { Recipient } from "../delivery/recipient";
import { ChatEvent } from "../protocol/events";
import { Protocol } from "../protocol/protocol";
import { ChatSettings } from "../settings";
import { User } from "../users/user";
import { History } from "./history";

/**
 * The membership of a user in a room. Its base class is the membership in a broadcast group, if it
 * has one.
 */
export class Membership extends GroupMember {
  /** True once the room has been told of the user; then it is told of the departure, too. */
  isAnnounced: bool = false;

  constructor(
    public room: Room,
    public user: User,
    connection: Connection,
    /** The session, for what only this user gets. */
    public recipient: Recipient,
  ) {
    super(connection);
  }
}

export class Room {
  topic: string = "";
  history: History;
  nameBytes: ArrayBuffer;
  /** The tick in which the last user left. */
  emptySince: u64 = 0;
  /**
   * The time until which speakers here are throttled by a slow consumer, in nanoseconds of the
   * loop's clock.
   */
  throttledUntil: u64 = 0;
  /** The number of users. */
  size: i32 = 0;
  /** The groups: one for each protocol that a member has had, sorted by style. */
  private groups: Array<BroadcastGroup> = [];
  /** The members without a group. */
  private alone: Array<Membership> = [];

  constructor(
    public name: string,
    private round: DeliveryRound,
    private settings: ChatSettings,
  ) {
    this.nameBytes = String.UTF8.encode(name);
    this.history = new History(settings.history);
  }

  /** Adds a user. It gets what is written here from now on. */
  addMember(membership: Membership, protocol: Protocol): void {
    assert(membership.room === this, "a membership is of another room");
    this.size++;
    if (membership.user.ignored.size > 0) this.alone.push(membership);
    else this.groupOf(protocol).addMember(membership);
  }

  /** Removes a user. It still gets what was written until now. */
  removeMember(membership: Membership): void {
    const group = membership._group;
    if (group !== null) {
      group.removeMember(membership);
    } else {
      const index = this.alone.indexOf(membership);
      assert(index >= 0, "a user leaves a room that it is not in");
      this.alone.splice(index, 1);
    }
    this.size--;
  }

  /** Returns at most `most` users, in no particular order. */
  listUsers(most: i32 = i32.MAX_VALUE): Array<User> {
    const users: Array<User> = [];
    for (let i = 0; i < min(this.alone.length, most); i++) users.push(this.alone[i].user);
    for (let i = 0; i < this.groups.length; i++) {
      const group = this.groups[i];
      const wanted = min(group.size, most - users.length);
      for (let j = 0; j < wanted; j++) users.push((<Membership>group.memberAt(j)).user);
    }
    return users;
  }

  /** Sends a message to all users here, with its speaker, and adds it to the history. */
  deliverMessage(message: Message, speaker: User): void {
    const history = this.history;
    history.lines = this.settings.history;
    history.add(message);
    const groups = this.groups;
    for (let i = 0, count = groups.length; i < count; i++) {
      const group = unchecked(groups[i]);
      if (group.size > 0) group.writeMessage(message);
    }
    const alone = this.alone;
    for (let i = 0; i < alone.length; i++) {
      const one = alone[i];
      if (one.user === speaker || !one.user.ignored.has(speaker.key))
        one.recipient.sendMessage(message, false);
    }
  }

  /** Sends an event to all users here, except those whose protocol shows messages only. */
  announce(event: ChatEvent): void {
    for (let i = 0; i < this.groups.length; i++) {
      const group = this.groups[i];
      if (group.size > 0 && group.protocol.tellsRoomEvents) group.writeEvent(event);
    }
    for (let i = 0; i < this.alone.length; i++) this.alone[i].recipient.send(event);
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
