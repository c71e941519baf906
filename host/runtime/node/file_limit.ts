/** How many files a process may have open. */
import fs from "node:fs";

/** Of this process and its children; 0 where that is not told, as outside of Linux. */
export function fileLimit(): number {
  try {
    const limits = fs.readFileSync("/proc/self/limits", "utf8");
    const soft = /^Max open files\s+(\S+)/m.exec(limits)?.[1] ?? "0";
    return soft === "unlimited" ? Infinity : Number(soft);
  } catch {
    return 0;
  }
}
