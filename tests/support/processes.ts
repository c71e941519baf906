/** Inspects processes through /proc; the host tests run on Linux. */
import fs from "node:fs";
import { processStat } from "../../host/bootstrap/process_stat.mjs";

export function isAlive(pid: number): boolean {
  try {
    // A zombie has ended; that nobody has fetched its status yet is another's affair.
    return processStat(pid)[0] !== "Z";
  } catch {
    return false;
  }
}

/** Pids of the living children of a process. */
export function childrenOf(pid: number): number[] {
  return allPids().filter((candidate) => {
    try {
      const [state, parent] = processStat(candidate);
      return state !== "Z" && Number(parent) === pid;
    } catch {
      return false;
    }
  });
}

export function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
}

/** Returns true if a process is blocked in a wait. */
export function isAsleep(pid: number): boolean {
  return processStat(pid)[0] === "S";
}

export function processGroupOf(pid: number): number {
  return Number(processStat(pid)[2]);
}

export function environmentOf(pid: number): Record<string, string> {
  const entries = fs.readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").filter(Boolean);
  return Object.fromEntries(
    entries.map((entry) => {
      const equals = entry.indexOf("=");
      return [entry.slice(0, equals), entry.slice(equals + 1)];
    }),
  );
}

/** Its command line, word by word. */
export function commandOf(pid: number): string[] {
  return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
}

/** User and system time of a process, in milliseconds. */
export function cpuMs(pid: number): number {
  const fields = processStat(pid);
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Returns the open descriptors of a process, with what each refers to. */
export function descriptorsOf(pid: number): Map<number, string> {
  const directory = `/proc/${pid}/fd`;
  const descriptors = new Map<number, string>();
  for (const name of fs.readdirSync(directory)) {
    try {
      descriptors.set(Number(name), fs.readlinkSync(`${directory}/${name}`));
    } catch {
      // Closed since; of our own process, it is the one the directory was read with.
    }
  }
  return descriptors;
}

export function programOf(pid: number): string {
  return fs.readlinkSync(`/proc/${pid}/exe`);
}

function allPids(): number[] {
  return fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}
