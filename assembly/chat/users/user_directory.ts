/** Finds the sessions of all admitted users: by the key of the user's name, or by their own id. */
import { FormerHolders } from "./former_holders";
import { ChatEvent } from "../protocol/events";
import { NameIndex } from "./name_index";
import { nameKey } from "./name_key";
import { Session } from "../session/session";

/** An observer of a directory. */
export interface UserObserver {
  /** Reports that a user has a name now: it was added or renamed. */
  onNameTaken(session: Session): void;
  /** Reports a name that has become free. */
  onNameFreed(session: Session, name: string): void;
  /** Reports a change of a user that is not about a room. */
  onUserChanged(session: Session, event: ChatEvent): void;
}

export class UserDirectory {
  /** The observer of all changes; null if there is none. */
  observer: UserObserver | null = null;
  private byName: NameIndex<Session> = new NameIndex();
  private byId: Map<u64, Session> = new Map();
  /** The users that have given up their names. */
  former: FormerHolders = new FormerHolders();
  private newestId: u64 = 0;

  get size(): i32 {
    return this.byName.size;
  }

  /** Returns all sessions, in the order in which they were added or last renamed. */
  all(): Array<Session> {
    return this.byName.all();
  }

  /** Returns true if a session is listed, under any name. */
  has(session: Session): bool {
    return this.byName.find(session.user.name) === session;
  }

  /** Returns the session of the user with this name, or null. */
  find(name: string): Session | null {
    return this.byName.find(name);
  }

  /** Returns the session of another user than `own` that has this name or one like it, or null. */
  findOther(name: string, own: Session): Session | null {
    return this.byName.findOther(name, own);
  }

  /** Returns the session with this id, or null if it has left. */
  findById(id: u64): Session | null {
    return this.byId.has(id) ? this.byId.get(id) : null;
  }

  add(session: Session): void {
    this.addEntry(session);
    const observer = this.observer;
    if (observer !== null) observer.onNameTaken(session);
  }

  private addEntry(session: Session): void {
    const user = session.user;
    assert(this.byName.find(user.name) === null, "two users of one name");
    this.byName.add(user.name, user.key, session);
    this.byId.set(session.id, session);
    this.newestId = max(this.newestId, session.id);
  }

  remove(session: Session): void {
    this.removeEntry(session);
    const observer = this.observer;
    if (observer !== null) observer.onNameFreed(session, session.user.name);
  }

  private removeEntry(session: Session): void {
    const user = session.user;
    if (user.hasChosenName) this.former.remember(user.key, user.id, this.newestId);
    this.byName.remove(user.name, user.key);
    this.byId.delete(session.id);
  }

  /**
   * Asserts the invariants between two handlers: a listed session is open and, unless its protocol
   * has several rooms, is in exactly one.
   */
  assertConsistent(): void {
    const users = this.all();
    for (let i = 0; i < users.length; i++) {
      assert(users[i].connection.isOpen, "a session is listed that is not open");
      const rooms = users[i].memberships.length;
      assert(users[i].protocol.hasSeveralRooms || rooms == 1, "a session is not in one room");
    }
  }

  /** Renames the user of a session. The name must be free. {@link tellRenamed} must follow. */
  rename(session: Session, name: string): void {
    this.removeEntry(session);
    session.user.setName(name);
    session.user.hasChosenName = true;
    const memberships = session.memberships;
    // A ban may match the new name.
    for (let i = 0; i < memberships.length; i++) memberships[i]._rulesRevision = 0;
    this.addEntry(session);
  }

  /** Reports the new name of a user to the observer, once the user's rooms know it. */
  tellRenamed(session: Session, before: string): void {
    const observer = this.observer;
    if (observer === null || nameKey(before) == session.user.key) return;
    observer.onNameFreed(session, before);
    observer.onNameTaken(session);
  }
}
