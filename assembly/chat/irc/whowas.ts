/** The users that have left, or have changed their names, for WHOWAS. */
import { User } from "../users/user";
import { nameKey } from "../users/name_key";

/** The server remembers at most this many former users. @limit users */
const FORMER_MOST: i32 = 200;

class FormerUser {
  key: string;

  constructor(
    public name: string,
    user: User,
    /** The time when the user left, in seconds since 1970. */
    public leftAt: i64,
  ) {
    this.key = nameKey(name);
    this.login = user.login;
    this.host = user.host;
    this.realName = user.realName;
  }

  login: string;
  host: string;
  realName: string;
}

export class Whowas {
  /** The oldest one first. */
  private kept: Array<FormerUser> = [];

  add(name: string, user: User, now: i64): void {
    if (this.kept.length >= FORMER_MOST) this.kept.shift();
    this.kept.push(new FormerUser(name, user, now));
  }

  /** Returns the former users with a name, the newest one first. @param most 0 or less: all */
  find(name: string, most: i32): Array<FormerUser> {
    const key = nameKey(name);
    const found: Array<FormerUser> = [];
    for (let i = this.kept.length - 1; i >= 0; i--) {
      if (this.kept[i].key == key) found.push(this.kept[i]);
      if (most > 0 && found.length == most) break;
    }
    return found;
  }
}
