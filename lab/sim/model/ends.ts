/** Why and when connections end: each end has a true reason, and what has a reason ends in time. */
import { SECOND_NS } from "../../world/world.js";
import { OracleFailure } from "../failure.js";
import type { Drain } from "./drain.js";
import type { Hall } from "./hall.js";
import type { Member, Person } from "./member.js";
import { type ChatSettings, PROXY_NS, SLACK_NS } from "./settings.js";
import type { Reason } from "./words.js";

/** Between two looks at who is silent. */
const LOOK_NS = SECOND_NS;

/** Those that the module finds, of its own accord; all others follow from what it was told. */
export const FOUND: readonly Reason[] = [
  ...(["left", "too slow", "flood", "idle", "said nothing", "unfinished line"] as const),
  ...(["no proxy header in time", "server draining"] as const),
];

interface Moment {
  hall: Hall;
  /** The clock of the tick in which the module says that it closes this one. */
  now: number;
  drain: Drain | undefined;
}

/** When a reason is true that is not of silence. */
const TRUE: Partial<Record<Reason, (person: Person, moment: Moment) => boolean>> = {
  left: ({ ended, lines }) => ended && lines.last() === undefined,
  "too slow": ({ isTooSlow, owed, slowSince = Infinity }, { hall: { settings }, now }) =>
    isTooSlow ||
    owed.bytes > settings.hardLimit ||
    now >= slowSince + settings.softSeconds * SECOND_NS,
  flood: (person, { now }) =>
    person.pace.isOverdue(now) || person.origin?.isOverdue(person, now) === true,
  "no proxy header in time": ({ proxied, first, since }, { now }) =>
    proxied && first !== undefined && now >= since + PROXY_NS,
  "server draining": (person, { drain }) => drain?.sendsAway(person) === true,
};

export function isTrue(reason: Reason, person: Person, moment: Moment): boolean {
  const found = TRUE[reason];
  if (found !== undefined) return found(person, moment);
  return person.silence.isDue(reason, moment.now, moment.hall.settings);
}

/** Somebody has been sent what its socket takes, and is owed the rest. */
export function judge(person: Person, { hardLimit, softLimit }: ChatSettings): void {
  if (person.owed.bytes > hardLimit) person.isTooSlow = true;
  if (person.owed.bytes <= softLimit) person.slowSince = undefined;
}

/**
 * What must be true of each client whenever the module waits: nothing due is left undone.
 *
 * @param wokenAt when the wait before this one was over: what has come due since has to wait
 */
export function checkAtRest(member: Member<unknown>, hall: Hall, wokenAt: number): void {
  const { broken, reason, owed, end, name } = member;
  if (broken || !member.isHeard) {
    throw new OracleFailure("close", `${name} is broken, and fd ${member.fd} not closed`);
  }
  if (reason === undefined) {
    checkOpen(member, hall, wokenAt);
    return;
  }
  if (wokenAt > (end?.most ?? Infinity) + SLACK_NS) {
    throw new OracleFailure("close", `${name} (${reason}) is still there after 2 s`);
  }
  if (member.ended && owed.bytes === 0) {
    throw new OracleFailure("close", `${name} (${reason}) has all, and is not closed`);
  }
}

function checkOpen(member: Member<unknown>, hall: Hall, wokenAt: number): void {
  const { owed, name, proxied, first, since, slowSince = Infinity, silence } = member;
  const { settings, limits } = hall;
  const isLate = (due: number) => wokenAt > Math.max(due, limits.changedAt) + LOOK_NS + hall.slack;
  if (owed.bytes > limits.most.hardLimit) {
    throw new OracleFailure("limit", `${name} is owed ${owed.bytes} bytes, and is not closed`);
  }
  member.isTooSlow = false;
  if (owed.bytes <= settings.softLimit) member.slowSince = undefined;
  else member.slowSince ??= wokenAt;
  if (isLate(slowSince + settings.softSeconds * SECOND_NS)) {
    throw new OracleFailure("limit", `${name} reads slowly for too long, and is not closed`);
  }
  if (member.ended) throw new OracleFailure("close", `${name} has left, and is not closed`);
  if (proxied && first !== undefined && isLate(since + PROXY_NS)) {
    throw new OracleFailure("limit", `${name} has sent no header, and is not closed`);
  }
  if (!member.isQueued && isLate(silence.next(settings))) {
    throw new OracleFailure("limit", `${name} is silent, and neither warned nor closed`);
  }
}
