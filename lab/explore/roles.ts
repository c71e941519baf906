/**
 * Derives the purpose of a call from the call alone, so that it is the same in a browser that has
 * no stacks. A test compares it with the stacks.
 */
import { Errno } from "../../host/runtime/abi.js";
import type { Call, Poll } from "./calls.js";
import type { Moment, Role } from "./moment.js";

const STDOUT = 1;
const STDERR = 2;

/** @param before the role of the previous call */
export function roleOf({ name, fd = -1, peeks, poll }: Call, before: Role): Role {
  const mayVerify = before === "wait" || before === "verify";
  if (poll !== undefined) return pollRole(poll, mayVerify);
  if (name === "sock_recv" && peeks) return mayVerify ? "verify" : "other";
  if (name.startsWith("sock_")) return "work";
  if (name === "fd_write") return "log";
  return name === "fd_read" || (name === "fd_close" && fd > STDERR) ? "work" : "other";
}

function pollRole({ watched, hasClock }: Poll, mayVerify: boolean): Role {
  if (watched.some(({ fd }) => fd === STDOUT || fd === STDERR)) return "log";
  if (!hasClock) return "wait";
  return mayVerify ? "verify" : "other";
}

/** Returns true for the same poll with the same result as the last one, if neither has waited. */
export function samePoll(last: Moment, call: Call, errno: number): boolean {
  const [one, other] = [last.call?.poll, call.poll];
  if (one === undefined || other === undefined || last.errno !== errno) return false;
  if (other.waited !== 0 || one.hasClock !== other.hasClock) return false;
  return JSON.stringify([one.watched, one.told]) === JSON.stringify([other.watched, other.told]);
}

/** Returns true for an accept or a read that finds nothing. */
export function isIdleAsk(call: Call | undefined, errno: number | undefined): boolean {
  if (call === undefined || errno !== Errno.AGAIN || call.peeks) return false;
  return call.name === "sock_accept" || call.name === "sock_recv";
}
