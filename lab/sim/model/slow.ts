/** Who is owed too much: it is closed at once, or in a while, and those who speak to it wait. */
import type { Hall } from "./hall.js";
import { PRESSURE_NS } from "./settings.js";
import type { Person } from "./steps.js";

/** @returns whether what is left is too much, at once */
export function judgeSlow(hall: Hall, member: Person, left: number): boolean {
  const { softLimit, hardLimit, softSeconds } = hall.settings;
  if (left > hardLimit) return true;
  if (left <= softLimit) {
    member.slow?.cancel();
    member.slow = undefined;
  } else {
    member.slow ??= hall.timers.add(softSeconds, () => hall.close(member, "too slow"));
  }
  const { tookLate } = member;
  if (left <= Math.floor(hardLimit / 2) || tookLate === member.waitedForAt) return false;
  member.waitedForAt = tookLate;
  member.pressedUntil = hall.around.tickNow() + PRESSURE_NS;
  if (member.room) member.room.pressedUntil = member.pressedUntil;
  return false;
}
