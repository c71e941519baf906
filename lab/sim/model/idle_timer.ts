/**
 * How long one may say nothing, or leave a line unfinished. The module looks at everybody once a
 * second at most, so each end comes no sooner than its time, and little later.
 */
import { SECOND_NS } from "../../world/world.js";
import type { ChatSettings } from "./settings.js";
import type { Reason } from "./words.js";

/** A warning comes after three quarters of the time, or so long before its end. */
const WARNING_SECONDS = 60;

export class IdleTimer {
  #warnedAt = Infinity;
  #hasSpoken = false;
  #lineSince = Infinity;

  /** @param since when it was heard last, or came */
  constructor(private since: number) {}

  heard(now: number): void {
    this.since = now;
    this.#warnedAt = Infinity;
    this.#hasSpoken = true;
  }

  /**
   * What has come is dealt with, and a line is left unfinished, or is not.
   *
   * @param isNew whether it has begun just now
   */
  line(now: number, isUnfinished: boolean, isNew: boolean): void {
    if (!isUnfinished) this.#lineSince = Infinity;
    else if (isNew || this.#lineSince === Infinity) this.#lineSince = now;
  }

  /** Whether this is a reason by now to close it. */
  isDue(reason: Reason, now: number, settings: ChatSettings): boolean {
    if (reason === "unfinished line") return now >= this.#lineDue(settings);
    if (reason === "said nothing") return now >= this.#loginDue(settings);
    return reason === "idle" && now >= this.#idleEnd(settings);
  }

  /** Whether it is time to warn it. */
  mustWarn(now: number, settings: ChatSettings): boolean {
    return this.#warnedAt === Infinity && now >= this.#due(warnAfter(settings));
  }

  warn(now: number): void {
    this.#warnedAt = now;
  }

  /** When it must be warned or closed. */
  next(settings: ChatSettings): number {
    const isWarned = this.#warnedAt !== Infinity;
    const idle = isWarned ? this.#idleEnd(settings) : this.#due(warnAfter(settings));
    return Math.min(idle, this.#lineDue(settings), this.#loginDue(settings));
  }

  #due(seconds: number): number {
    return seconds === 0 ? Infinity : this.since + Math.floor(seconds * SECOND_NS);
  }

  /** Nobody is closed unwarned, nor sooner after the warning than it says. */
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
