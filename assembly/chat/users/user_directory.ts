/** The sessions of all users that were let in, by name. Two names that look alike are one. */
import { nameKey } from "./name_key";
import { Session } from "../session/session";

export class UserDirectory {
  private byKey: Map<string, Session> = new Map();
  private byId: Map<u64, Session> = new Map();

  get size(): i32 {
    return this.byKey.size;
  }

  /** @returns all, in the order in which they came or changed their names */
  all(): Array<Session> {
    return this.byKey.values();
  }

  /** Whether a session is here, under whatever name. */
  has(session: Session): bool {
    return this.byKey.has(session.user.key) && this.byKey.get(session.user.key) === session;
  }

  /** @returns the session of the user of that name; null if there is none */
  find(name: string): Session | null {
    const key = nameKey(name);
    return this.byKey.has(key) ? this.byKey.get(key) : null;
  }

  /** @returns the session of that id, under whatever name; null if it has left */
  findById(id: u64): Session | null {
    return this.byId.has(id) ? this.byId.get(id) : null;
  }

  add(session: Session): void {
    assert(!this.byKey.has(session.user.key), "two users of one name");
    this.byKey.set(session.user.key, session);
    this.byId.set(session.id, session);
  }

  remove(session: Session): void {
    this.byKey.delete(session.user.key);
    this.byId.delete(session.id);
  }

  /** Asserts what holds between two handlers: a listed session is open, and is in a room. */
  assertConsistent(): void {
    const users = this.all();
    for (let i = 0; i < users.length; i++) {
      assert(users[i].connection.isOpen, "a session is listed that is not open");
      assert(users[i].current !== null, "a session is listed that is in no room");
    }
  }

  /** Gives a session a name that is free. */
  rename(session: Session, name: string): void {
    this.remove(session);
    session.user.setName(name);
    this.add(session);
  }
}
