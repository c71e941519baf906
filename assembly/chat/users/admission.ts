/** Decides which clients are admitted and which users are heard, by limits, bans and mutes. */
import { CloseReason } from "../../net/connection/close_reason";
import { rangeOfPeer, remoteSubscriberOf } from "../../text/ip_range";
import { Penalties, Penalty } from "./penalties";
import { SILENT_SECONDS } from "../limits";
import { Session } from "../session/session";
import { UserDirectory } from "./user_directory";
import { CalendarClock } from "../calendar_clock";
import { Counters } from "../admin/counters";
import { ChatSettings } from "../settings";
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";

export class Admission {
  bans: Penalties = new Penalties();
  mutes: Penalties = new Penalties();
  /**
   * A lower bound of the times at which the users that have said nothing connected, in nanoseconds
   * of the loop's clock. Before it has passed, a search finds no such user.
   */
  private silentSince: u64 = u64.MAX_VALUE;

  constructor(
    private users: UserDirectory,
    private settings: ChatSettings,
    private counters: Counters,
    private clock: CalendarClock,
  ) {}

  /** Admits a client, or closes it with a reason. @returns true if it is admitted */
  admit(session: Session): bool {
    const ban = this.bans.findByPeer(session.remote, this.clock.now);
    if (ban !== null) {
      this.closeFor(session, ban);
      return false;
    }
    // Users are counted, not connections: a closing connection does not count.
    if (this.users.size >= this.settings.clients && !this.makePlace(session)) {
      return this.closeAtLimit(session, "people", CloseReason.FULL);
    }
    if (!session.connection.setPeer(session.remote)) {
      return this.closeAtLimit(session, "per address", CloseReason.CROWDED);
    }
    session.user.mute = this.muteOf(session);
    this.silentSince = min(this.silentSince, session.since);
    return true;
  }

  /**
   * Closes the client that has been silent for the longest time since it connected, if that is at
   * least {@link SILENT_SECONDS}.
   *
   * @returns false if there is none
   */
  private makePlace(newcomer: Session): bool {
    const least =
      newcomer.since - min(newcomer.since, <u64>SILENT_SECONDS * NANOSECONDS_PER_SECOND);
    if (this.silentSince > least) return false;
    const users = this.users.all();
    let oldest: Session | null = null;
    for (let i = 0; i < users.length; i++) {
      const one = users[i];
      if (!one.hasSpoken && (oldest === null || one.id < oldest.id)) oldest = one;
    }
    this.silentSince = oldest === null ? u64.MAX_VALUE : oldest.since;
    if (oldest === null || oldest.since > least) return false;
    oldest.connection.close(CloseReason.SILENT);
    return true;
  }

  /**
   * Returns the name of a penalty with the address of the user that has it, so that the penalty
   * still matches when the client comes back under another name. Addresses of this machine may be
   * a proxy's, so they are left out. Any other text is returned as it is.
   */
  nameWithAddress(who: string): string {
    const person = new Penalty(who, 0, "").range === null ? this.users.find(who) : null;
    const address = person === null ? "" : remoteSubscriberOf(person.remote);
    return address == "" ? who : `${who}@${address}`;
  }

  /** Closes all users that a ban matches. @returns their number */
  closeBanned(ban: Penalty): i32 {
    const found = this.findMatching(ban);
    for (let i = 0; i < found.length; i++) this.closeFor(found[i], ban);
    return found.length;
  }

  /** Mutes all users that a mute matches, and tells them. @returns their number */
  applyMute(mute: Penalty): i32 {
    const found = this.findMatching(mute);
    for (let i = 0; i < found.length; i++) {
      // The user may have another mute that lasts longer.
      const longest = this.muteOf(found[i]);
      found[i].user.mute = longest === null ? mute : longest;
      this.refusesMuted(found[i]);
    }
    return found.length;
  }

  /** Unmutes the users that a mute matched, unless another one matches them. */
  liftMute(mute: Penalty): void {
    const found = this.findMatching(mute);
    for (let i = 0; i < found.length; i++) {
      found[i].user.mute = this.muteOf(found[i]);
      if (found[i].user.mute === null) found[i].tell("you are heard again");
    }
  }

  /**
   * Tells a user that it may not speak, if it is muted.
   *
   * @returns false if the user is not muted
   */
  refusesMuted(session: Session): bool {
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

  /** Returns the mute of a session, or null; if several match it, the one that ends last. */
  muteOf(session: Session): Penalty | null {
    return this.mutes.findLongest(session.user.name, session.remote, this.clock.now);
  }

  /** Returns the users that a penalty matches, or matched before they changed their names. */
  private findMatching(penalty: Penalty): Array<Session> {
    const users = this.users.all();
    const found: Array<Session> = [];
    for (let i = 0; i < users.length; i++) {
      const one = users[i];
      const mute = one.user.mute;
      const isMeant = penalty.matches(one.user.key, rangeOfPeer(one.remote));
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
