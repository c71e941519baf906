/**
 * Handles the guest's reports about clients: lines that wait for a rate limiter, answers to telnet,
 * and warnings.
 */
import { OracleFailure } from "../failure.js";
import type { ChatModel } from "./chat.js";
import { warnAfter } from "./idle_timer.js";

export class ProbeReports {
  constructor(private readonly chat: ChatModel<unknown>) {}

  /** Handles the report that a rate limit is reached: the client's lines wait. */
  waitsForTurn(fd: number): void {
    this.chat.settle();
    this.chat.server.input.wait(this.chat.find(fd, "let wait"));
  }

  /**
   * Handles the report that a client's lines wait for a rate limit, or until it has read its
   * answers.
   */
  holdsLines(fd: number): void {
    this.chat.settle();
    const session = this.chat.sessions.get(fd);
    if (session?.isOpen === true) this.chat.server.input.hold(session);
  }

  /** Handles the report that the guest continues with a client whose lines have waited. */
  takesTurn(fd: number): void {
    this.chat.finishClient();
    this.chat.server.input.takeTurn(this.chat.find(fd, "given a turn"));
  }

  /**
   * Handles the report that a client's line counts as `lines` further lines, because it or its
   * answer is long.
   */
  charges(fd: number, lines: number): void {
    this.chat.settle();
    this.chat.server.input.charge(this.chat.find(fd, "charged"), lines);
  }

  /**
   * Handles the report that the guest delivers the bytes of groups. The guest decides the order of
   * rooms.
   */
  delivers(): void {
    this.chat.settleBeforeSend();
    const { written } = this.chat.server.rooms;
    if (written.length === 0) return;
    for (const session of this.chat.sessions.values()) session.outbox.deliver(written);
    written.length = 0;
  }

  answersTelnet(fd: number, bytes: Buffer): void {
    this.chat.settle();
    this.chat.server.input.answerTelnet(this.chat.find(fd, "answered"), bytes);
  }

  answersAreYouThere(fd: number): void {
    this.chat.settle();
    this.chat.server.input.areYouThere(this.chat.find(fd, "answered"));
  }

  tellsFlood(fd: number, isShared: boolean): void {
    this.chat.settle();
    this.chat.server.input.flood(this.chat.find(fd, "told"), isShared);
  }

  /** Handles the report that a room is told of its pending joins and leaves. */
  announces(room: string): void {
    this.chat.finishClient();
    this.chat.server.announcements.tell(room);
  }

  tellsIdle(fd: number): void {
    this.chat.finishClient();
    const session = this.chat.find(fd, "told");
    const { settings } = this.chat;
    if (!session.idleTimer.mustWarn(this.chat.server.context.tickNow(), settings)) {
      throw new OracleFailure("limit", `${session.name} is warned of its silence too soon`);
    }
    session.idleTimer.warn(this.chat.server.context.tickNow());
    const seconds = Math.floor(settings.idleSeconds - warnAfter(settings));
    const words = `you have said nothing for long: in ${seconds} s you are closed, unless you do`;
    this.chat.server.tell(session, words);
  }

  /**
   * Handles the report that a client reads slowly: the guest throttles the speakers of its room.
   */
  appliesBackpressure(fd: number): void {
    this.chat.settle();
    const session = this.chat.find(fd, "pressed");
    if (session.outbox.bytes > this.chat.settings.hardLimit / 2)
      this.chat.server.appliesBackpressure(session);
    else throw new OracleFailure("limit", `others wait for ${session.name}, which reads well`);
  }
}
