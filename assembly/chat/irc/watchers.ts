/** The clients that watch names, with MONITOR (https://ircv3.net/specs/extensions/monitor). */
import { IrcContext } from "../protocol/irc/irc_protocol";
import { nameKey } from "../users/name_key";
import { User } from "../users/user";
import { IrcSession } from "./irc_session";

/** A client watches at most this many names. @limit names */
export const WATCHED_MOST: i32 = 100;

/** A name that a client watches, as the client wrote it. */
class Watch {
  constructor(
    public session: IrcSession,
    public name: string,
  ) {}
}

export class Watchers {
  private byKey: Map<string, Array<Watch>> = new Map();

  constructor(private context: IrcContext) {}

  /** Makes a client watch a name. Does nothing if the client watches it already. */
  add(session: IrcSession, name: string): void {
    const key = nameKey(name);
    if (session.watched.has(key)) return;
    session.watched.set(key, name);
    if (!this.byKey.has(key)) this.byKey.set(key, []);
    this.byKey.get(key).push(new Watch(session, name));
  }

  remove(session: IrcSession, name: string): void {
    this.removeKey(session, nameKey(name));
  }

  private removeKey(session: IrcSession, key: string): void {
    if (!session.watched.has(key)) return;
    session.watched.delete(key);
    const all = this.byKey.get(key);
    for (let i = all.length - 1; i >= 0; i--) if (all[i].session === session) all.splice(i, 1);
    if (all.length == 0) this.byKey.delete(key);
  }

  /** Forgets all names that a client watches. */
  forgetAll(session: IrcSession): void {
    const keys = session.watched.keys();
    for (let i = 0; i < keys.length; i++) this.removeKey(session, keys[i]);
  }

  /** Tells the clients that watch a name that a user has it now. */
  tellNameTaken(user: User): void {
    const all = this.watchersOf(user.name);
    for (let i = 0; i < all.length; i++) this.sendToWatcher(all[i].session, "730", user.mask);
  }

  /** Tells the clients that watch a name that no user has it any more. */
  tellNameFreed(name: string): void {
    const all = this.watchersOf(name);
    for (let i = 0; i < all.length; i++) this.sendToWatcher(all[i].session, "731", name);
  }

  /** Returns the clients that watch a name. */
  watchersOf(name: string): Array<Watch> {
    const key = nameKey(name);
    return this.byKey.has(key) ? this.byKey.get(key) : [];
  }

  private sendToWatcher(session: IrcSession, code: string, text: string): void {
    session.sendLine(`:${this.context.name} ${code} ${session.shownNick} :${text}`);
  }
}
