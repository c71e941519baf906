/** Runs other programs. A script ends if one of them fails, or if a signal ends it. */
import { spawn } from "node:child_process";
import { root } from "./root.mjs";

/**
 * An expected failure of a script: its message is printed, and no stack. The message is empty if
 * the reason has been printed before.
 */
export class Failed extends Error {
  /**
   * @param {string} message
   * @param {number} [exitCode]
   */
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Runs a program with this script's stdio until it ends. Signals to this script are forwarded, so
 * that no process is left when the terminal, npm or CI ends the script.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ stdio?: import("node:child_process").StdioOptions, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} its exit code
 */
export async function run(command, args, { stdio = "inherit", env = process.env } = {}) {
  const child = spawn(command, args, { cwd: root, stdio, env });
  /** @type {NodeJS.Signals | undefined} */
  let interruptedBy;
  /** @param {NodeJS.Signals} signal */
  const handOn = (signal) => {
    interruptedBy = signal;
    child.kill(signal);
  };
  /** @type {NodeJS.Signals[]} */
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, handOn);
  try {
    const code = await /** @type {Promise<number>} */ (
      new Promise((resolve, reject) => {
        child.once("error", reject);
        child.once("exit", (exitCode, signal) => resolve(exitCode ?? signalCode(signal)));
      })
    );
    if (interruptedBy !== undefined) throw new Failed("interrupted", signalCode(interruptedBy));
    return code;
  } finally {
    for (const signal of signals) process.off(signal, handOn);
  }
}

/**
 * Runs a program that must succeed.
 * @param {string} command
 * @param {string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export async function mustRun(command, args, options) {
  const code = await run(command, args, options);
  if (code !== 0) throw new Failed(`${command} ${args.join(" ")} ended with code ${code}`);
}

/**
 * The main of a script: says why it failed, and sets the exit code.
 * @param {() => Promise<void>} work
 */
export async function script(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    if (error.message !== "") say(error.message);
    process.exitCode = error.exitCode;
  }
}

/** @param {string} text */
export function say(text) {
  process.stderr.write(`pollcast: ${text}\n`);
}

/** @param {NodeJS.Signals | null} signal */
function signalCode(signal) {
  return 128 + ({ SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[String(signal)] ?? 0);
}
