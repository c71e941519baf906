/** Everybody by name. Two names that look alike are one: see text/names. */
import { foldName } from "../text/names";
import { Session } from "./session";

export class People {
  private byFold: Map<string, Session> = new Map();

  get size(): i32 {
    return this.byFold.size;
  }

  find(name: string): Session | null {
    const fold = foldName(name);
    return this.byFold.has(fold) ? this.byFold.get(fold) : null;
  }

  add(session: Session): void {
    assert(!this.byFold.has(session.fold), "two people of one name");
    this.byFold.set(session.fold, session);
  }

  remove(session: Session): void {
    this.byFold.delete(session.fold);
  }

  /** Gives somebody a name that is free. */
  rename(session: Session, name: string): void {
    this.remove(session);
    session.setName(name);
    this.add(session);
  }
}
