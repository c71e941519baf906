/**
 * What a call is for, told from the call alone: so it is the same in a browser that shows no
 * stacks. A test compares it with what the stacks say.
 */
import { Errno } from "../../host/runtime/abi.js";
import type { Call, Poll } from "./calls.js";
import type { Moment, Role } from "./moment.js";

const STDOUT = 1;
const STDERR = 2;

/** @param before the role of the call before it */
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

/** Whether it is the same poll with the same answer as the last one, and neither has waited. */
export function samePoll(last: Moment, call: Call, errno: number): boolean {
  const [one, other] = [last.call?.poll, call.poll];
  if (one === undefined || other === undefined || last.errno !== errno) return false;
  if (other.waited !== 0 || one.hasClock !== other.hasClock) return false;
  return JSON.stringify([one.watched, one.told]) === JSON.stringify([other.watched, other.told]);
}

/** A call that asks whether there is something, and is told that there is nothing. */
export function isIdleAsk(call: Call | undefined, errno: number | undefined): boolean {
  if (call === undefined || errno !== Errno.AGAIN || call.peeks) return false;
  return call.name === "sock_accept" || call.name === "sock_recv";
}
