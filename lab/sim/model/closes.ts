/**
 * Rules for the end of connections: each close needs a reason that holds, and a connection that has
 * such a reason is closed in time.
 */
import { SECOND_NS } from "../../world/world.js";
import { OracleFailure } from "../failure.js";
import type { Drain } from "./drain.js";
import type { ServerModel } from "./server.js";
import type { Session } from "./session.js";
import { answerBytes, type ChatSettings, PROXY_NS, SLACK_NS } from "./settings.js";
import type { Reason } from "./words.js";

/** The guest looks for idle clients at this interval. */
const CHECK_INTERVAL_NS = SECOND_NS;

/**
 * The reasons for which the guest closes a client by its own decision. The other reasons follow
 * from input that the model knows.
 */
export const OWN_DECISIONS: readonly Reason[] = [
  ...(["left", "too slow", "flood", "idle", "said nothing", "unfinished line"] as const),
  ...(["no proxy header in time", "server draining"] as const),
];

interface Moment {
  server: ServerModel;
  /** The clock of the tick in which the guest reports the close, in nanoseconds. */
  now: number;
  drain: Drain | undefined;
}

/** The conditions of the reasons, except those of the idle timer. */
const HOLDS: Partial<Record<Reason, (session: Session, moment: Moment) => boolean>> = {
  left: ({ ended, lines }) => ended && lines.last() === undefined,
  "too slow": ({ isTooSlow, outbox, slowSince = Infinity }, { server: { settings }, now }) =>
    isTooSlow ||
    outbox.bytes > settings.hardLimit ||
    now >= slowSince + settings.softSeconds * SECOND_NS,
  flood: (session, { now }) =>
    session.rateLimiter.mustCloseForFlood(now) ||
    session.addressLimiter?.mustCloseForFlood(session, now) === true,
  "no proxy header in time": ({ proxied, proxyHeader, since }, { now }) =>
    proxied && proxyHeader !== undefined && now >= since + PROXY_NS,
  "server draining": (session, { drain }) => drain?.sendsAway(session) === true,
};

export function reasonHolds(reason: Reason, session: Session, moment: Moment): boolean {
  const found = HOLDS[reason];
  if (found !== undefined) return found(session, moment);
  return session.idleTimer.isDue(reason, moment.now, moment.server.settings);
}

/** Updates the slow consumer state of a session after the socket took what it could. */
export function updateSlowness(session: Session, settings: ChatSettings): void {
  const { hardLimit, softLimit } = settings;
  session.isBehind = session.outbox.bytes >= answerBytes(settings);
  if (session.outbox.bytes > hardLimit) session.isTooSlow = true;
  if (session.outbox.bytes <= softLimit) session.slowSince = undefined;
}

/**
 * Checks a session when the guest waits: nothing that is due may be left undone.
 *
 * @param wokenAt the time when the guest's previous wait ended, in nanoseconds: it may handle later
 *   input after its next wait
 */
export function checkAtRest(session: Session, server: ServerModel, wokenAt: number): void {
  const { broken, reason, outbox, end, name } = session;
  if (broken || !session.isHeard) {
    throw new OracleFailure("close", `${name} is broken, and fd ${session.fd} not closed`);
  }
  if (reason === undefined) {
    checkOpen(session, server, wokenAt);
    return;
  }
  if (wokenAt > (end?.most ?? Infinity) + SLACK_NS) {
    throw new OracleFailure("close", `${name} (${reason}) is still there after 2 s`);
  }
  if (session.ended && outbox.bytes === 0) {
    throw new OracleFailure("close", `${name} (${reason}) has all, and is not closed`);
  }
}

function checkOpen(session: Session, server: ServerModel, wokenAt: number): void {
  const { outbox, name, proxied, proxyHeader, since, slowSince = Infinity, idleTimer } = session;
  const { settings, limits } = server;
  const isLate = (due: number) =>
    wokenAt > Math.max(due, limits.changedAt) + CHECK_INTERVAL_NS + server.slack;
  if (outbox.bytes > limits.most.hardLimit) {
    throw new OracleFailure("limit", `${name} is owed ${outbox.bytes} bytes, and is not closed`);
  }
  session.isTooSlow = false;
  session.isBehind = outbox.bytes >= answerBytes(settings);
  if (outbox.bytes <= settings.softLimit) session.slowSince = undefined;
  else session.slowSince ??= wokenAt;
  if (isLate(slowSince + settings.softSeconds * SECOND_NS)) {
    throw new OracleFailure("limit", `${name} reads slowly for too long, and is not closed`);
  }
  if (session.ended) throw new OracleFailure("close", `${name} has left, and is not closed`);
  if (proxied && proxyHeader !== undefined && isLate(since + PROXY_NS)) {
    throw new OracleFailure("limit", `${name} has sent no header, and is not closed`);
  }
  if (!session.isQueued && isLate(idleTimer.next(settings))) {
    throw new OracleFailure("limit", `${name} is silent, and neither warned nor closed`);
  }
}
