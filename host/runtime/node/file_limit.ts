/** The limit of open files (RLIMIT_NOFILE). */
import fs from "node:fs";

/**
 * Returns the soft limit of this process, which its children inherit. Returns Infinity if there is
 * none, and 0 if it is unknown, as on systems other than Linux.
 */
export function fileLimit(): number {
  try {
    const limits = fs.readFileSync("/proc/self/limits", "utf8");
    const soft = /^Max open files\s+(\S+)/m.exec(limits)?.[1] ?? "0";
    return soft === "unlimited" ? Infinity : Number(soft);
  } catch {
    return 0;
  }
}
