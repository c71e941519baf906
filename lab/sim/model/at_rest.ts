/** What must be true of each client whenever the module waits: nothing due is left undone. */
import { OracleFailure } from "../failure.js";
import type { Member } from "./member.js";
import { SLACK_NS } from "./settings.js";

/** @param wokenAt when the wait before this one was over: what has come due since has to wait */
export function checkAtRest(
  member: Member<unknown>,
  { hardLimit }: { hardLimit: number },
  wokenAt: number,
): void {
  const { broken, reason, owed, end, name } = member;
  if (broken || !member.isHeard) {
    throw new OracleFailure("close", `${name} is broken, and fd ${member.fd} not closed`);
  }
  if (reason === undefined) {
    if (owed.bytes > hardLimit) {
      throw new OracleFailure("limit", `${name} is owed ${owed.bytes} bytes, and is not closed`);
    }
    return;
  }
  if (wokenAt > (end?.due ?? Infinity) + SLACK_NS) {
    throw new OracleFailure("close", `${name} (${reason}) is still there after 2 s`);
  }
  if (member.ended && owed.bytes === 0) {
    throw new OracleFailure("close", `${name} (${reason}) has all, and is not closed`);
  }
}
