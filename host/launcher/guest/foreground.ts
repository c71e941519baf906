/**
 * Job control. A background job (`serve &`, or Ctrl-Z and `bg`) may write to its terminal. If it
 * reads the terminal or changes its modes, the OS stops it.
 */
import { spawnSync } from "node:child_process";
import { processStat } from "../../bootstrap/process_stat.mjs";

/**
 * The interval in milliseconds at which a background job checks for the foreground. `fg` sends no
 * signal to a job that runs.
 */
const LOOK_INTERVAL_MS = 500;
/**
 * The time in milliseconds to wait for a stop. No stop happens if no shell could continue the job.
 */
const STOP_WAIT_MS = 50;

/** Returns true if this process may read its terminal, or has none. */
export function isInForeground(): boolean {
  const [group = 0, ofTerminal = 0] = processGroups();
  return ofTerminal <= 0 || group === ofTerminal;
}

/**
 * Returns the process group of this process, and that of the terminal's foreground. Returns an
 * empty list, or NaN, if they are unknown.
 */
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

/** Reports when this process gets the terminal, and when the terminal's modes may have changed. */
export class JobControl {
  #looking: NodeJS.Timeout | undefined;

  /**
   * @param changed called with true if this process has the terminal: once at the start, after each
   *   stop, and when it gets the terminal
   */
  constructor(private readonly changed: (isOurs: boolean) => void) {
    process.on("SIGCONT", this.#look);
    this.#look();
  }

  /** Stops this process and its process group, as the terminal does at Ctrl-Z. */
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
