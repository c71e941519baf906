/** What the kernel tells of a process in /proc. Linux has that, macOS has not. */
import fs from "node:fs";

/**
 * @param {number | "self"} pid
 * @returns {string[]} the fields after the command's name, which may hold spaces and brackets:
 *   state, parent, process group, session, terminal, ...; the start time is at 19
 * @throws where there is no such process, or no /proc
 */
export function processStat(pid) {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}
