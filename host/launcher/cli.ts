/**
 * The main function of the command line: parses the arguments, runs the command, prints errors, and
 * sets the exit code.
 */
import { CommanderError } from "commander";
import { buildProgram } from "./command.js";
import { ConsoleOutput } from "./guest/console.js";
import { errnoOf, EXIT, linesOf, messageOf, UserError } from "./base/errors.js";
import { listenForStop } from "./serve/signals.js";

/** The exit code by which a shell reports SIGINT. */
const INTERRUPTED_EXIT_CODE = 130;
/**
 * The time in milliseconds to flush output at the end. It is limited, since the reader may be
 * stuck.
 */
const FLUSH_WAIT_MS = 1_000;

/**
 * Runs the command line, and exits the process.
 *
 * @param argv the arguments after the program's name
 */
export async function main(argv: readonly string[]): Promise<void> {
  const errors = new ConsoleOutput(process.stderr);
  const output = new ConsoleOutput(process.stdout);
  const terminal = { input: process.stdin, output, errors };
  const requests = listenForStop();
  let exitCode: number = EXIT.ok;
  const printing: ConsoleOutput[] = [];
  const ended = (code: number): void => void (exitCode = code);
  const printed = (code: number): void => {
    exitCode = code;
    printing.push(output);
  };
  // By default, SIGUSR1 opens Node's debugger on a port.
  process.on("SIGUSR1", () => undefined);
  try {
    const command = buildProgram({ terminal, requests, ended, printed });
    await command.parseAsync(argv, { from: "user" });
  } catch (error) {
    exitCode = explain(error, requests.stop.aborted, errors);
  }
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  // A reader that has seen enough, such as `head`, closes the pipe. EPIPE is no failure.
  for (const { failure } of printing) {
    if (failure === undefined || errnoOf(failure) === "EPIPE") continue;
    errors.write(`pollcast: the output cannot be written: ${messageOf(failure)}\n`);
    exitCode = EXIT.notWritten;
  }
  // Exit explicitly: an open stdin, or a grandchild's pipe, would keep the event loop alive.
  process.exit(exitCode);
}

/** Prints an error. @returns the exit code */
function explain(error: unknown, interrupted: boolean, errors: ConsoleOutput): number {
  if (interrupted) {
    errors.write("pollcast: interrupted before it served\n");
    return INTERRUPTED_EXIT_CODE;
  }
  if (error instanceof CommanderError) {
    // commander throws for help and version, too, after it has printed them.
    if (error.exitCode === 0) return EXIT.ok;
    if (error.code === "commander.help") return EXIT.usage;
    const message = error.message.replace(/^error: /, "").replaceAll(/\s*\n\s*/g, " ");
    errors.write(`pollcast: ${message}; see pollcast --help\n`);
    return EXIT.usage;
  }
  if (error instanceof UserError) {
    for (const line of linesOf(error)) errors.write(`pollcast: ${line}\n`);
    return error.exitCode;
  }
  if (isOfSystem(error)) {
    errors.write(`pollcast: the system refuses it: ${messageOf(error)}\n`);
    return EXIT.unavailable;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  errors.write(`pollcast: this is a mistake of pollcast itself\n${stack}\n`);
  return EXIT.software;
}

/** Returns true for an OS error that no code foresaw, such as a directory that was removed. */
function isOfSystem(error: unknown): boolean {
  return error instanceof Error && "syscall" in error && errnoOf(error) !== "";
}

async function flushed(stream: NodeJS.WriteStream): Promise<void> {
  // A stream reports a failed write only in the next turn of the event loop.
  await new Promise<void>((resolve) => void setImmediate(resolve));
  if (stream.destroyed || stream.writableLength === 0) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, FLUSH_WAIT_MS);
    stream.write("", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
