/** The state that all commands of IRC share. */
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";
import { Chat } from "../chat";
import { IrcEvent } from "../protocol/irc_event";
import { ChatEvent } from "../protocol/events";
import { Capability, FORM_CAPABILITIES } from "../protocol/irc/capabilities";
import { IrcLine } from "../protocol/irc/irc_line";
import { IrcContext, IrcProtocol } from "../protocol/irc/irc_protocol";
import { Membership, Room } from "../rooms/room";
import { Session } from "../session/session";
import { UserObserver } from "../users/user_directory";
import { IrcSession } from "./irc_session";
import { IrcSettings } from "./irc_settings";
import { Watchers } from "./watchers";
import { Whowas } from "./whowas";

export class Irc implements UserObserver {
  context: IrcContext;
  settings: IrcSettings;
  /** The line that is being handled. */
  line: IrcLine = new IrcLine();
  whowas: Whowas = new Whowas();
  watchers: Watchers;
  /** The number of clients that have not registered yet. */
  unregistered: i32 = 0;
  /** The most users at a time so far. */
  usersMost: i32 = 0;
  private forms: Map<u32, IrcProtocol> = new Map();
  private lastBatch: u32 = 0;

  constructor(
    public chat: Chat,
    public version: string,
  ) {
    const settings = chat.settings.irc;
    const context = new IrcContext(chat.clock, settings.name, chat.epoch);
    this.settings = settings;
    this.context = context;
    this.watchers = new Watchers(context);
    chat.users.observer = this;
  }

  onNameTaken(session: Session): void {
    this.usersMost = max(this.usersMost, this.chat.users.size);
    this.watchers.tellNameTaken(session.user);
  }

  onNameFreed(session: Session, name: string): void {
    this.whowas.add(name, session.user, this.chat.now);
    this.watchers.tellNameFreed(name);
  }

  /** Tells the clients that watch a user of a change, except those that share a room with it. */
  onUserChanged(session: Session, event: ChatEvent): void {
    const all = this.watchers.watchersOf(session.user.name);
    for (let i = 0; i < all.length; i++) {
      const one = all[i].session;
      if (one.hasCapability(Capability.EXTENDED_MONITOR) && !sharesRoom(one, session))
        one.send(event);
    }
  }

  /**
   * Returns the protocol for clients with these capabilities. All clients with the same
   * capabilities share one protocol.
   */
  protocolFor(capabilities: u32): IrcProtocol {
    const set = capabilities & FORM_CAPABILITIES;
    if (!this.forms.has(set)) this.forms.set(set, new IrcProtocol(this.context, set));
    return this.forms.get(set);
  }

  /** Returns a name for a batch. */
  nextBatch(): string {
    return (++this.lastBatch).toString(36);
  }

  /** Returns the session of the user with this nick, or null after telling the client. */
  findUser(session: IrcSession, nick: string): Session | null {
    const found = this.chat.users.find(nick);
    if (found === null) session.sendNumeric("401", nick, "No such nick");
    return found;
  }

  /** Returns the room of a channel, or null. */
  findRoom(channel: string): Room | null {
    return channel.startsWith("#") ? this.chat.rooms.find(channel.substring(1)) : null;
  }

  /** Returns the membership of a client in a channel, or null after telling the client. */
  findMembership(session: IrcSession, channel: string): Membership | null {
    const room = this.findRoom(channel);
    if (room === null) {
      session.sendNumeric("403", channel, "No such channel");
      return null;
    }
    const membership = session.membershipIn(room);
    if (membership === null) session.sendNumeric("442", channel, "You're not on that channel");
    return membership;
  }

  /** Tells the clients that share a room with a user, and the user itself, of a change. */
  tellChange(user: IrcSession, event: IrcEvent): void {
    this.chat.presence.tellOnce(event, user.memberships, user);
    this.onUserChanged(user, event);
  }

  /** Returns the time since a user's last message, in seconds; 0 for clients without IRC. */
  idleSeconds(one: Session): u64 {
    if (!(one instanceof IrcSession)) return 0;
    return (this.chat.loop.now - (<IrcSession>one).spokeAt) / NANOSECONDS_PER_SECOND;
  }
}

function sharesRoom(one: Session, other: Session): bool {
  if (one === other) return true;
  for (let i = 0; i < other.memberships.length; i++) {
    const membership = other.memberships[i];
    if (membership.isListed && one.membershipIn(membership.room) !== null) return true;
  }
  return false;
}
