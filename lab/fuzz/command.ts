/**
 * The command `npm run lab -- fuzz`: fuzzes for a time, or until an input fails, and prints its
 * progress.
 */
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { play } from "../sim/play.js";
import { describe, shrink } from "../sim/shrink.js";
import { Wasm } from "../../host/runtime/webassembly.js";
import type { Counting } from "./edges.js";
import { type Found, Fuzzer } from "./fuzzer.js";
import { worldOf } from "./world_of.js";

const USAGE = `npm run lab -- fuzz [OPTION...]
  --minutes M        how long (default 1)
  --seed N           of the changes (default 1)
  --corpus DIR       inputs to begin with; what reaches more is added (default: the repository's,
                     to which nothing is added)
  --blind            keeps nothing and so learns nothing, for a comparison
  --replay FILE      plays one input
  --minimize         leaves in the corpus what is needed to reach as much
`;
const EXIT_FAILED = 1;
const EXIT_USAGE = 64;
const TELL_EVERY_MS = 10_000;
const EVENTS_SHOWN = 60;

export interface Places {
  /** The repository's corpus. */
  corpus: string;
  /** The folder for inputs that fail. */
  failures: string;
}

interface Request {
  minutes: number;
  seed: number;
  corpus: string | undefined;
  blind: boolean;
  minimize: boolean;
  replay: string | undefined;
}

/** @returns the exit code */
export async function main(
  argv: readonly string[],
  places: Places,
  compile: () => Promise<Counting>,
): Promise<number> {
  let request: Request | undefined;
  try {
    request = parse(argv);
  } catch (error) {
    process.stderr.write(`fuzz: ${error instanceof Error ? error.message : String(error)}\n`);
  }
  if (request === undefined) {
    process.stderr.write(USAGE);
    return EXIT_USAGE;
  }
  const counting = await compile();
  if (request.replay !== undefined) return replay(fs.readFileSync(request.replay), counting);
  return fuzz(request, places, counting);
}

function parse(argv: readonly string[]): Request | undefined {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({
    args: [...argv],
    options: {
      ...{ minutes: text, seed: text, corpus: text, replay: text },
      ...{ blind: flag, minimize: flag, help: flag },
    },
  });
  if (values.help) return undefined;
  const { blind, minimize, corpus, replay: file } = values;
  const minutes = number("minutes", values.minutes ?? "1");
  return {
    minutes,
    seed: number("seed", values.seed ?? "1"),
    blind,
    minimize,
    corpus,
    replay: file,
  };
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (text !== "" && value >= 0 && Number.isFinite(value)) return value;
  throw new Error(`--${name} takes a number, not "${text}"`);
}

function fuzz(request: Request, places: Places, counting: Counting): number {
  const { seed, blind, corpus } = request;
  const fuzzer = new Fuzzer({ counting, seed, guided: !blind });
  let found: Found | undefined;
  for (const input of inputsIn(corpus ?? places.corpus)) {
    found ??= fuzzer.start(input);
  }
  const startedAt = performance.now();
  const endAt = startedAt + request.minutes * 60_000;
  let tellAt = startedAt + TELL_EVERY_MS;
  tell(line(fuzzer, 0));
  while (found === undefined && performance.now() < endAt) {
    found = fuzzer.step();
    if (performance.now() < tellAt) continue;
    tell(line(fuzzer, performance.now() - startedAt));
    tellAt += TELL_EVERY_MS;
  }
  tell(line(fuzzer, performance.now() - startedAt));
  if (corpus !== undefined) save(corpus, fuzzer, request.minimize);
  if (found === undefined) return 0;
  const file = write(places.failures, found.input);
  tell(`FAILED: oracle "${found.failure.oracle}": ${found.failure.message}`);
  tell(`replay: npm run lab -- fuzz --replay ${file}`);
  return EXIT_FAILED;
}

function line({ executions, edgesTotal, corpus }: Fuzzer, passedMs: number): string {
  const seconds = passedMs / 1000;
  const rate = seconds === 0 ? "" : ` (${Math.round(executions / seconds)} a second)`;
  const edges = `${corpus.edges} of ${edgesTotal} edges, ${corpus.reached} with their counts`;
  const kept = `${corpus.kept.length} kept`;
  return `${seconds.toFixed(0)} s: ${executions} executions${rate}, ${edges}, ${kept}`;
}

function replay(input: Uint8Array, counting: Counting): number {
  const module = new Wasm.Module(counting.module);
  const spec = worldOf(input);
  const { failure } = play(spec, module);
  const world = failure === undefined ? spec : shrink(spec, failure.oracle, module);
  const { dialect, settings, faults, events } = world;
  tell(`${dialect}, settings ${JSON.stringify(settings)}, faults ${JSON.stringify(faults)}`);
  for (const event of events.slice(0, EVENTS_SHOWN)) tell(`  ${describe(event)}`);
  if (events.length > EVENTS_SHOWN) tell(`  and ${events.length - EVENTS_SHOWN} more`);
  if (failure === undefined) {
    tell("no failure");
    return 0;
  }
  tell(`FAILED: oracle "${failure.oracle}": ${failure.message}`);
  return EXIT_FAILED;
}

/** Returns the inputs in the order of their names, so that the same corpus gives the same run. */
export function inputsIn(directory: string): Uint8Array[] {
  if (!fs.existsSync(directory)) return [];
  const names = fs.readdirSync(directory).sort();
  return names.map((name) => fs.readFileSync(path.join(directory, name)));
}

function save(directory: string, { corpus }: Fuzzer, minimize: boolean): void {
  if (minimize) fs.rmSync(directory, { recursive: true, force: true });
  const inputs = minimize ? corpus.minimal() : corpus.kept.map(({ input }) => input);
  for (const input of inputs) write(directory, input);
  tell(`${inputs.length} inputs in ${directory}`);
}

/** Writes an input under a name from its hash. @returns the file's path */
function write(directory: string, input: Uint8Array): string {
  fs.mkdirSync(directory, { recursive: true });
  const name = crypto.createHash("sha256").update(input).digest("hex").slice(0, 16);
  const file = path.join(directory, name);
  fs.writeFileSync(file, input);
  return file;
}

function tell(text: string): void {
  process.stdout.write(`${text}\n`);
}
