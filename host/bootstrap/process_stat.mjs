/** Reads /proc/PID/stat, which Linux has and macOS has not. */
import fs from "node:fs";

/**
 * Returns the fields after the command's name. That name may contain spaces and brackets.
 * @param {number | "self"} pid
 * @returns {string[]} state, parent, process group, session, terminal, ...; index 19 is the start
 *   time
 * @throws if there is no such process, or no /proc
 */
export function processStat(pid) {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}
