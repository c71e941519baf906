/**
 * The protocol of IRC clients. There is one object, a form, for each combination of the
 * capabilities that change the lines to the members of a room. Answers to a client's own commands
 * are in irc/.
 */
import { CalendarClock } from "../../calendar_clock";
import { Message } from "../../delivery/message";
import { RoomMask } from "../../rooms/mask_list";
import { ModeChange, modeArguments, modeLetters } from "../../rooms/mode_change";
import { User } from "../../users/user";
import { Command } from "../command";
import {
  ChatEvent,
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
} from "../events";
import { Protocol } from "../protocol";
import { Style } from "../style";
import { Capability } from "./capabilities";
import { fitText, MessageWriter } from "./message_writer";
import { timeText } from "./time_tag";

const CRLF = "\r\n";

/** The state that all forms of a server share. */
export class IrcContext {
  /** The nick of the client that gets the event, if only this client gets it. */
  reader: string = "*";
  /** The host of that client. */
  readerHost: string = "";
  private lastPrivateId: u64 = 0;

  constructor(
    public clock: CalendarClock,
    /** The name of the server: `irc.example.org`. */
    public name: string,
    /** The epoch of the ids of messages. */
    public epoch: u64,
  ) {}

  /** Returns the tag with the id of a new message outside rooms. */
  newPrivateId(): string {
    return `msgid=${this.clock.milliseconds}-p${++this.lastPrivateId}`;
  }
}

export class IrcProtocol extends Protocol {
  private writer: MessageWriter;
  /** The tag with the id of the event that is being rendered; empty if it is in no history. */
  private eventTags: string = "";

  constructor(
    private context: IrcContext,
    /** The capabilities of this form. */
    public capabilities: u32,
  ) {
    super(Style.IRC);
    this.hasSeveralRooms = true;
    // The history comes with the answer to JOIN.
    this.isForPeople = false;
    this.writer = new MessageWriter(context.epoch, capabilities);
  }

  /** Does nothing: the session reads the lines of IRC itself. */
  parse(_at: usize, _length: u32, _command: Command): bool {
    return false;
  }

  mostBytes(message: Message): u32 {
    return this.writer.mostBytes(message);
  }

  writeMessage(at: usize, message: Message, isPast: bool): u32 {
    return this.writer.write(at, message, isPast);
  }

  private hasCapability(capability: Capability): bool {
    return (this.capabilities & capability) != 0;
  }

  /**
   * Returns the tags of an event that happens now, with `@` and a space; empty if there are none.
   */
  private renderTags(others: string = ""): string {
    const time = this.hasCapability(Capability.SERVER_TIME)
      ? `time=${timeText(this.context.clock.milliseconds)}`
      : "";
    const more = this.hasCapability(Capability.MESSAGE_TAGS) ? others : "";
    const separator = time != "" && more != "" ? ";" : "";
    return time == "" && more == "" ? "" : `@${time}${separator}${more} `;
  }

  render(event: ChatEvent): string {
    this.eventTags = event.historyId == "" ? "" : `msgid=${event.historyId}`;
    return super.render(event);
  }

  private renderDeed(user: User, text: string): string {
    return `${this.renderTags(this.eventTags)}:${user.mask} ${text}${CRLF}`;
  }

  renderIrcDeed(user: User, deed: string, needs: u32, tags: string): string {
    if (needs != 0 && (this.capabilities & needs) == 0) return "";
    return `${this.renderTags(tags)}:${user.mask} ${deed}${CRLF}`;
  }

  renderNotice(event: Notice): string {
    return this.renderNoticeLines(event.text);
  }

  private renderNoticeLines(text: string): string {
    const context = this.context;
    const lines = text.trimEnd().split("\n");
    let all = "";
    for (let i = 0; i < lines.length; i++) {
      all += `${this.renderTags()}:${context.name} NOTICE ${context.reader} :${lines[i]}${CRLF}`;
    }
    return all;
  }

  renderRefusal(event: Refusal): string {
    return this.renderNoticeLines(event.text);
  }

  /** Returns an empty text: the answer to JOIN contains all of it. */
  renderWelcome(_event: Welcome): string {
    return "";
  }

  renderClosed(event: Closed): string {
    return `ERROR :Closing Link: ${this.context.readerHost} (${event.text})${CRLF}`;
  }

  renderUserJoined(event: UserJoined): string {
    const user = event.user;
    const extra = this.hasCapability(Capability.EXTENDED_JOIN) ? ` * :${user.shownRealName}` : "";
    const joined = this.renderDeed(user, `JOIN #${event.room}${extra}`);
    if (user.away == "" || !this.hasCapability(Capability.AWAY_NOTIFY)) return joined;
    return `${joined}${this.renderTags()}:${user.mask} AWAY :${user.away}${CRLF}`;
  }

  renderUserLeft(event: UserLeft): string {
    const why = event.why == "" ? "" : ` :${event.why}`;
    return this.renderDeed(event.user, `PART #${event.room}${why}`);
  }

  renderUserQuit(event: UserQuit): string {
    return this.renderDeed(event.user, `QUIT :${event.why}`);
  }

  renderUserRenamed(event: UserRenamed): string {
    const user = event.user;
    const tags = this.renderTags(this.eventTags);
    // Some clients, such as ii, read no new name without the colon.
    return `${tags}:${user.maskOf(event.before)} NICK :${user.name}${CRLF}`;
  }

  renderTopicSet(event: TopicSet): string {
    const begin = `:${event.user.mask} TOPIC #${event.room} :`;
    return `${this.renderTags(this.eventTags)}${begin}${fitText(begin, event.topic)}${CRLF}`;
  }

  /**
   * Returns an empty text: IRC clients get this by numerics instead, if at all. So do the methods
   * down to {@link renderMasksListed}.
   */
  renderRoomTopic(_event: RoomTopic): string {
    return "";
  }

  renderUsersChanged(_room: string, _joined: i32, _left: i32, _users: i32): string {
    return "";
  }

  renderRoomListed(_room: string, _users: i32, _topic: string): string {
    return "";
  }

  renderMembersListed(_event: MembersListed): string {
    return "";
  }

  renderHistoryEnd(_room: string, _lines: i32): string {
    return "";
  }

  renderModesListed(
    _room: string,
    _modes: string,
    _values: Array<string>,
    _operators: Array<string>,
    _voices: Array<string>,
  ): string {
    return "";
  }

  renderMasksListed(_room: string, _letter: string, _masks: Array<RoomMask>): string {
    return "";
  }

  renderUserKicked(user: User, by: User, room: string, why: string): string {
    return this.renderDeed(by, `KICK #${room} ${user.name} :${why}`);
  }

  renderUserInvited(user: User, by: User, room: string): string {
    return this.renderDeed(by, `INVITE ${user.name} #${room}`);
  }

  renderModesChanged(by: User | null, room: string, changes: Array<ModeChange>): string {
    const words = [`MODE #${room} ${modeLetters(changes)}`].concat(modeArguments(changes));
    if (by !== null) return this.renderDeed(by, words.join(" "));
    return `${this.renderTags(this.eventTags)}:${this.context.name} ${words.join(" ")}${CRLF}`;
  }

  renderUserDescribed(_event: UserDescribed): string {
    return "";
  }

  renderUserAway(event: UserAway): string {
    const context = this.context;
    if (event.isSelf) return "";
    return `:${context.name} 301 ${context.reader} ${event.user} :${event.text}${CRLF}`;
  }

  renderPrivateMessage(event: PrivateMessage): string {
    // Users without IRC set no tags.
    const tags = event.tags == "" ? this.context.newPrivateId() : event.tags;
    return this.writer.privateLines(event, this.renderTags(tags));
  }

  renderPong(_event: Pong): string {
    return "";
  }

  renderServerMessage(event: ServerMessage): string {
    return this.renderNoticeLines(event.text);
  }
}
