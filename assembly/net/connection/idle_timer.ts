/**
 * How long a connection says nothing, and how long one of its lines takes. It only keeps the
 * times; the {@link IdleScan} comes by now and then and asks. Any byte counts as something said.
 */
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";
import { CloseReason } from "./close_reason";
import { ConnectionLimits } from "./connection_limits";

/** When nothing is due. */
export const NEVER: u64 = u64.MAX_VALUE;
/** A warning comes after three quarters of the time, or so long before its end, in seconds. */
const WARNING_SECONDS: f64 = 60;

export class IdleTimer {
  /** When it was warned, if it has been since it was last heard. */
  private warnedAt: u64 = NEVER;
  private hasSpoken: bool = false;
  /** When its unfinished line began. */
  private lineSince: u64 = NEVER;

  /** @param since when it was last heard, or has come; nanoseconds of the loop's clock */
  constructor(private since: u64) {}

  /** Bytes have come. */
  heard(now: u64): void {
    this.since = now;
    this.warnedAt = NEVER;
    this.hasSpoken = true;
  }

  /**
   * What has been read is dealt with.
   *
   * @param unfinished whether it ended within a line
   * @param isNew whether that line has begun in it
   * @returns whether an unfinished line begins here
   */
  line(now: u64, unfinished: bool, isNew: bool): bool {
    if (!unfinished) {
      this.lineSince = NEVER;
    } else if (isNew || this.lineSince == NEVER) {
      this.lineSince = now;
      return true;
    }
    return false;
  }

  /** Why it must be closed by now, or NONE. */
  fault(now: u64, limits: ConnectionLimits): CloseReason {
    if (now >= this.lineDue(limits)) return CloseReason.UNFINISHED;
    if (now >= this.loginDue(limits)) return CloseReason.SILENT;
    if (now >= this.idleEnd(limits)) return CloseReason.IDLE;
    return CloseReason.NONE;
  }

  /** Whether it must be warned by now. */
  mustWarn(now: u64, limits: ConnectionLimits): bool {
    return this.warnedAt == NEVER && now >= this.idleDue(warnAfter(limits));
  }

  /** It is warned. */
  warn(now: u64): void {
    this.warnedAt = now;
  }

  /** When to look again, at the latest. */
  due(limits: ConnectionLimits): u64 {
    const isWarned = this.warnedAt != NEVER;
    const idle = isWarned ? this.idleEnd(limits) : this.idleDue(warnAfter(limits));
    return min(idle, min(this.lineDue(limits), this.loginDue(limits)));
  }

  private idleDue(seconds: f64): u64 {
    return seconds == 0 ? NEVER : this.since + nanoseconds(seconds);
  }

  /**
   * When it has been silent for too long. Nobody is closed unwarned, nor sooner after the warning
   * than it says, though the warning be late: the look that should have given it may have come
   * late, or the whole machine have slept.
   */
  private idleEnd(limits: ConnectionLimits): u64 {
    if (this.warnedAt == NEVER || limits.idleSeconds == 0) return NEVER;
    const notice = nanoseconds(limits.idleSeconds - warnAfter(limits));
    return max(this.idleDue(limits.idleSeconds), this.warnedAt + notice);
  }

  private loginDue(limits: ConnectionLimits): u64 {
    return this.hasSpoken ? NEVER : this.idleDue(limits.loginSeconds);
  }

  private lineDue(limits: ConnectionLimits): u64 {
    if (this.lineSince == NEVER || limits.lineSeconds == 0) return NEVER;
    return this.lineSince + nanoseconds(limits.lineSeconds);
  }
}

/** Seconds of silence before the warning. */
export function warnAfter(limits: ConnectionLimits): f64 {
  const idle = limits.idleSeconds;
  return Math.max(idle * 0.75, idle - WARNING_SECONDS);
}

function nanoseconds(seconds: f64): u64 {
  return <u64>(seconds * <f64>NANOSECONDS_PER_SECOND);
}
