/**
 * The command line's main: parse, run, say what went wrong, and set the exit code. Nothing else
 * does.
 */
import { CommanderError } from "commander";
import { buildProgram } from "./command.js";
import { ConsoleOutput } from "./guest/console.js";
import { errnoOf, EXIT, linesOf, messageOf, UserError } from "./base/errors.js";
import { listenForStop } from "./serve/signals.js";

/** As a shell reports a program that was interrupted. */
const INTERRUPTED_EXIT_CODE = 130;
/** A reader that does not read shall not keep us. */
const FLUSH_WAIT_MS = 1_000;

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
  // It would open a debugger's door.
  process.on("SIGUSR1", () => undefined);
  try {
    const command = buildProgram({ terminal, requests, ended, printed });
    await command.parseAsync(argv, { from: "user" });
  } catch (error) {
    exitCode = explain(error, requests.stop.aborted, errors);
  }
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  // A reader that has seen enough (head) has gone: that is no failure.
  for (const { failure } of printing) {
    if (failure === undefined || errnoOf(failure) === "EPIPE") continue;
    errors.write(`pollcast: the output cannot be written: ${messageOf(failure)}\n`);
    exitCode = EXIT.notWritten;
  }
  // An open stdin or a grandchild's pipe would keep an event loop turning that has nothing left to
  // do.
  process.exit(exitCode);
}

/** @returns the exit code */
function explain(error: unknown, interrupted: boolean, errors: ConsoleOutput): number {
  if (interrupted) {
    errors.write("pollcast: interrupted before it served\n");
    return INTERRUPTED_EXIT_CODE;
  }
  if (error instanceof CommanderError) {
    // Help and version come as errors, too; commander has printed them.
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

/** A call of the system has failed, and nobody foresaw it: a directory has gone, say. */
function isOfSystem(error: unknown): boolean {
  return error instanceof Error && "syscall" in error && errnoOf(error) !== "";
}

async function flushed(stream: NodeJS.WriteStream): Promise<void> {
  // Of a write that has failed, the stream tells only in the next turn.
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
