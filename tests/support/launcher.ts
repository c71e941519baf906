/** Runs the pollcast command as a process, and records its output. */
import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import { onTestFinished } from "vitest";
import { packageRoot } from "../../host/launcher/base/programs.js";
import { childrenOf, descendantsOf } from "./processes.js";
import { until } from "./wait.js";
import { wasmtimePath } from "./wasmtime.js";

export interface RunOptions {
  env?: NodeJS.ProcessEnv;
  /** Instead of bin/pollcast.mjs: a program and its arguments. */
  command?: readonly [string, ...string[]];
  cwd?: string;
  /** Descriptors of ours that it finds at 3, 4, ... */
  descriptors?: readonly number[];
}

export class Launcher {
  readonly process: ChildProcess;
  stdout = "";
  stderr = "";
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;

  constructor(
    args: readonly string[],
    { env = {}, command, cwd = packageRoot, descriptors = [] }: RunOptions = {},
  ) {
    const [program, ...before] = command ?? [
      process.execPath,
      path.join(packageRoot, "bin", "pollcast.mjs"),
    ];
    this.process = spawn(program, [...before, ...args], {
      stdio: ["pipe", "pipe", "pipe", ...descriptors],
      cwd,
      // Words are looked for in what it says.
      env: { ...process.env, WASMTIME: wasmtimePath(), POLLCAST_LOG_FORMAT: "text", ...env },
    });
    this.process.stdin?.on("error", () => undefined);
    this.process.stdout?.setEncoding("utf8").on("data", (text: string) => (this.stdout += text));
    this.process.stderr?.setEncoding("utf8").on("data", (text: string) => (this.stderr += text));
    this.ended = new Promise((resolve) => {
      this.process.once("close", (code, signal) => resolve({ code, signal }));
    });
    onTestFinished(() => this.#clearAway());
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** The guest: the launcher's one child, once it serves. */
  get guestPid(): number {
    const [pid] = childrenOf(this.pid);
    if (pid === undefined) throw new Error("the launcher has no child");
    return pid;
  }

  /** Waits for words on stderr. */
  async says(pattern: RegExp, waitMs?: number): Promise<RegExpExecArray> {
    let found: RegExpExecArray | null = null;
    const look = (): boolean => (found = pattern.exec(this.stderr)) !== null;
    const what = (): string => `${String(pattern)} on stderr, which has: ${this.stderr}`;
    await until("words", look, waitMs).catch((error: unknown) => {
      throw new Error(`${String(error)}: ${what()}`);
    });
    return found as unknown as RegExpExecArray;
  }

  /** Waits until it serves. @returns the port */
  async serves(): Promise<number> {
    const [, port] = await this.says(/listening on \S*:(\d+)/);
    return Number(port);
  }

  type(text: string): void {
    this.process.stdin?.write(text);
  }

  #clearAway(): void {
    for (const pid of [...descendantsOf(this.pid), this.pid]) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has ended, as it should.
      }
    }
  }
}

/** Runs the command to its end. */
export async function pollcast(
  args: readonly string[],
  options?: RunOptions,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const launcher = new Launcher(args, options);
  launcher.process.stdin?.end();
  const { code } = await launcher.ended;
  return { code, stdout: launcher.stdout, stderr: launcher.stderr };
}
