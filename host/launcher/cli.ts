/**
 * The command line's main: parse, run, say what went wrong, and set the exit code. Nothing else
 * does.
 */
import { CommanderError } from "commander";
import { buildProgram } from "./command.js";
import { ConsoleOutput } from "./guest/console.js";
import { EXIT, linesOf, UserError } from "./base/errors.js";
import { listenForStop } from "./serve/signals.js";

/** As a shell reports a program that was interrupted. */
const INTERRUPTED_EXIT_CODE = 130;
/** A reader that does not read shall not keep us. */
const FLUSH_WAIT_MS = 1_000;

export async function main(argv: readonly string[]): Promise<void> {
  const errors = new ConsoleOutput(process.stderr);
  const terminal = { input: process.stdin, output: new ConsoleOutput(process.stdout), errors };
  const requests = listenForStop();
  let exitCode: number = EXIT.ok;
  try {
    const command = buildProgram({ terminal, requests, ended: (code) => (exitCode = code) });
    await command.parseAsync(argv, { from: "user" });
  } catch (error) {
    exitCode = explain(error, requests.stop.aborted, errors);
  }
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
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
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  errors.write(`pollcast: this is a mistake of pollcast itself\n${stack}\n`);
  return EXIT.software;
}

async function flushed(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.destroyed || stream.writableLength === 0) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, FLUSH_WAIT_MS);
    stream.write("", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
