/** Who is let in, and who is not: at the door, and when an operator shuts it on somebody. */
import { CloseReason } from "../../net/connection/close_reason";
import { rangeOfPeer } from "../../text/ip_range";
import { Penalty } from "./penalties";
import { ChatServer } from "../server";
import { Session } from "../session/session";

export class Admission {
  constructor(private server: ChatServer) {}

  /** Lets somebody in, or closes it with the reason. @returns whether it is in */
  admits(session: Session): bool {
    const server = this.server;
    const ban = server.bans.ofPeer(session.remote, server.now);
    if (ban !== null) {
      this.turnAway(session, ban);
      return false;
    }
    // People count, not connections: one that is on the way out takes no place.
    if (server.users.size >= server.settings.clients) {
      return this.refuse(session, "people", CloseReason.FULL);
    }
    if (!session.connection.locate(session.remote)) {
      return this.refuse(session, "per address", CloseReason.CROWDED);
    }
    session.mute = this.muteOf(session);
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
      found[i].mute = longest === null ? mute : longest;
      found[i].isMute();
    }
    return found.length;
  }

  /** All who are meant are heard again, unless by another mute. */
  unmute(mute: Penalty): void {
    const found = this.all(mute);
    for (let i = 0; i < found.length; i++) {
      found[i].mute = this.muteOf(found[i]);
      if (found[i].mute === null) found[i].tell("you are heard again");
    }
  }

  /** Finds the mute of a session that ends last. @returns null if it has none */
  muteOf(session: Session): Penalty | null {
    return this.server.mutes.longest(session.name, session.remote, this.server.now);
  }

  /** Those here whom it is for, or whom it has been for before they changed their names. */
  private all(penalty: Penalty): Array<Session> {
    const users = this.server.users.all();
    const found: Array<Session> = [];
    for (let i = 0; i < users.length; i++) {
      const one = users[i];
      const mute = one.mute;
      const isMeant = penalty.hits(one.key, rangeOfPeer(one.remote));
      if (isMeant || (mute !== null && mute.key == penalty.key)) found.push(one);
    }
    return found;
  }

  private turnAway(session: Session, ban: Penalty): void {
    session.parting = ban.describe(this.server.now);
    session.connection.close(CloseReason.BANNED);
  }

  private refuse(session: Session, limit: string, reason: CloseReason): bool {
    this.server.statistics.limits.add(limit);
    session.connection.close(reason);
    return false;
  }
}
