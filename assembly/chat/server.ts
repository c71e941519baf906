/**
 * The server around the chat: it accepts clients, handles the events of their sessions, and stops
 * so that all clients can take their last bytes.
 *
 *     fd -> selector -> loop -> connection -> lines -> session -> room -> outbox -> fd
 */
import { countText } from "../text/count_text";
import { Loop, StopLoop, Task } from "../loop/loop";
import { SelectorError, selectorErrorText } from "../selectors/errors";
import { CloseReason, closeReasonText } from "../net/connection/close_reason";
import { AcceptHandler, Listener } from "../net/listener";
import { NANOSECONDS_PER_SECOND } from "../wasi/clock";
import { close, Fd } from "../wasi/socket";
import { Drain, Stoppable } from "./admin/drain";
import { ClosedClient, clientText, Log } from "./admin/log";
import { RecentCloses } from "./admin/recent_closes";
import { Chat } from "./chat";
import { runCommand } from "./commands/commands";
import { refusesSpeaking } from "./commands/room_refusals";
import { findMembership } from "./commands/find_membership";
import { MessageKind } from "./delivery/message";
import { DeliveryRound } from "./delivery/delivery_round";
import { Command, CommandId } from "./protocol/command";
import { IrcAccept, IrcAcceptor, IrcServer } from "./irc/irc_server";
import { IrcSession } from "./irc/irc_session";
import { REFUSALS_AT_A_TIME, STOP_SECONDS } from "./limits";
import { Style } from "./protocol/style";
import { Session, SessionHandler } from "./session/session";
import { ChatSettings } from "./settings";
import { ChatStorage } from "./storage/chat_storage";
import { UserDirectory } from "./users/user_directory";

export class ChatServer extends AcceptHandler implements SessionHandler, Stoppable, IrcAccept {
  chat: Chat;
  recentCloses: RecentCloses = new RecentCloses();
  private listeners: Array<Listener> = [];
  private arrivals: u64 = 0;
  private isEnding: bool = false;
  /** The server's side of IRC, once a client needs it. */
  private irc: IrcServer | null = null;

  constructor(
    public loop: Loop,
    settings: ChatSettings,
    log: Log,
  ) {
    super();
    const chat = new Chat(loop, settings, log);
    this.chat = chat;
    loop.beforeWait(new TickEnd(chat.round, chat.users));
  }

  /**
   * Begins to accept on a listener.
   *
   * @param proxied true if a proxy connects there, and sends the client's address
   * @param isIrc true if its clients speak IRC
   * @returns an error message, or empty
   */
  listen(fd: Fd, proxied: bool = false, isIrc: bool = false): string {
    const handler: AcceptHandler = isIrc ? new IrcAcceptor(this) : this;
    const listener = new Listener(this.loop, fd, handler, proxied);
    const error = listener.open();
    if (error != SelectorError.NONE)
      return `cannot listen on fd ${fd}: ${selectorErrorText(error)}`;
    this.listeners.push(listener);
    return "";
  }

  /**
   * Reads the journal in a directory, and from now on records messages, topics, bans and mutes
   * there.
   *
   * @returns an error message, or empty
   */
  openStorage(directory: Fd): string {
    const chat = this.chat;
    const storage = new ChatStorage(
      this.loop,
      directory,
      chat.settings,
      chat.log,
      chat.rooms,
      chat.clock,
      chat.epoch,
    );
    storage.addPenalties("bans", chat.admission.bans);
    storage.addPenalties("mutes", chat.admission.mutes);
    const mistake = storage.open();
    if (mistake != "") return mistake;
    chat.attachStorage(storage);
    const commit = new CommitStorage(storage);
    chat.connections.beforeSending = commit;
    // Operators ban and mute even while nothing is sent to clients.
    this.loop.beforeWait(commit);
    return "";
  }

  onAccept(fd: Fd, proxied: bool): void {
    const chat = this.chat;
    if (!this.hasRoomFor(fd)) return;
    const id = ++this.arrivals;
    const name = `client-${id}`;
    const protocol = chat.protocols.withStyle(chat.settings.style);
    const session = new Session(this, chat.connections, id, fd, name, protocol, proxied);
    if (!proxied) this.onArrival(session);
  }

  onIrcAccept(fd: Fd, proxied: bool): void {
    if (!this.hasRoomFor(fd)) return;
    let irc = this.irc;
    if (irc === null) irc = new IrcServer(this.chat, this);
    this.irc = irc;
    const session = irc.accept(++this.arrivals, fd, proxied);
    if (!proxied) this.onArrival(session);
  }

  /** Counts an accepted connection, and closes it if there are too many. */
  private hasRoomFor(fd: Fd): bool {
    const chat = this.chat;
    chat.counters.accepted++;
    if (chat.connections.size < chat.settings.clients + REFUSALS_AT_A_TIME) return true;
    chat.counters.limits.add("people");
    close(fd);
    return false;
  }

  onAcceptFailed(errno: i32, retrySeconds: f64): void {
    this.chat.log.warnAcceptFailed(errno, retrySeconds);
  }

  onArrival(session: Session): void {
    const chat = this.chat;
    if (session.remote != "") session.user.host = chat.guestNames.hostFor(session.remote);
    // An IRC client chooses its nick itself. It becomes a user when it has registered: welcome.ts.
    if (session instanceof IrcSession) {
      chat.admission.admit(session);
      return;
    }
    if (session.remote != "") this.nameByAddress(session);
    if (chat.admission.admit(session)) chat.addUser(session);
  }

  /** Names a client after its address, which others see only if a setting says so. */
  private nameByAddress(session: Session): void {
    const users = this.chat.users;
    const settings = this.chat.settings;
    const address = session.remote;
    if (!settings.showsAddresses && settings.style != Style.TUTORIAL) {
      session.user.setName(this.chat.guestNames.nameFor(address, session.id, users));
    } else if (users.find(address) === null) {
      session.user.setName(address);
    }
  }

  onCommand(session: Session, command: Command): void {
    session.logArrival(this.chat.log, this.chat.users.size);
    if (command.id != CommandId.SAY) {
      runCommand(this.chat, session, command);
      // The first command may have changed the name or the room, so the announcement follows it.
      this.chat.announceAtFirstLine(session);
      session.connection.relieveOutbox();
      return;
    }
    if (session.user.mute !== null && this.chat.admission.refusesMuted(session)) return;
    let at = session.current;
    if (at === null || command.namesRoom) at = findMembership(this.chat, session, command.room);
    if (at === null || refusesSpeaking(session, at)) this.chat.announceAtFirstLine(session);
    else this.chat.say(session, at.room, MessageKind.MESSAGE, command.text, command.textBytes);
  }

  onForeignProtocol(session: Session, protocol: string): void {
    const who = clientText(session.user.name, session.remote);
    this.chat.log.info("another-protocol", `${who} speaks ${protocol}`);
  }

  onLimit(limit: string): void {
    this.chat.counters.limits.add(limit);
  }

  onClosing(session: Session): void {
    this.chat.removeUser(session);
  }

  onLeft(session: Session): void {
    this.chat.announceRemoval(session);
  }

  onClosed(session: Session, reason: CloseReason): void {
    const chat = this.chat;
    chat.counters.closed.add(closeReasonText(reason));
    const isLeft = reason == CloseReason.LEFT || reason == CloseReason.BROKEN;
    if (session.isLogged || !isLeft) {
      this.recentCloses.add(session.user.name, session.remote, reason, this.loop.now);
      this.chat.log.noteClosed(this.describeClosed(session, reason), chat.users.size);
    }
    if (chat.isStopping && chat.connections.size == 0) this.loop.stop();
  }

  private describeClosed(session: Session, reason: CloseReason): ClosedClient {
    return new ClosedClient(
      session.user.name,
      session.remote,
      reason,
      session.connection.received,
      session.connection.outbox.sentBytes,
      (this.loop.now - session.since) / NANOSECONDS_PER_SECOND,
    );
  }

  /**
   * Stops accepting, and closes all clients one by one within `seconds`.
   *
   * @returns false if the server is stopping already
   */
  drain(seconds: i32): bool {
    const chat = this.chat;
    if (chat.isStopping) return false;
    const words = `the server is going down: within ${seconds} s you are closed`;
    const users = chat.users.all();
    for (let i = 0; i < users.length; i++) users[i].tell(words);
    this.chat.log.info(
      "draining",
      `draining: ${countText(users.length, "person", "people")}, ${seconds} s`,
    );
    this.closeListeners();
    if (chat.connections.size == 0) this.loop.stop();
    else this.loop.callSoon(new Drain(this.loop, chat.users, this, seconds));
    return true;
  }

  /**
   * Stops accepting, closes all clients, and ends the loop once they are gone or after
   * STOP_SECONDS.
   */
  stop(): void {
    if (this.isEnding) return;
    this.isEnding = true;
    this.closeListeners();
    const connections = this.chat.connections;
    for (let i = 0; i < connections.size; i++) connections.get(i).close(CloseReason.STOPPING);
    if (connections.size == 0) this.loop.stop();
    else this.loop.callLater(STOP_SECONDS, new StopLoop(this.loop));
  }

  private closeListeners(): void {
    this.chat.isStopping = true;
    for (let i = 0; i < this.listeners.length; i++) this.listeners[i].close();
  }
}

/** Writes the journal before any client gets the messages. */
class CommitStorage extends Task {
  constructor(private storage: ChatStorage) {
    super();
  }

  run(): void {
    this.storage.commit();
  }
}

class TickEnd extends Task {
  constructor(
    private round: DeliveryRound,
    private users: UserDirectory,
  ) {
    super();
  }

  run(): void {
    // Not in release builds, since it checks all users.
    if (ASC_OPTIMIZE_LEVEL < 3) this.users.assertConsistent();
    this.round.endTick();
    if (ASC_OPTIMIZE_LEVEL < 3) this.users.assertConsistent();
  }
}
