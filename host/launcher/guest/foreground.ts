/**
 * Job control of a shell. A job in the background (`serve &`, or Ctrl-Z and `bg`) may write to its
 * terminal. If it reads from it, or changes its modes, the system stops it.
 */
import { spawnSync } from "node:child_process";
import { processStat } from "../../bootstrap/process_stat.mjs";

/** No signal tells of `fg` for a job that runs, so a job in the background looks this often. */
const LOOK_INTERVAL_MS = 500;
/** Until a stop has taken place. It does not where no shell could end it. */
const STOP_WAIT_MS = 50;

/** @returns whether this process may read its terminal; true where it has none */
export function isInForeground(): boolean {
  const [group = 0, ofTerminal = 0] = processGroups();
  return ofTerminal <= 0 || group === ofTerminal;
}

/** Our process group, and the one that has the terminal; nothing where that is not told. */
function processGroups(): number[] {
  try {
    const [, , group, , , ofTerminal] = processStat("self");
    return [Number(group), Number(ofTerminal)];
  } catch {
    // macOS has no /proc.
    const asked = spawnSync("ps", ["-o", "pgid=,tpgid=", "-p", String(process.pid)]);
    return String(asked.stdout).trim().split(/\s+/).map(Number);
  }
}

/** Tells when the terminal becomes ours, and when a stop may have changed its modes. */
export class JobControl {
  #looking: NodeJS.Timeout | undefined;

  /**
   * @param changed called once at first, after each stop, and when the terminal becomes ours:
   *   with whether it is
   */
  constructor(private readonly changed: (isOurs: boolean) => void) {
    process.on("SIGCONT", this.#look);
    this.#look();
  }

  /** Stops this process and those it was started with, as the terminal does at Ctrl-Z. */
  stop(): void {
    process.kill(0, "SIGTSTP");
    setTimeout(this.#look, STOP_WAIT_MS);
  }

  close(): void {
    process.off("SIGCONT", this.#look);
    clearTimeout(this.#looking);
    this.#looking = undefined;
  }

  readonly #look = (): void => {
    clearTimeout(this.#looking);
    const isOurs = isInForeground();
    if (!isOurs) this.#looking = setTimeout(this.#lookAgain, LOOK_INTERVAL_MS).unref();
    this.changed(isOurs);
  };

  readonly #lookAgain = (): void => {
    if (isInForeground()) this.#look();
    else this.#looking = setTimeout(this.#lookAgain, LOOK_INTERVAL_MS).unref();
  };
}
