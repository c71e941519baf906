/**
 * Runs a short program, and returns its exit code and output. Never throws, and always ends, by a
 * timeout.
 */
import { spawn } from "node:child_process";

const TIMEOUT_MS = 15_000;
const OUTPUT_BYTES_MAX = 64 * 1024;

/** The result of a program. `stdout` and `stderr` are cut at OUTPUT_BYTES_MAX. */
export interface Executed {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** The reason why it could not be started, or was killed: a timeout or an abort. */
  failure?: string;
}

export interface ExecuteOptions {
  env?: NodeJS.ProcessEnv;
  timeoutMs?: number;
  signal?: AbortSignal;
}

/**
 * Runs a program, with a timeout in milliseconds (by default 15,000), until it ends or `signal`
 * aborts.
 */
export async function execute(
  command: string,
  args: readonly string[],
  { env = process.env, timeoutMs = TIMEOUT_MS, signal }: ExecuteOptions = {},
): Promise<Executed> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env });
  let stdout = "";
  let stderr = "";
  let failure: string | undefined;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout = (stdout + text).slice(0, OUTPUT_BYTES_MAX);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(0, OUTPUT_BYTES_MAX);
  });
  const stop = (why: string): void => {
    failure ??= why;
    child.kill("SIGKILL");
    // A grandchild may keep the pipes open. Its output does not matter.
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const timer = setTimeout(() => stop(`no answer within ${timeoutMs / 1000} s`), timeoutMs);
  const onAbort = (): void => stop("interrupted");
  signal?.addEventListener("abort", onAbort, { once: true });
  if (signal?.aborted) onAbort();
  const [code, ended] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.once("close", (exitCode, exitSignal) => resolve([exitCode, exitSignal]));
    child.once("error", (error: NodeJS.ErrnoException) => {
      failure = error.code === "ENOENT" ? "no such program" : (error.code ?? error.message);
      resolve([null, null]);
    });
  });
  clearTimeout(timer);
  signal?.removeEventListener("abort", onAbort);
  return { code, signal: ended, stdout, stderr, ...(failure === undefined ? {} : { failure }) };
}
