/** What the module tells of its clients: who waits, who goes on, who is told what. */
import { OracleFailure } from "../failure.js";
import type { ChatModel } from "./chat.js";
import { warnAfter } from "./silence.js";

export class Told {
  constructor(private readonly chat: ChatModel<unknown>) {}

  /** The module lets the lines of a client wait, as a limit is reached. */
  waitsForTurn(fd: number): void {
    this.chat.settle();
    this.chat.hall.intake.wait(this.chat.find(fd, "let wait"));
  }

  /** The module goes on with the lines of a client that have waited. */
  takesTurn(fd: number): void {
    this.chat.turnsAway();
    this.chat.hall.intake.takeTurn(this.chat.find(fd, "given a turn"));
  }

  /** The module counts a client's line as so many lines more. */
  charges(fd: number, lines: number): void {
    this.chat.settle();
    this.chat.hall.intake.charge(this.chat.find(fd, "charged"), lines);
  }

  answersTelnet(fd: number, bytes: Buffer): void {
    this.chat.settle();
    this.chat.hall.intake.answerTelnet(this.chat.find(fd, "answered"), bytes);
  }

  answersAreYouThere(fd: number): void {
    this.chat.settle();
    this.chat.hall.intake.areYouThere(this.chat.find(fd, "answered"));
  }

  tellsFlood(fd: number, isShared: boolean): void {
    this.chat.settle();
    this.chat.hall.intake.flood(this.chat.find(fd, "told"), isShared);
  }

  tellsIdle(fd: number): void {
    this.chat.turnsAway();
    const person = this.chat.find(fd, "told");
    const { settings } = this.chat;
    if (!person.silence.mustWarn(this.chat.hall.around.tickNow(), settings)) {
      throw new OracleFailure("limit", `${person.name} is warned of its silence too soon`);
    }
    person.silence.warn(this.chat.hall.around.tickNow());
    const seconds = Math.floor(settings.idleSeconds - warnAfter(settings));
    const words = `you have said nothing for long: in ${seconds} s you are closed, unless you do`;
    this.chat.hall.tell(person, words);
  }

  /** The module lets those wait who speak to a client that reads slowly. */
  presses(fd: number): void {
    const person = this.chat.find(fd, "pressed");
    if (person.owed.bytes > this.chat.settings.hardLimit / 2) this.chat.hall.presses(person);
    else throw new OracleFailure("limit", `others wait for ${person.name}, which reads well`);
  }
}
