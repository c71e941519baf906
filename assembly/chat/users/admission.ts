/** Decides which clients may come in and which users are heard: limits, bans and mutes. */
import { CloseReason } from "../../net/connection/close_reason";
import { rangeOfPeer } from "../../text/ip_range";
import { Penalties, Penalty } from "./penalties";
import { Session } from "../session/session";
import { UserDirectory } from "./user_directory";
import { CalendarClock } from "../calendar_clock";
import { Counters } from "../admin/counters";
import { ChatSettings } from "../settings";

export class Admission {
  bans: Penalties = new Penalties();
  mutes: Penalties = new Penalties();

  constructor(
    private users: UserDirectory,
    private settings: ChatSettings,
    private counters: Counters,
    private clock: CalendarClock,
  ) {}

  /** Lets a client in, or closes it with the reason. @returns whether it is in */
  admit(session: Session): bool {
    const ban = this.bans.ofPeer(session.remote, this.clock.now);
    if (ban !== null) {
      this.closeFor(session, ban);
      return false;
    }
    // Users count, not connections: a connection that is being closed takes no place.
    if (this.users.size >= this.settings.clients) {
      return this.closeAtLimit(session, "people", CloseReason.FULL);
    }
    if (!session.connection.locate(session.remote)) {
      return this.closeAtLimit(session, "per address", CloseReason.CROWDED);
    }
    session.user.mute = this.muteOf(session);
    return true;
  }

  /** Closes the users that a ban is for. @returns how many */
  closeBanned(ban: Penalty): i32 {
    const found = this.findMatching(ban);
    for (let i = 0; i < found.length; i++) this.closeFor(found[i], ban);
    return found.length;
  }

  /** Mutes the users that a mute is for, and tells them. @returns how many */
  applyMute(mute: Penalty): i32 {
    const found = this.findMatching(mute);
    for (let i = 0; i < found.length; i++) {
      // Another one may last longer.
      const longest = this.muteOf(found[i]);
      found[i].user.mute = longest === null ? mute : longest;
      this.refusesMute(found[i]);
    }
    return found.length;
  }

  /** The users that a mute was for are heard again, unless another mute is for them. */
  liftMute(mute: Penalty): void {
    const found = this.findMatching(mute);
    for (let i = 0; i < found.length; i++) {
      found[i].user.mute = this.muteOf(found[i]);
      if (found[i].user.mute === null) found[i].tell("you are heard again");
    }
  }

  /** Whether nobody is to hear a user; if so, the user is told. */
  refusesMute(session: Session): bool {
    let mute = session.user.mute;
    if (mute === null) return false;
    const now = this.clock.now;
    if (mute.isOver(now)) {
      mute = this.muteOf(session);
      session.user.mute = mute;
      if (mute === null) return false;
    }
    session.refuse("mute", `nobody hears you: you are mute ${mute.describe(now)}`);
    return true;
  }

  /** Finds the mute of a session that ends last. @returns null if it has none */
  muteOf(session: Session): Penalty | null {
    return this.mutes.longest(session.user.name, session.remote, this.clock.now);
  }

  /** @returns the users that a penalty is for, or was for before they changed their names */
  private findMatching(penalty: Penalty): Array<Session> {
    const users = this.users.all();
    const found: Array<Session> = [];
    for (let i = 0; i < users.length; i++) {
      const one = users[i];
      const mute = one.user.mute;
      const isMeant = penalty.hits(one.user.key, rangeOfPeer(one.remote));
      if (isMeant || (mute !== null && mute.key == penalty.key)) found.push(one);
    }
    return found;
  }

  private closeFor(session: Session, ban: Penalty): void {
    session.parting = ban.describe(this.clock.now);
    session.connection.close(CloseReason.BANNED);
  }

  private closeAtLimit(session: Session, limit: string, reason: CloseReason): bool {
    this.counters.limits.add(limit);
    session.connection.close(reason);
    return false;
  }
}
