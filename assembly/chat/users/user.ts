/**
 * A user: a name, and what goes with it. A user knows nothing of its connection, nor of its rooms
 * (session.ts).
 */
import { Message } from "../delivery/message";
import { nameKey } from "./name_key";
import { Penalty } from "./penalties";

/** Shared by all who have none: most never ignore anybody, and each set would take 200 bytes. */
const NOBODY = new Set<string>();
const NO_BYTES = new ArrayBuffer(0);

export class User {
  /** What others see, UTF-16 and UTF-8, and by what it is compared. */
  name: string = "";
  nameBytes: ArrayBuffer = NO_BYTES;
  key: string = "";
  /** Why the user is away; empty if it is not. */
  away: string = "";
  /** Why nobody hears the user; null if all do. */
  mute: Penalty | null = null;
  /** Keys of the users that this one does not want to hear. */
  ignored: Set<string> = NOBODY;
  /** The id of the session that last spoke to this user in private (0: none), and its name then. */
  correspondent: u64 = 0;
  correspondentName: string = "";

  constructor(name: string) {
    this.setName(name);
  }

  /** Only for a user that is not in a `UserDirectory`: the directory renames those that are. */
  setName(name: string): void {
    this.name = name;
    this.nameBytes = String.UTF8.encode(name);
    this.key = nameKey(name);
  }

  /** From now on the user does not want to hear the user with this key. */
  ignore(key: string): void {
    if (this.ignored === NOBODY) this.ignored = new Set();
    this.ignored.add(key);
  }

  /** Whether the user ignores the author of a message. A user never ignores itself. */
  ignores(message: Message): bool {
    if (this.ignored.size == 0) return false;
    const key = nameKey(String.UTF8.decodeUnsafe(message.from, message.fromBytes));
    return key != this.key && this.ignored.has(key);
  }
}
