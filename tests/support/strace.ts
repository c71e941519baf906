/** Finds strace, which shows some tests the system calls; a machine may lack it. */
import { spawnSync } from "node:child_process";

/** Returns true if strace is installed; otherwise prints which tests are not run. */
export function findStrace(tests: string): boolean {
  if (spawnSync("strace", ["-V"], { stdio: "ignore" }).status === 0) return true;
  process.stderr.write(`pollcast: NOT RUN, ${tests}: strace is not installed\n`);
  return false;
}
