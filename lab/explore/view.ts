/** Selects the moments that a picture shows, and finds the state around a moment. */
import type { Moment, Recording, Role } from "./moment.js";

/** The calls that belong to the lesson; the others are the program's log and its preparations. */
const SHOWN: readonly Role[] = ["wait", "work", "verify"];

export function isShown(role: Role): boolean {
  return SHOWN.includes(role);
}

export function shownOf({ moments }: Recording, all = false): Moment[] {
  return moments.filter(({ kind, role = "other" }) => all || kind !== "call" || isShown(role));
}

/** Returns the last wait that had begun or returned by then; undefined before the first. */
export function waitAt({ moments }: Recording, at: Moment): Moment | undefined {
  return before(
    moments,
    at,
    ({ role, kind }) => role === "wait" && (kind === "call" || kind === "sleep"),
  );
}

/** Returns the last read since the latest wait; undefined if there is none. */
export function readAt({ moments }: Recording, at: Moment): Moment | undefined {
  const isRead = ({ kind, role, call }: Moment) =>
    kind === "call" && role === "work" && call?.name === "sock_recv" && call.moved > 0;
  const found = before(moments, at, (one) => isRead(one) || one.role === "wait");
  return found !== undefined && isRead(found) ? found : undefined;
}

/** Returns the last moment with a stack by then, which shows the program's place. */
export function placeAt({ moments }: Recording, at: Moment): Moment | undefined {
  return before(moments, at, ({ frames = [] }) => frames.length > 0);
}

/** Returns 1 while the program waits, 2 if a copy has just been made, else 0. */
export function phaseAt(recording: Recording, at: Moment): 0 | 1 | 2 {
  if (at.asleep) return 1;
  return readAt(recording, at) === at ? 2 : 0;
}

/** Returns the number of moments from the start that are the same in both. */
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
