/** Runs one of the project's scripts as a process; records its output and its child processes. */
import { spawn, type ChildProcess } from "node:child_process";
import { onTestFinished } from "vitest";
import { packageRoot } from "../../host/launcher/base/programs.js";
import { descendantsOf, isAlive } from "./processes.js";
import { wasmtimePath } from "./wasmtime.js";

export class ScriptRun {
  stdout = "";
  stderr = "";
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;

  /** @param script its file in the repository */
  constructor(script: string, args: readonly string[], wasmtime = wasmtimePath()) {
    this.process = spawn(process.execPath, [script, ...args], {
      cwd: packageRoot,
      env: { ...process.env, WASMTIME: wasmtime },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.process.stdout?.setEncoding("utf8").on("data", (text: string) => (this.stdout += text));
    this.process.stderr?.setEncoding("utf8").on("data", (text: string) => (this.stderr += text));
    this.ended = new Promise((resolve) => this.process.once("close", resolve));
    onTestFinished(async () => {
      const all = this.all();
      this.process.kill("SIGKILL");
      for (const pid of all) if (isAlive(pid)) process.kill(pid, "SIGKILL");
      await this.ended;
    });
  }

  /** Everything that it has started and that still runs. */
  all(): number[] {
    return descendantsOf(this.process.pid ?? 0);
  }
}
