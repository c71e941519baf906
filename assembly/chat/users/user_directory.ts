/** Everybody by name. Two names that look alike are one. */
import { nameKey } from "./name_key";
import { Session } from "../session/session";

export class UserDirectory {
  private byKey: Map<string, Session> = new Map();
  private byId: Map<u64, Session> = new Map();

  get size(): i32 {
    return this.byKey.size;
  }

  /** Everybody, in the order in which they came or changed their names. */
  all(): Array<Session> {
    return this.byKey.values();
  }

  /** Whether somebody is here, under whatever name. */
  has(session: Session): bool {
    return this.byKey.has(session.key) && this.byKey.get(session.key) === session;
  }

  find(name: string): Session | null {
    const key = nameKey(name);
    return this.byKey.has(key) ? this.byKey.get(key) : null;
  }

  /** The session of that id, under whatever name; null if it has left. */
  withId(id: u64): Session | null {
    return this.byId.has(id) ? this.byId.get(id) : null;
  }

  add(session: Session): void {
    assert(!this.byKey.has(session.key), "two people of one name");
    this.byKey.set(session.key, session);
    this.byId.set(session.id, session);
  }

  remove(session: Session): void {
    this.byKey.delete(session.key);
    this.byId.delete(session.id);
  }

  /** Asserts what holds between two handlers: who is listed is open, and is in a room. */
  assertConsistent(): void {
    const users = this.all();
    for (let i = 0; i < users.length; i++) {
      assert(users[i].connection.isOpen, "a session is listed that is not open");
      assert(users[i].room !== null, "a session is listed that is in no room");
    }
  }

  /** Gives a session a name that is free. */
  rename(session: Session, name: string): void {
    this.remove(session);
    session.setName(name);
    this.add(session);
  }
}
