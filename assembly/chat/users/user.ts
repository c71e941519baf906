/** A user: a name and its properties. session.ts knows the connection and the rooms. */
import { Message } from "../delivery/message";
import { nameKey } from "./name_key";
import { Penalty } from "./penalties";

/** A user remembers at most this many users that it has sent private messages. @limit users */
export const ADDRESSEES_MOST: i32 = 100;

/** The shared map of all users that ignore no user: a map of its own takes 200 bytes. */
const NOBODY = new Map<u64, string>();
/** The shared map of all users that have sent no private message. */
const NO_NAMES = new Map<string, u64>();
const NO_BYTES = new ArrayBuffer(0);

export class User {
  name: string = "";
  /** The name in UTF-8. */
  nameBytes: ArrayBuffer = NO_BYTES;
  /** The key for comparisons: names that look alike have the same key. */
  key: string = "";
  /** True if the user has chosen its name: once it gives the name up, another user may take it. */
  hasChosenName: bool = false;
  /** The away text; empty if the user is not away. */
  away: string = "";
  /** The mute of this user, or null. */
  mute: Penalty | null = null;
  /** The ids of the sessions whose users this one ignores, with their names at that time. */
  ignored: Map<u64, string> = NOBODY;
  /** The id of the session that last sent this user a private message; 0: none. */
  correspondent: u64 = 0;
  /** The name of the correspondent when it sent that message. */
  correspondentName: string = "";
  /**
   * The id of the session to which `/reply` may go at once; 0: none. For any other session, the
   * client must repeat the command.
   */
  confirmedCorrespondent: u64 = 0;
  /**
   * The ids of the sessions that this user has sent private messages, by the keys of their names.
   */
  private addressees: Map<string, u64> = NO_NAMES;
  /** The user name of USER, which IRC shows. */
  login: string = "~pollcast";
  /** The host that IRC shows; empty: {@link host} makes one from the id. */
  private knownHost: string = "";
  /** The real name of USER, which IRC shows. */
  realName: string = "";
  /** True if the client has said that it is a program. */
  isBot: bool = false;
  /** `!login@host` in UTF-8; empty before the first use. */
  private addressText: ArrayBuffer = NO_BYTES;

  /** @param id the id of the session */
  constructor(
    name: string,
    public id: u64 = 0,
  ) {
    this.setName(name);
  }

  /** Sets the name. For a user in a `UserDirectory`, call the directory's `rename` instead. */
  setName(name: string): void {
    this.name = name;
    this.nameBytes = String.UTF8.encode(name);
    this.key = nameKey(name);
  }

  /** The host that IRC shows. It does not reveal the address. */
  get host(): string {
    return this.knownHost == "" ? `client-${this.id}.pollcast` : this.knownHost;
  }

  set host(text: string) {
    this.knownHost = text;
    this.addressText = NO_BYTES;
  }

  /** The source of this user for IRC: `ann!~ann@host`. */
  get mask(): string {
    return this.maskOf(this.name);
  }

  /** Returns the source with another name, such as a former one. */
  maskOf(name: string): string {
    return `${name}!${this.login}@${this.host}`;
  }

  /** The source without the name, in UTF-8. */
  get address(): ArrayBuffer {
    if (this.addressText.byteLength == 0) this.addressText = String.UTF8.encode(this.maskOf(""));
    return this.addressText;
  }

  /** The real name; for users without one, such as all users without IRC, the name. */
  get shownRealName(): string {
    return this.realName == "" ? this.name : this.realName;
  }

  /** Sets the user name and the real name that IRC shows. */
  setIdentity(login: string, realName: string): void {
    this.login = login;
    this.realName = realName;
    this.addressText = NO_BYTES;
  }

  /** Ignores another user from now on. */
  ignore(other: User): void {
    if (this.ignored === NOBODY) this.ignored = new Map();
    this.ignored.set(other.id, other.name);
  }

  /** Returns true if the user ignores the author of a message. */
  ignores(message: Message): bool {
    return this.ignored.size > 0 && this.ignored.has(message.author);
  }

  /**
   * Returns the id of the session that this user has sent private messages under a name; 0: none.
   */
  addresseeOf(key: string): u64 {
    return this.addressees.has(key) ? this.addressees.get(key) : 0;
  }

  /** Records that this user has sent a session a private message under the name with this key. */
  rememberAddressee(key: string, id: u64): void {
    if (this.addressees === NO_NAMES || this.addressees.size >= ADDRESSEES_MOST)
      this.addressees = new Map();
    this.addressees.set(key, id);
  }
}
