/** A user: a name and its properties. session.ts knows the connection and the rooms. */
import { Message } from "../delivery/message";
import { nameKey } from "./name_key";
import { Penalty } from "./penalties";

/** Shared by all users that ignore nobody: a set would take 200 bytes for each. */
const NOBODY = new Set<string>();
const NO_BYTES = new ArrayBuffer(0);

export class User {
  /** The name in UTF-16 and in UTF-8, and the key for comparisons. */
  name: string = "";
  nameBytes: ArrayBuffer = NO_BYTES;
  key: string = "";
  /** The away text; empty if the user is not away. */
  away: string = "";
  /** The mute of this user, or null. */
  mute: Penalty | null = null;
  /** The keys of the users that this one ignores. */
  ignored: Set<string> = NOBODY;
  /**
   * The id of the session that last sent this user a private message (0: none), and its name then.
   */
  correspondent: u64 = 0;
  correspondentName: string = "";
  /** The user name and the host, for IRC and for masks. */
  login: string = "~pollcast";
  host: string = "";

  constructor(name: string) {
    this.setName(name);
  }

  /** Sets the name. For a user in a `UserDirectory`, call the directory's `rename` instead. */
  setName(name: string): void {
    this.name = name;
    this.nameBytes = String.UTF8.encode(name);
    this.key = nameKey(name);
  }

  /** Ignores the user with this key from now on. */
  ignore(key: string): void {
    if (this.ignored === NOBODY) this.ignored = new Set();
    this.ignored.add(key);
  }

  /** Returns true if the user ignores the author of a message. A user never ignores itself. */
  ignores(message: Message): bool {
    if (this.ignored.size == 0) return false;
    const key = nameKey(String.UTF8.decodeUnsafe(message.from, message.fromBytes));
    return key != this.key && this.ignored.has(key);
  }
}
