/** The server's side of IRC: it creates sessions, and runs the commands of their lines. */
import { CloseReason } from "../../net/connection/close_reason";
import { CloseOnTimeout } from "../../net/connection/close_on_timeout";
import { AcceptHandler } from "../../net/listener";
import { excerpt } from "../../text/excerpt";
import { consumed, decode, REPLACEMENT } from "../../text/utf8";
import { Fd } from "../../wasi/socket";
import { Chat } from "../chat";
import { Capability } from "../protocol/irc/capabilities";
import { fitsLimits } from "../protocol/irc/irc_line";
import { tagValue } from "../protocol/irc/tags";
import { safeText, safeWords } from "../protocol/safe_text";
import { SessionHandler } from "../session/session";
import { historyCommands } from "./commands/chathistory";
import { channelCommands } from "./commands/channels";
import { listCommands } from "./commands/list";
import { markerCommands } from "./commands/markers";
import { memberCommands } from "./commands/members";
import { messageCommands } from "./commands/messages";
import { modeCommands } from "./commands/mode";
import { presenceCommands } from "./commands/presence";
import { registrationCommands } from "./commands/registration";
import { serverCommands } from "./commands/server";
import { whoCommands } from "./commands/who";
import { whoisCommands } from "./commands/whois";
import { Irc } from "./irc";
import { IrcCommand } from "./irc_command";
import { IrcLineHandler, IrcSession } from "./irc_session";
import { REGISTRATION_SECONDS } from "./keepalive";
import { PastEvents } from "./past_events";

/** The version of the server, as clients are told. */
const VERSION = "pollcast-0.1";
/** An answer shows at most this many characters of an unknown command. @limit characters */
const COMMAND_CHARACTERS: i32 = 64;
/** A longer label of a client is ignored. @limit bytes */
const LABEL_BYTES_MOST: i32 = 64;

const ALL: Array<Array<IrcCommand>> = [
  registrationCommands,
  messageCommands,
  modeCommands,
  channelCommands,
  historyCommands,
  listCommands,
  markerCommands,
  memberCommands,
  presenceCommands,
  serverCommands,
  whoCommands,
  whoisCommands,
];

export class IrcServer implements IrcLineHandler {
  irc: Irc;
  private commands: Map<string, IrcCommand> = new Map();

  constructor(
    private chat: Chat,
    private handler: SessionHandler,
  ) {
    this.irc = new Irc(chat, VERSION);
    for (let i = 0; i < ALL.length; i++) {
      for (let j = 0; j < ALL[i].length; j++) this.commands.set(ALL[i][j].name, ALL[i][j]);
    }
  }

  /** Creates the session of a new connection. */
  accept(id: u64, fd: Fd, proxied: bool): IrcSession {
    const chat = this.chat;
    const irc = this.irc;
    const form = irc.protocolFor(0);
    if (chat.presence.recorder === null) chat.presence.recorder = new PastEvents(chat, form);
    const session = new IrcSession(
      this.handler,
      this,
      irc.context,
      chat.connections,
      id,
      fd,
      `client-${id}`,
      form,
      proxied,
    );
    irc.unregistered++;
    const end = new CloseOnTimeout(session.connection, CloseReason.SILENT);
    session.timer = chat.loop.callLater(REGISTRATION_SECONDS, end);
    return session;
  }

  onIrcLeft(session: IrcSession): void {
    if (session.isUnknown) this.irc.unregistered--;
    session.isUnknown = false;
    this.irc.watchers.forgetAll(session);
  }

  onIrcLine(session: IrcSession, at: usize, length: u32): void {
    const irc = this.irc;
    const line = irc.line;
    session.heardAt = this.chat.loop.now;
    if (!fitsLimits(at, length)) {
      this.chat.counters.limits.add("long line");
      session.sendNumeric("417", "", "Input line was too long");
      return;
    }
    if (!line.parse(at, length)) return;
    session.beginAnswer(this.labelOf(session));
    if (!isUtf8(at, length)) {
      session.sendFail(
        `${shownCommand(line.command)} INVALID_UTF8`,
        "Message rejected: it is not valid UTF-8",
      );
    } else {
      this.run(session, line.command);
    }
    session.endAnswer(session.isLabelled ? irc.nextBatch() : "");
    session.connection.relieveOutbox();
  }

  private labelOf(session: IrcSession): string {
    const line = this.irc.line;
    if (line.tagsBytes == 0 || !session.hasCapability(Capability.LABELED_RESPONSE)) return "";
    if (!isUtf8(line.tagsAt, line.tagsBytes)) return "";
    const label = tagValue(String.UTF8.decodeUnsafe(line.tagsAt, line.tagsBytes), "label");
    return String.UTF8.byteLength(label) > LABEL_BYTES_MOST ? "" : label;
  }

  private run(session: IrcSession, name: string): void {
    const line = this.irc.line;
    const isKnown = this.commands.has(name);
    if (!session.isRegistered && !(isKnown && this.commands.get(name).isEarly)) {
      session.sendNumeric("451", "", "You have not registered");
      return;
    }
    if (!isKnown) {
      session.sendNumeric("421", shownCommand(name), "Unknown command");
      return;
    }
    const command = this.commands.get(name);
    const words: Array<string> = [];
    for (let i = 0; i < line.count; i++) words.push(safeText(line.startOf(i), line.bytesOf(i)));
    if (words.length < command.least || (command.least > 0 && words[0] == "")) {
      session.sendNumeric("461", name, "Not enough parameters");
    } else {
      session.isOpening = command.isOpening;
      command.run(this.irc, session, words);
    }
  }
}

/** Accepts the connections of IRC listeners. */
export class IrcAcceptor extends AcceptHandler {
  constructor(private server: IrcAccept) {
    super();
  }

  onAccept(fd: Fd, proxied: bool): void {
    this.server.onIrcAccept(fd, proxied);
  }

  onAcceptFailed(errno: i32, retrySeconds: f64): void {
    this.server.onAcceptFailed(errno, retrySeconds);
  }
}

/** The server, as {@link IrcServer} needs it. */
export interface IrcAccept {
  onIrcAccept(fd: Fd, proxied: bool): void;
  onAcceptFailed(errno: i32, retrySeconds: f64): void;
}

/** Returns a command as a parameter of an answer: sanitized, cut, and one word. */
function shownCommand(name: string): string {
  const word = safeWords(name).replaceAll(" ", "");
  return word == "" || word.startsWith(":") ? "*" : excerpt(word, COMMAND_CHARACTERS);
}

/** Returns true if bytes are valid UTF-8. */
function isUtf8(at: usize, length: u32): bool {
  const end = at + length;
  while (at < end) {
    if (load<u8>(at) < 0x80) {
      at++;
      continue;
    }
    // U+FFFD itself has three bytes.
    if (decode(at, <u32>(end - at)) == REPLACEMENT && consumed == 1) return false;
    at += consumed;
  }
  return true;
}
