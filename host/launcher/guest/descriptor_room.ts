/**
 * Room for a guest's descriptors, made before it lives. The kernel doubles a process's table of
 * them as it fills, and if the process has threads, waits for all cores each time: 5 to 100 ms in
 * which newcomers are not served, and the queue of a storm of them overflows. Between fork and exec
 * there are no threads. So the child is given what Node can pass on only by a detour over a
 * descriptor behind all others: with that one, which exec closes, the table is large, and stays so.
 */
import { fileLimit } from "../../runtime/node/file_limit.js";

/** Descriptors that a guest has room for without waiting: 10,000 clients and what is beside. */
export const ROOM_DESCRIPTORS = 10_240;
/** The detour and what else may be needed for a moment. */
const SPARE = 64;
/** Where what is passed on arrives: the last descriptor that a shell's words can close. */
const PASSED_ON = 9;

/** What the shell does first: it closes what has been passed on. */
export const CLOSE_PASSED_ON = `exec ${PASSED_ON}>&-; `;

/**
 * What follows a child's other descriptors, of which there are `taken`; nothing where there is no
 * need or no place.
 */
export function roomAfter(taken: number): ("ignore" | number)[] {
  const last = Math.min(ROOM_DESCRIPTORS, fileLimit() - SPARE);
  if (taken > PASSED_ON || last <= PASSED_ON) return [];
  const descriptors = Array.from({ length: last - taken }, (): "ignore" | number => "ignore");
  // Stderr: the detour is for those whose number is below the one they arrive at.
  descriptors[PASSED_ON - taken] = 2;
  return descriptors;
}
