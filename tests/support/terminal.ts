/** Runs a program on a terminal, which script(1) provides, and records what its user sees. */
import { spawn, spawnSync } from "node:child_process";
import { onTestFinished } from "vitest";
import { packageRoot } from "../../host/launcher/base/programs.js";
import { descendantsOf, isAlive } from "./processes.js";
import { Screen } from "./screen.js";
import { until } from "./wait.js";
import { wasmtimePath } from "./wasmtime.js";

export const COLUMNS = 60;
/** The command, to be typed or to be run. */
export const POLLCAST = `${process.execPath} bin/pollcast.mjs`;
/** True if script(1) can provide a terminal. */
export const hasTerminal = spawnSync("script", ["--version"]).status === 0;

export class Terminal {
  readonly #screen = new Screen(COLUMNS);
  readonly #process;
  readonly ended: Promise<number | null>;
  /** All that was written to the terminal. */
  written = "";

  /** @param command as a shell has it */
  constructor(command: string, env: NodeJS.ProcessEnv = {}) {
    this.#process = spawn("script", ["-qefc", `stty cols ${COLUMNS}; ${command}`, "/dev/null"], {
      cwd: packageRoot,
      stdio: ["pipe", "pipe", "inherit"],
      env: {
        ...{ ...process.env, SHELL: "/bin/sh", TERM: "xterm", WASMTIME: wasmtimePath() },
        // With it, Node takes no terminal for one with colours.
        CI: undefined,
        ...env,
      },
    });
    this.#process.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.written += text;
      this.#screen.write(text);
    });
    this.ended = new Promise((resolve) => this.#process.once("close", resolve));
    onTestFinished(() => {
      for (const pid of descendantsOf(this.pid)) if (isAlive(pid)) process.kill(pid, "SIGKILL");
      this.#process.kill("SIGKILL");
    });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  type(keys: string): void {
    this.#process.stdin.write(keys);
  }

  /** Waits until what is on the screen ends like this. */
  async shows(end: string | RegExp): Promise<string> {
    const look = (): boolean =>
      typeof end === "string" ? this.#screen.text.endsWith(end) : end.test(this.#screen.text);
    await until("the screen", look).catch(() => {
      throw new Error(`the screen does not end with ${String(end)}:\n${this.#screen.text}`);
    });
    return this.#screen.text;
  }
}
