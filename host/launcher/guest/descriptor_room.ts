/**
 * Enlarges a guest's descriptor table before it starts. The Linux kernel doubles the table of a
 * process as it fills. In a process with threads, each doubling waits for all cores: for 5 to 100
 * ms no client is accepted, and in a burst the backlog overflows.
 *
 * Between fork and exec there are no threads. So the child is spawned with a list of
 * ROOM_DESCRIPTORS stdio entries, all but one of them ignored. libuv first duplicates the one entry
 * to a descriptor above all others. This makes the table large, and it stays large after exec has
 * closed the duplicate.
 */
import { fileLimit } from "../../runtime/node/file_limit.js";

/** The descriptors that a guest has room for: 10,000 clients, and some more. */
export const ROOM_DESCRIPTORS = 10_240;
/** The number of descriptors kept free, for the duplicate and for short uses. */
const SPARE = 64;
/** The descriptor that the one entry becomes. 9 is the highest that a POSIX shell can close. */
const PASSED_ON = 9;

/** The shell command that closes it again. */
export const CLOSE_PASSED_ON = `exec ${PASSED_ON}>&-; `;

/**
 * Returns the stdio entries that follow the first `taken` ones. Returns none if they are not
 * needed, or if the limit of open files is too low.
 */
export function roomAfter(taken: number): ("ignore" | number)[] {
  const last = Math.min(ROOM_DESCRIPTORS, fileLimit() - SPARE);
  if (taken > PASSED_ON || last <= PASSED_ON) return [];
  const descriptors = Array.from({ length: last - taken }, (): "ignore" | number => "ignore");
  // The entry is stderr. libuv duplicates upwards only an entry whose number is below its target.
  descriptors[PASSED_ON - taken] = 2;
  return descriptors;
}
