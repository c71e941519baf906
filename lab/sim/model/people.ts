/** The users by the keys of their names, and the former holders of each name. */
import type { Session } from "./session.js";

export class People extends Map<string, Session> {
  /**
   * The last user that gave up each name, by the name's key, with the newest arrival at that time.
   */
  readonly formerHolders = new Map<string, { session: Session; newest: number }>();
  #newest = 0;

  list(session: Session): void {
    this.set(session.key, session);
    this.#newest = Math.max(this.#newest, session.arrival);
  }

  /** Removes a user, if it is listed. */
  unlist(session: Session): void {
    const { key } = session;
    if (this.get(key) !== session) return;
    this.delete(key);
    if (session.hasChosenName) this.formerHolders.set(key, { session, newest: this.#newest });
  }
}
