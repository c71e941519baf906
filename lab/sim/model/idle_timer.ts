/**
 * Limits on silence and on unfinished lines. The guest looks at its clients once a second at most,
 * so a warning or a close never comes early, and may come a little late.
 */
import { SECOND_NS } from "../../world/world.js";
import type { ChatSettings } from "./settings.js";
import type { Reason } from "./words.js";

/** A warning comes after three quarters of the time, but at most this long before the end. */
const WARNING_SECONDS = 60;

export class IdleTimer {
  #warnedAt = Infinity;
  #hasSpoken = false;
  #lineSince = Infinity;

  /** @param since the time when the client was accepted or last heard, in nanoseconds */
  constructor(private since: number) {}

  heard(now: number): void {
    this.since = now;
    this.#warnedAt = Infinity;
    this.#hasSpoken = true;
  }

  /**
   * Records whether a line is left unfinished after the received bytes were handled.
   *
   * @param now the clock of the tick, in nanoseconds
   * @param isUnfinished true if a line is unfinished
   * @param isNew true if that line began just now
   */
  line(now: number, isUnfinished: boolean, isNew: boolean): void {
    if (!isUnfinished) this.#lineSince = Infinity;
    else if (isNew || this.#lineSince === Infinity) this.#lineSince = now;
  }

  /** Returns true if this reason to close the client holds now. */
  isDue(reason: Reason, now: number, settings: ChatSettings): boolean {
    if (reason === "unfinished line") return now >= this.#lineDue(settings);
    if (reason === "said nothing") return now >= this.#loginDue(settings);
    return reason === "idle" && now >= this.#idleEnd(settings);
  }

  /** Returns true if the client must be warned now. */
  mustWarn(now: number, settings: ChatSettings): boolean {
    return this.#warnedAt === Infinity && now >= this.#due(warnAfter(settings));
  }

  warn(now: number): void {
    this.#warnedAt = now;
  }

  /** Returns when the next warning or close is due, in nanoseconds; Infinity if none is. */
  next(settings: ChatSettings): number {
    const isWarned = this.#warnedAt !== Infinity;
    const idle = isWarned ? this.#idleEnd(settings) : this.#due(warnAfter(settings));
    return Math.min(idle, this.#lineDue(settings), this.#loginDue(settings));
  }

  #due(seconds: number): number {
    return seconds === 0 ? Infinity : this.since + Math.floor(seconds * SECOND_NS);
  }

  /** A client is never closed without a warning, nor earlier than the warning said. */
  #idleEnd(settings: ChatSettings): number {
    const { idleSeconds } = settings;
    if (this.#warnedAt === Infinity || idleSeconds === 0) return Infinity;
    const notice = Math.floor((idleSeconds - warnAfter(settings)) * SECOND_NS);
    return Math.max(this.#due(idleSeconds), this.#warnedAt + notice);
  }

  #loginDue({ loginSeconds }: ChatSettings): number {
    return this.#hasSpoken ? Infinity : this.#due(loginSeconds);
  }

  #lineDue({ lineSeconds }: ChatSettings): number {
    return lineSeconds === 0 ? Infinity : this.#lineSince + lineSeconds * SECOND_NS;
  }
}

export function warnAfter({ idleSeconds }: ChatSettings): number {
  return Math.max(idleSeconds * 0.75, idleSeconds - WARNING_SECONDS);
}
