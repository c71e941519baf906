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
  admits(session: Session): bool {
    const ban = this.bans.ofPeer(session.remote, this.clock.now);
    if (ban !== null) {
      this.turnAway(session, ban);
      return false;
    }
    // People count, not connections: one that is on the way out takes no place.
    if (this.users.size >= this.settings.clients) {
      return this.refuse(session, "people", CloseReason.FULL);
    }
    if (!session.connection.locate(session.remote)) {
      return this.refuse(session, "per address", CloseReason.CROWDED);
    }
    session.user.mute = this.muteOf(session);
    return true;
  }

  /** Closes all who are meant. @returns how many */
  ban(ban: Penalty): i32 {
    const found = this.all(ban);
    for (let i = 0; i < found.length; i++) this.turnAway(found[i], ban);
    return found.length;
  }

  /** Nobody hears any more who is meant. @returns how many */
  mute(mute: Penalty): i32 {
    const found = this.all(mute);
    for (let i = 0; i < found.length; i++) {
      // Another one may last longer.
      const longest = this.muteOf(found[i]);
      found[i].user.mute = longest === null ? mute : longest;
      this.refusesMute(found[i]);
    }
    return found.length;
  }

  /** All who are meant are heard again, unless by another mute. */
  unmute(mute: Penalty): void {
    const found = this.all(mute);
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

  /** Those here whom it is for, or whom it has been for before they changed their names. */
  private all(penalty: Penalty): Array<Session> {
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

  private turnAway(session: Session, ban: Penalty): void {
    session.parting = ban.describe(this.clock.now);
    session.connection.close(CloseReason.BANNED);
  }

  private refuse(session: Session, limit: string, reason: CloseReason): bool {
    this.counters.limits.add(limit);
    session.connection.close(reason);
    return false;
  }
}
