/**
 * A room: users that hear the same, each in a protocol of its own, with a topic and a history.
 *
 * Most hear through a broadcast group that they share with all others of their protocol. A user
 * that ignores others hears alone, since no one else hears just that.
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

/** That a user is in a room, and the broadcast group through which it hears, if it has one. */
export class Membership extends GroupMember {
  /** Whether the room has been told that the user is there: then it is told of its leaving. */
  isAnnounced: bool = false;

  constructor(
    public room: Room,
    public user: User,
    connection: Connection,
    /** Who is told what only this user hears. */
    public recipient: Recipient,
  ) {
    super(connection);
  }
}

export class Room {
  topic: string = "";
  history: History;
  nameBytes: ArrayBuffer;
  /** Tick at which the last user left. */
  emptySince: u64 = 0;
  /** Until when speakers here wait for a slow consumer; in nanoseconds of the loop's clock. */
  throttledUntil: u64 = 0;
  /** Users in it. */
  size: i32 = 0;
  /** One for each protocol that a user here has had, in the order of the protocols' styles. */
  private groups: Array<BroadcastGroup> = [];
  /** Members that hear alone. */
  private alone: Array<Membership> = [];

  constructor(
    public name: string,
    private round: DeliveryRound,
    private settings: ChatSettings,
  ) {
    this.nameBytes = String.UTF8.encode(name);
    this.history = new History(settings.history);
  }

  /** Adds a user, which from now on hears what is said here. */
  addMember(membership: Membership, protocol: Protocol): void {
    assert(membership.room === this, "a membership is of another room");
    this.size++;
    if (membership.user.ignored.size > 0) this.alone.push(membership);
    else this.groupOf(protocol).addMember(membership);
  }

  /** Removes a user, which is still owed what was said until now. */
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

  /** @returns the users in it, in no particular order, `most` of them at most */
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

  /** Says a message to all users here, its speaker included, and remembers it. */
  deliverMessage(message: Message, speaker: User): void {
    this.history.lines = this.settings.history;
    this.history.add(message);
    for (let i = 0; i < this.groups.length; i++) {
      const group = unchecked(this.groups[i]);
      if (group.size > 0) group.writeMessage(message);
    }
    for (let i = 0; i < this.alone.length; i++) {
      const one = this.alone[i];
      if (one.user === speaker || !one.user.ignored.has(speaker.key))
        one.recipient.sendMessage(message, false);
    }
  }

  /** Tells all users here what has happened, but for those whose protocol tells only messages. */
  announce(event: ChatEvent): void {
    for (let i = 0; i < this.groups.length; i++) {
      const group = this.groups[i];
      if (group.size > 0 && group.protocol.tellsRoomEvents) group.writeEvent(event);
    }
    for (let i = 0; i < this.alone.length; i++) this.alone[i].recipient.send(event);
  }

  /** @returns the group of this protocol, which is made for the first user that has it */
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
