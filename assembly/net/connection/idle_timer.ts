/**
 * The silence of one connection, and the duration of its unfinished line. This class only keeps the
 * times; the {@link IdleScan} asks for them now and then. Any byte ends the silence.
 */
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";
import { CloseReason } from "./close_reason";
import { ConnectionLimits } from "./connection_limits";

/** A deadline that never comes. */
export const NEVER: u64 = u64.MAX_VALUE;
/**
 * The warning comes after 3/4 of the allowed silence, and at most this many seconds before its end.
 */
const WARNING_SECONDS: f64 = 60;

export class IdleTimer {
  /** The time of the warning, if there was one in the present silence. */
  private warnedAt: u64 = NEVER;
  private hasSpoken: bool = false;
  /** The time when the unfinished line began. */
  private lineSince: u64 = NEVER;

  /** @param since the time of the last input, or of the arrival; nanoseconds of the loop's clock */
  constructor(private since: u64) {}

  /** Records input. */
  noteInput(now: u64): void {
    this.since = now;
    this.warnedAt = NEVER;
    this.hasSpoken = true;
  }

  /**
   * Records the state of the line after a read was handled.
   *
   * @param unfinished true if the read ended within a line
   * @param isNew true if that line began in this read
   * @returns true if the timeout of an unfinished line starts here
   */
  noteLine(now: u64, unfinished: bool, isNew: bool): bool {
    if (!unfinished) {
      this.lineSince = NEVER;
    } else if (isNew || this.lineSince == NEVER) {
      this.lineSince = now;
      return true;
    }
    return false;
  }

  /** Returns the reason for which the connection must be closed now, or NONE. */
  expiredReason(now: u64, limits: ConnectionLimits): CloseReason {
    if (now >= this.lineDeadline(limits)) return CloseReason.UNFINISHED;
    if (now >= this.loginDeadline(limits)) return CloseReason.SILENT;
    if (now >= this.idleCloseTime(limits)) return CloseReason.IDLE;
    return CloseReason.NONE;
  }

  /** Returns true if the client must be warned now. */
  mustWarn(now: u64, limits: ConnectionLimits): bool {
    return this.warnedAt == NEVER && now >= this.dueAfter(warnAfter(limits));
  }

  /** Records the warning. */
  noteWarning(now: u64): void {
    this.warnedAt = now;
  }

  /** Returns the time of the next deadline, or NEVER. */
  nextDeadline(limits: ConnectionLimits): u64 {
    const isWarned = this.warnedAt != NEVER;
    const idle = isWarned ? this.idleCloseTime(limits) : this.dueAfter(warnAfter(limits));
    return min(idle, min(this.lineDeadline(limits), this.loginDeadline(limits)));
  }

  /** Returns the time at which the client has been silent for some seconds; NEVER for 0. */
  private dueAfter(seconds: f64): u64 {
    return seconds == 0 ? NEVER : this.since + nanoseconds(seconds);
  }

  /**
   * Returns the time at which a silent client is closed. A client is always warned first, and gets
   * the full time after the warning, even if the warning was late, for example after the machine
   * slept.
   */
  private idleCloseTime(limits: ConnectionLimits): u64 {
    if (this.warnedAt == NEVER || limits.idleSeconds == 0) return NEVER;
    const notice = nanoseconds(limits.idleSeconds - warnAfter(limits));
    return max(this.dueAfter(limits.idleSeconds), this.warnedAt + notice);
  }

  private loginDeadline(limits: ConnectionLimits): u64 {
    return this.hasSpoken ? NEVER : this.dueAfter(limits.loginSeconds);
  }

  private lineDeadline(limits: ConnectionLimits): u64 {
    if (this.lineSince == NEVER || limits.lineSeconds == 0) return NEVER;
    return this.lineSince + nanoseconds(limits.lineSeconds);
  }
}

/** Returns the silence before the warning, in seconds. */
export function warnAfter(limits: ConnectionLimits): f64 {
  const idle = limits.idleSeconds;
  return Math.max(idle * 0.75, idle - WARNING_SECONDS);
}

function nanoseconds(seconds: f64): u64 {
  return <u64>(seconds * <f64>NANOSECONDS_PER_SECOND);
}
