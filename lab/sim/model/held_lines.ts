/**
 * Lines that wait until their client has read its answers. The model checks the reason and the
 * duration of the wait.
 */
import { SECOND_NS } from "../../world/world.js";
import { OracleFailure } from "../failure.js";
import type { ServerModel } from "./server.js";
import type { Session } from "./session.js";
import { answerBytes } from "./settings.js";

/** Checks a session whose lines the guest holds: its outbox must be large. */
export function checkHolding(session: Session, server: ServerModel): void {
  if (session.outbox.bytes >= answerBytes(server.settings) || isNew(server)) return;
  throw new OracleFailure("limit", `${session.name} has lines that wait, and no answers to read`);
}

/**
 * Checks, whenever the guest waits, that no lines wait for a small outbox, unless a slow consumer
 * holds the client back as well.
 *
 * @param at the time when the guest's previous wait ended, in nanoseconds
 */
export function checkHeld(session: Session, server: ServerModel, at: number): void {
  const isSmall = session.isHeld && session.outbox.bytes < answerBytes(server.settings);
  const isDue = isSmall && at >= session.heldBackUntil;
  session.heldWaits = isDue ? session.heldWaits + 1 : 0;
  // One wait may come between the send and the turn.
  if (session.heldWaits < 3 || isNew(server)) return;
  throw new OracleFailure("limit", `${session.name} has lines that wait, and has read its answers`);
}

/** Returns true if a limit was changed just now. */
function isNew(server: ServerModel): boolean {
  return server.context.tickNow() < server.limits.changedAt + 2 * SECOND_NS;
}
