/** What must be true of each client whenever the module waits: nothing due is left undone. */
import { SECOND_NS } from "../../wasi/virtual/world.js";
import { OracleFailure } from "../failure.js";
import type { Member } from "./member.js";
import { CLOSE_NS, SLACK_NS, type ChatSettings } from "./settings.js";

export function isLongSlow(
  { slowSince }: Member<unknown>,
  { softSeconds }: ChatSettings,
  now: number,
): boolean {
  return slowSince !== undefined && now - slowSince >= softSeconds * SECOND_NS;
}

/** @param wokenAt when the wait before this one was over: what has come due since has to wait */
export function checkAtRest(
  member: Member<unknown>,
  settings: ChatSettings,
  wokenAt: number,
): void {
  const { broken, reason, owed, closingSince } = member;
  const who = member.name ?? "one who was turned away";
  if (broken || member.name === undefined) {
    throw new OracleFailure("close", `${who} is broken, and fd ${member.fd} not closed`);
  }
  if (reason === undefined) {
    if (isLongSlow(member, settings, wokenAt - SLACK_NS)) {
      throw new OracleFailure("limit", `${who} has been slow for too long: ${owed.bytes} bytes`);
    }
    if (owed.bytes > settings.hardLimit) {
      throw new OracleFailure("limit", `${who} is owed ${owed.bytes} bytes, and is not closed`);
    }
    return;
  }
  if (wokenAt - closingSince > CLOSE_NS + SLACK_NS) {
    throw new OracleFailure("close", `${who} (${reason}) is still there after 2 s`);
  }
  if (member.ended && owed.bytes === 0) {
    throw new OracleFailure("close", `${who} (${reason}) has all, and is not closed`);
  }
}
