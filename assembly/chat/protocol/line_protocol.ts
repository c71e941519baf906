/**
 * The protocol for people: `HH:MM:SS name: text`, `* text` for events, `[ann -> you] text` for
 * private messages. Each kind of line begins differently, so that no text of a user looks like
 * another kind.
 */
import { STAMP_BYTES, writeStamp } from "../../text/calendar";
import { copyBytes } from "../../text/copy_bytes";
import { durationText } from "../../text/duration";
import { MILLISECONDS_PER_SECOND } from "../calendar_clock";
import { Message, MessageKind } from "../delivery/message";
import {
  Closed,
  MembersListed,
  Notice,
  Pong,
  PrivateMessage,
  Refusal,
  RoomTopic,
  ServerMessage,
  TopicSet,
  UserAway,
  UserDescribed,
  UserJoined,
  UserLeft,
  UserQuit,
  UserRenamed,
  Welcome,
} from "./events";
import { FRAME_BYTES, Protocol } from "./protocol";
import { maskListName, modeWords } from "./mode_words";
import { RoomMask } from "../rooms/mask_list";
import { ModeChange } from "../rooms/mode_change";
import { User } from "../users/user";
import { Style } from "./style";

/** The offset of the time in a stamp, after the date. */
const TIME_AT: u32 = 11;
const SPACE: u8 = 0x20;
const NEWLINE: u8 = 0x0a;
const COLON: u8 = 0x3a;
const ASTERISK: u8 = 0x2a;
const HYPHEN: u8 = 0x2d;

const stampText = memory.data(32);
/** The begin of the second in {@link stampText}, in milliseconds since 1970. */
let stampStart: i64 = i64.MIN_VALUE;
let stampZone: i32 = 0;

export class LineProtocol extends Protocol {
  /** @param zone the time zone of stamps, in minutes east of UTC */
  constructor(
    private zone: i32,
    style: Style = Style.LINE,
  ) {
    super(style);
  }

  mostBytes(message: Message): u32 {
    return FRAME_BYTES + message.fromBytes + message.textBytes;
  }

  writeMessage(start: usize, message: Message, isPast: bool): u32 {
    // A message from the history has its date, too.
    let at = this.writeStamp(start, message, isPast ? 0 : TIME_AT);
    if (message.kind == MessageKind.ACTION) {
      store<u8>(at++, ASTERISK);
      store<u8>(at++, SPACE);
    }
    if (message.kind == MessageKind.NOTICE) store<u8>(at++, HYPHEN);
    at = copy(at, message.from, message.fromBytes);
    if (message.kind == MessageKind.MESSAGE) store<u8>(at++, COLON);
    else if (message.kind == MessageKind.NOTICE) store<u8>(at++, HYPHEN);
    store<u8>(at++, SPACE);
    at = copy(at, message.text, message.textBytes);
    store<u8>(at++, NEWLINE);
    return <u32>(at - start);
  }

  /** Writes the stamp of a message from offset `from` on, and a space. @returns the end address */
  // @ts-ignore: decorator
  @inline
  protected writeStamp(at: usize, message: Message, from: u32): usize {
    // Most messages are of the same second as the one before.
    const age: u64 = message.milliseconds - stampStart;
    if (age >= <u64>MILLISECONDS_PER_SECOND || this.zone != stampZone) {
      renderStamp(message.seconds, this.zone);
    }
    at = copy(at, stampText + from, STAMP_BYTES - from);
    store<u8>(at, SPACE);
    return at + 1;
  }

  renderNotice(event: Notice): string {
    return line(event.text);
  }

  renderRefusal(event: Refusal): string {
    return line(event.text);
  }

  renderWelcome(event: Welcome): string {
    const where = `you are ${event.user} in ${event.room} (${event.users} here)`;
    return line(`${where}; /help says what you can type`);
  }

  renderClosed(event: Closed): string {
    return line(event.text);
  }

  renderUserJoined(event: UserJoined): string {
    return line(`${event.user.name} joined`);
  }

  renderUserLeft(event: UserLeft): string {
    return line(`${event.user.name} left`);
  }

  renderUserQuit(event: UserQuit): string {
    return line(`${event.user.name} left`);
  }

  renderUsersChanged(room: string, joined: i32, left: i32, users: i32): string {
    const came = joined == 0 ? "" : `${joined} joined`;
    const gone = left == 0 ? "" : `${left} left`;
    return line(came == "" || gone == "" ? came + gone : `${came}, ${gone}`);
  }

  renderUserRenamed(event: UserRenamed): string {
    return line(`${event.before} is now ${event.user.name}`);
  }

  renderTopicSet(event: TopicSet): string {
    return line(`${event.user.name} set the topic: ${event.topic}`);
  }

  renderRoomTopic(event: RoomTopic): string {
    return line(event.topic == "" ? "there is no topic" : `topic: ${event.topic}`);
  }

  renderRoomListed(room: string, users: i32, topic: string): string {
    const about = topic == "" ? "" : `: ${topic}`;
    return line(`${room} (${users})${about}`);
  }

  renderMembersListed(event: MembersListed): string {
    const listed: Array<string> = [];
    for (let i = 0; i < event.names.length; i++) {
      listed.push(event.isAway[i] ? `${event.names[i]} (away)` : event.names[i]);
    }
    const more = event.users - listed.length;
    const rest = more > 0 ? ` and ${more} more` : "";
    return line(`${event.room} (${event.users}): ${listed.join(", ")}${rest}`);
  }

  renderHistoryEnd(room: string, lines: i32): string {
    return line(`${lines} lines of ${room}`);
  }

  renderUserDescribed(event: UserDescribed): string {
    const away = event.away == "" ? "" : `, away: ${event.away}`;
    const since = durationText(event.seconds);
    const where = event.rooms.length == 0 ? "no room" : event.rooms.join(", ");
    return line(`${event.user} is in ${where}, here for ${since}${away}`);
  }

  renderUserKicked(user: User, by: User, room: string, why: string): string {
    const reason = why == "" ? "" : `: ${why}`;
    return line(`${by.name} sent ${user.name} out of ${room}${reason}`);
  }

  renderUserInvited(_user: User, by: User, room: string): string {
    return line(`${by.name} invites you to ${room}: /join ${room} goes there`);
  }

  renderModesChanged(by: User | null, _room: string, changes: Array<ModeChange>): string {
    const words = changes.map<string>((one) => modeWords(one)).join("; ");
    return line(`${by === null ? "server" : by.name}: ${words}`);
  }

  renderModesListed(
    room: string,
    modes: string,
    values: Array<string>,
    operators: Array<string>,
    voices: Array<string>,
  ): string {
    const all = [modes].concat(values).join(" ");
    const leaders = operators.length == 0 ? "no operators" : `operators: ${operators.join(", ")}`;
    const speakers = voices.length == 0 ? "" : `; with a voice: ${voices.join(", ")}`;
    return line(`${room} has modes ${all}; ${leaders}${speakers}`);
  }

  renderMasksListed(room: string, letter: string, masks: Array<RoomMask>): string {
    const name = maskListName(letter);
    if (masks.length == 0) return line(`${room} has no ${name}`);
    const listed = masks.map<string>((one) => `${one.mask} (${one.by})`).join(", ");
    return line(`${name} of ${room}: ${listed}`);
  }

  renderUserAway(event: UserAway): string {
    if (!event.isSelf) return line(`${event.user} is away: ${event.text}`);
    return line(event.text == "" ? "you are back" : `you are away: ${event.text}`);
  }

  renderPrivateMessage(event: PrivateMessage): string {
    const names = event.isSent ? `you -> ${event.to.name}` : `${event.from.name} -> you`;
    const isAction = event.kind == MessageKind.ACTION;
    return `[${names}] ${isAction ? `* ${event.from.name} ` : ""}${event.text}\n`;
  }

  renderPong(event: Pong): string {
    return line(event.text == "" ? "pong" : `pong ${event.text}`);
  }

  renderServerMessage(event: ServerMessage): string {
    return line(`server: ${event.text}`);
  }
}

/** Renders {@link stampText}. */
function renderStamp(seconds: i64, zone: i32): void {
  stampStart = seconds * MILLISECONDS_PER_SECOND;
  stampZone = zone;
  writeStamp(stampText, seconds + <i64>zone * 60);
}

function line(text: string): string {
  return `* ${text}\n`;
}

function copy(to: usize, from: usize, bytes: u32): usize {
  copyBytes(to, from, bytes);
  return to + bytes;
}
