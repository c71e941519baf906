/** Reads the CPU time of a process. */
import { execFileSync } from "node:child_process";
import { processStat } from "../../host/bootstrap/process_stat.mjs";

/** The unit of /proc/PID/stat: USER_HZ is 100 on every Linux that Node runs on. */
const TICK_SECONDS = 0.01;

export function cpuSeconds(pid: number): number {
  return process.platform === "linux" ? fromProc(pid) : fromPs(pid);
}

/** Returns the CPU usage between two readings, in percent of one core. */
export function cpuPercent(seconds: number, windowSeconds: number): number {
  return (100 * seconds) / windowSeconds;
}

/** Returns user and system time in seconds. */
function fromProc(pid: number): number {
  const fields = processStat(pid);
  return (Number(fields[11]) + Number(fields[12])) * TICK_SECONDS;
}

/** Reads ps's form `[[days-]hours:]minutes:seconds.hundredths`. */
function fromPs(pid: number): number {
  const time = execFileSync("ps", ["-o", "time=", "-p", String(pid)], { encoding: "utf8" }).trim();
  const [clock = "", days = "0"] = time.split("-").reverse();
  return clock.split(":").reduce((sum, part) => sum * 60 + Number(part), Number(days) * 24);
}
