/** What a process has used of the processor so far. */
import { execFileSync } from "node:child_process";
import fs from "node:fs";

/** The unit of /proc/PID/stat: USER_HZ is 100 on every Linux that Node runs on. */
const TICK_SECONDS = 0.01;

export function cpuSeconds(pid: number): number {
  return process.platform === "linux" ? fromProc(pid) : fromPs(pid);
}

/** Percent of one core between two readings. */
export function cpuPercent(seconds: number, windowSeconds: number): number {
  return (100 * seconds) / windowSeconds;
}

/** User and system time: fields 14 and 15, counted after the name, which may hold anything. */
function fromProc(pid: number): number {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_SECONDS;
}

/** `[[days-]hours:]minutes:seconds.hundredths` */
function fromPs(pid: number): number {
  const time = execFileSync("ps", ["-o", "time=", "-p", String(pid)], { encoding: "utf8" }).trim();
  const [clock = "", days = "0"] = time.split("-").reverse();
  return clock.split(":").reduce((sum, part) => sum * 60 + Number(part), Number(days) * 24);
}
