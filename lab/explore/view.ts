/** Which moments a picture shows, and what stands around each of them. */
import type { Moment, Recording, Role } from "./moment.js";

/** Calls that belong to the lesson; the rest is the program's log and its preparations. */
const SHOWN: readonly Role[] = ["wait", "work", "verify"];

export function isShown(role: Role): boolean {
  return SHOWN.includes(role);
}

export function shownOf({ moments }: Recording, all = false): Moment[] {
  return moments.filter(({ kind, role = "other" }) => all || kind !== "call" || isShown(role));
}

/** The last wait that had begun or returned by then; undefined before the first. */
export function waitAt({ moments }: Recording, at: Moment): Moment | undefined {
  return before(
    moments,
    at,
    ({ role, kind }) => role === "wait" && (kind === "call" || kind === "sleep"),
  );
}

/** What the last read of this turn has copied into the program; undefined: nothing yet. */
export function readAt({ moments }: Recording, at: Moment): Moment | undefined {
  const isRead = ({ kind, role, call }: Moment) =>
    kind === "call" && role === "work" && call?.name === "sock_recv" && call.moved > 0;
  const found = before(moments, at, (one) => isRead(one) || one.role === "wait");
  return found !== undefined && isRead(found) ? found : undefined;
}

/** The last moment with a stack by then: where the program is. */
export function placeAt({ moments }: Recording, at: Moment): Moment | undefined {
  return before(moments, at, ({ frames = [] }) => frames.length > 0);
}

/** 1: the program waits; 2: a copy has just been made; 0: neither. */
export function phaseAt(recording: Recording, at: Moment): 0 | 1 | 2 {
  if (at.asleep) return 1;
  return readAt(recording, at) === at ? 2 : 0;
}

/** So many moments from the start are the same in both. */
export function sameUntil(one: Recording, other: Recording): number {
  const length = Math.min(one.moments.length, other.moments.length);
  for (let n = 0; n < length; n++) if (one.moments[n]?.hash !== other.moments[n]?.hash) return n;
  return length;
}

function before(
  moments: readonly Moment[],
  at: Moment,
  is: (moment: Moment) => boolean,
): Moment | undefined {
  for (let n = at.n; n >= 0; n--) {
    const one = moments[n];
    if (one !== undefined && is(one)) return one;
  }
  return undefined;
}
