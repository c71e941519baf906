/** LIST: the channels with users, with the filters of ELIST. */
import { parseDecimal } from "../../../text/decimal";
import { lowerPatternMatches } from "../../rooms/mask";
import { Room } from "../../rooms/room";
import { countComparisons } from "../comparisons";
import { Irc } from "../irc";
import { IrcCommand } from "../irc_command";
import { IrcSession } from "../irc_session";

/** The greatest number in a filter. */
const NUMBER_MOST: i32 = 1_000_000;
const SECONDS_PER_MINUTE: i64 = 60;

/**
 * The filters of one LIST. A room must pass all filters about numbers, and one of the filters about
 * names.
 */
class Filters {
  private usersLeast: i32 = 0;
  private usersMost: i32 = i32.MAX_VALUE;
  /** The bounds of ages in seconds. */
  private createdLeast: i64 = 0;
  private createdMost: i64 = i64.MAX_VALUE;
  private topicLeast: i64 = 0;
  private topicMost: i64 = i64.MAX_VALUE;
  private asksTopic: bool = false;
  private names: Array<string> = [];
  private without: Array<string> = [];

  constructor(words: string) {
    const all = words.toLowerCase().split(",");
    for (let i = 0; i < all.length; i++) if (all[i] != "") this.add(all[i]);
  }

  private add(word: string): void {
    const first = word.charAt(0);
    const kind = first == "c" || first == "t" ? first : "";
    const at = kind == "" ? 0 : 1;
    const sign = word.charAt(at);
    const number = parseDecimal(word.substring(at + 1), NUMBER_MOST);
    if ((sign == "<" || sign == ">") && number >= 0) {
      const isLess = sign == "<";
      if (kind == "") this.boundUsers(isLess, number);
      else if (kind == "c") this.boundCreated(isLess, <i64>number * SECONDS_PER_MINUTE);
      else this.boundTopic(isLess, <i64>number * SECONDS_PER_MINUTE);
    } else if (first == "!") {
      this.without.push(word.substring(1));
    } else {
      this.names.push(word);
    }
  }

  private boundUsers(isLess: bool, number: i32): void {
    if (isLess) this.usersMost = number - 1;
    else this.usersLeast = number + 1;
  }

  private boundCreated(isLess: bool, seconds: i64): void {
    if (isLess) this.createdMost = seconds;
    else this.createdLeast = seconds;
  }

  private boundTopic(isLess: bool, seconds: i64): void {
    this.asksTopic = true;
    if (isLess) this.topicMost = seconds;
    else this.topicLeast = seconds;
  }

  /** The number of patterns for names. */
  get patterns(): i32 {
    return this.names.length + this.without.length;
  }

  accepts(room: Room, now: i64): bool {
    if (room.size < this.usersLeast || room.size > this.usersMost) return false;
    const age = now - room.createdAt;
    if (age < this.createdLeast || age > this.createdMost) return false;
    if (this.asksTopic) {
      const topicAge = now - room.topicSetAt;
      if (room.topicSetAt == 0 || topicAge < this.topicLeast || topicAge > this.topicMost) {
        return false;
      }
    }
    const channel = `#${room.name.toLowerCase()}`;
    for (let i = 0; i < this.without.length; i++) {
      if (lowerPatternMatches(this.without[i], channel)) return false;
    }
    for (let i = 0; i < this.names.length; i++)
      if (lowerPatternMatches(this.names[i], channel)) return true;
    return this.names.length == 0;
  }
}

function list(irc: Irc, session: IrcSession, words: Array<string>): void {
  const filters = new Filters(words.length == 0 ? "" : words[0]);
  const rooms = irc.chat.rooms.all();
  countComparisons(session, rooms.length * filters.patterns);
  session.sendPlainNumeric("321", "Channel :Users  Name");
  for (let i = 0; i < rooms.length; i++) {
    const room = rooms[i];
    if (room.size == 0 || !filters.accepts(room, irc.chat.now)) continue;
    if (room.isSecret && session.membershipIn(room) === null) continue;
    session.sendNumeric("322", `#${room.name} ${room.size}`, room.topic);
  }
  session.sendNumeric("323", "", "End of /LIST");
}

export const listCommands: Array<IrcCommand> = [new IrcCommand("LIST", 0, list)];
