/**
 * The command line of the demonstrations: `spin`, `io-models` or `restart`, with options for their
 * sizes.
 */
import { parseArgs } from "node:util";
import { EXIT, messageOf, UserError } from "../../host/launcher/base/errors.js";
import { listenForStop } from "../../host/launcher/serve/signals.js";
import { ensureWasmtime } from "../../host/launcher/wasmtime/ensure.js";
import { IO_MODELS_SIZES, ioModels } from "./io_models.js";
import { restart, RESTART_SIZES } from "./restart.js";
import { spin, SPIN_SIZES } from "./spin.js";
import { ProgramRunner, StepFailed } from "./program_runner.js";

const INTERRUPTED_EXIT_CODE = 130;

export async function main(argv: readonly string[]): Promise<void> {
  const requests = listenForStop();
  try {
    const shown = await show(argv, requests.stop);
    process.stdout.write(`\n${shown}`);
  } catch (error) {
    process.exitCode = explain(error, requests.stop.aborted);
  } finally {
    requests.dispose();
  }
}

async function show(argv: readonly string[], signal: AbortSignal): Promise<string> {
  const { name, sizes } = parse(argv);
  const runner = new ProgramRunner(await ensureWasmtime({ say, signal }), signal);
  try {
    if (name === "spin") return await spin(runner, { ...SPIN_SIZES, ...sizes }, signal, say);
    if (name === "restart")
      return await restart(runner.wasmtime, { ...RESTART_SIZES, ...sizes }, signal, say);
    return await ioModels(runner, { ...IO_MODELS_SIZES, ...sizes }, signal, say);
  } finally {
    await runner.clear();
  }
}

function parse(argv: readonly string[]): { name: string; sizes: Record<string, number> } {
  const [name = "", ...rest] = argv;
  const defaults: Record<string, object> = {
    spin: SPIN_SIZES,
    "io-models": IO_MODELS_SIZES,
    restart: RESTART_SIZES,
  };
  const known = defaults[name];
  if (known === undefined)
    throw usage(`which demonstration? One of ${Object.keys(defaults).join(", ")}`);
  const options = Object.fromEntries(
    Object.keys(known).map((size) => [flagOf(size), { type: "string" as const }]),
  );
  const { values } = parseRest(rest, options);
  const sizes = Object.keys(known).flatMap((size) => {
    const text = values[flagOf(size)];
    return text === undefined ? [] : [[size, positive(flagOf(size), text)] as const];
  });
  return { name, sizes: Object.fromEntries(sizes) };
}

function parseRest(
  args: string[],
  options: Record<string, { type: "string" }>,
): { values: Record<string, string | undefined> } {
  try {
    return parseArgs({ args, options });
  } catch (error) {
    throw usage(messageOf(error));
  }
}

/** Returns the flag of a size: `--idle-seconds` for `idleSeconds`. */
function flagOf(size: string): string {
  return size.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function positive(flag: string, text: string): number {
  const value = /^\d{1,6}(\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (value <= 0) throw usage(`--${flag} takes a number above 0, not ${JSON.stringify(text)}`);
  return flag.endsWith("seconds") ? value : Math.ceil(value);
}

/** @returns the exit code */
function explain(error: unknown, interrupted: boolean): number {
  if (interrupted) {
    say("interrupted; everything that was started has been stopped");
    return INTERRUPTED_EXIT_CODE;
  }
  if (error instanceof UserError) {
    say(messageOf(error));
    return error.exitCode;
  }
  if (error instanceof StepFailed) {
    say(`${error.message}; nothing was measured to the end`);
    return EXIT.software;
  }
  throw error;
}

function usage(message: string): UserError {
  return new UserError("E_USAGE", message);
}

function say(line: string): void {
  process.stderr.write(`pollcast: ${line}\n`);
}
