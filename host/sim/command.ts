/** `npm run sim`: plays worlds from a seed until one fails, and says how it went. */
import crypto from "node:crypto";
import fs from "node:fs";
import { parseArgs } from "node:util";
import type { Dialect } from "../wasi/virtual/readiness.js";
import { Wasm, type WasmModule } from "../wasi/webassembly.js";
import { drawWorld, type DrawOptions } from "./draw.js";
import { play } from "./play.js";
import { defaultJobs, playAll, type Told } from "./pool.js";
import { describe, shrink } from "./shrink.js";
import { FAULT_NAMES, type FaultName, type WorldSpec } from "./spec.js";

const USAGE = `npm run sim -- [OPTION...]
  --seed N           of the first world; each next one has the next (default 1)
  --worlds N         how many (default 100)
  --minutes M        of virtual time in each world (default: as the seed says)
  --faults LIST      the only ones that may strike, or "none": ${FAULT_NAMES.join(",")}
  --dialect NAME     exact or wasmtime-36 (default: as the seed says)
  --wasm FILE        another module than the shipped one
  --jobs N           threads (default: one for each core); the result is the same
  --trace            each call of the module, on stdout
  --no-shrink        print a failure as it is
`;
const EXIT_FAILED = 1;
const EXIT_USAGE = 64;
const EVENTS_SHOWN = 60;
const NS_PER_HOUR = 3.6e12;

interface Request extends DrawOptions {
  seed: number;
  worlds: number;
  wasm: string;
  jobs: number;
  trace: boolean;
  shrink: boolean;
  /** The options as given that belong to a replay. */
  given: string;
}

/** @returns the exit code */
export async function main(argv: readonly string[], shipped: string): Promise<number> {
  let request: Request | undefined;
  try {
    request = parse(argv, shipped);
  } catch (error) {
    process.stderr.write(`sim: ${error instanceof Error ? error.message : String(error)}\n`);
  }
  if (request === undefined) {
    process.stderr.write(USAGE);
    return EXIT_USAGE;
  }
  const bytes = fs.readFileSync(request.wasm);
  const module = new Wasm.Module(bytes);
  const sha256 = crypto.createHash("sha256").update(bytes).digest("hex");
  const sum = new Summary();
  const { seed, worlds, trace } = request;
  const failed = await playAll(
    {
      module,
      draw: request,
      firstSeed: seed,
      worlds,
      jobs: trace ? 1 : request.jobs,
      trace: trace ? tellLine : undefined,
    },
    (told) => sum.add(told),
  );
  if (failed !== undefined) {
    tellFailure(request, drawWorld(failed, request), module, sha256);
    process.stdout.write(sum.text());
    return EXIT_FAILED;
  }
  process.stdout.write(`no failure; wasm sha256 ${sha256}\n${sum.text()}`);
  return 0;
}

function tellLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

function parse(argv: readonly string[], shipped: string): Request | undefined {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const { values } = parseArgs({
    args: [...argv],
    options: {
      ...{ seed: text, worlds: text, minutes: text, faults: text, dialect: text, wasm: text },
      ...{ jobs: text, trace: flag, "no-shrink": flag, help: flag },
    },
  });
  if (values.help === true) return undefined;
  const { minutes, faults, dialect, wasm = shipped } = values;
  const kept = { minutes, faults, dialect, wasm: values.wasm };
  const given = Object.entries(kept).flatMap(([name, value]) =>
    value === undefined ? [] : [` --${name} ${value}`],
  );
  return {
    seed: positive("seed", values.seed ?? "1"),
    worlds: positive("worlds", values.worlds ?? "100"),
    jobs: values.jobs === undefined ? defaultJobs() : Math.max(1, positive("jobs", values.jobs)),
    minutes: minutes === undefined ? undefined : positive("minutes", minutes),
    faults: faults === undefined ? undefined : faultsOf(faults),
    dialect: dialect === undefined ? undefined : dialectOf(dialect),
    ...{ wasm, trace: values.trace === true, shrink: values["no-shrink"] !== true },
    given: given.join(""),
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (text !== "" && value >= 0 && Number.isFinite(value)) return value;
  throw new Error(`--${name} takes a number, not "${text}"`);
}

function dialectOf(text: string): Dialect {
  if (text === "exact" || text === "wasmtime-36") return text;
  throw new Error(`--dialect is exact or wasmtime-36, not "${text}"`);
}

function faultsOf(text: string): FaultName[] {
  if (text === "none") return [];
  if (text === "all") return [...FAULT_NAMES];
  return text.split(",").map((word) => {
    const name = FAULT_NAMES.find((one) => one === word);
    if (name === undefined) throw new Error(`--faults: there is no "${word}"`);
    return name;
  });
}

function tellFailure(request: Request, spec: WorldSpec, module: WasmModule, sha256: string): void {
  const { failure } = play(spec, module);
  if (failure === undefined) throw new Error(`seed ${spec.seed} fails, but not when played again`);
  const tell = (text: string) => process.stdout.write(`${text}\n`);
  tell(`FAILED: seed ${spec.seed}, oracle "${failure.oracle}": ${failure.message}`);
  tell(`wasm sha256 ${sha256}`);
  tell(`replay: npm run sim -- --seed ${spec.seed} --worlds 1${request.given}`);
  if (!request.shrink) return;
  const small = shrink(spec, failure.oracle, module);
  const { dialect, settings, faults } = small;
  tell(`shrunk from ${spec.events.length} to ${small.events.length} events (${dialect}):`);
  tell(`  settings ${JSON.stringify(settings)}`);
  tell(`  faults ${JSON.stringify(faults)}`);
  for (const event of small.events.slice(0, EVENTS_SHOWN)) tell(`  ${describe(event)}`);
  const hidden = small.events.length - EVENTS_SHOWN;
  if (hidden > 0) tell(`  and ${hidden} more`);
  tell(`  then: ${play(small, module).failure?.message ?? "no failure"}`);
}

/** What many worlds came to. */
class Summary {
  readonly #startedAt = performance.now();
  readonly #hash = crypto.createHash("sha256");
  #worlds = 0;
  #messages = 0;
  #deliveries = 0;
  #calls = 0;
  #faults = 0;
  #guests = 0;
  #virtualNs = 0;

  add(played: Told): void {
    this.#worlds++;
    this.#messages += played.messages;
    this.#deliveries += played.deliveries;
    this.#calls += played.calls;
    this.#faults += played.faults;
    this.#guests += played.guests;
    this.#virtualNs += played.virtualNs;
    this.#hash.update(`${played.hash}\n`);
  }

  text(): string {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const count = (value: number) => Math.round(value).toLocaleString("en-US");
    const delivered = count(this.#deliveries / seconds);
    const hours = (this.#virtualNs / NS_PER_HOUR).toFixed(2);
    return [
      `${count(this.#worlds)} worlds, ${count(this.#guests)} lives of the module`,
      `${count(this.#messages)} client messages, ${count(this.#deliveries)} deliveries`,
      `${count(this.#calls)} calls, ${count(this.#faults)} faults`,
      `${hours} virtual hours in ${seconds.toFixed(1)} s`,
      `${count(this.#messages / seconds)} messages and ${delivered} deliveries a second`,
      `virtual time runs ${count(this.#virtualNs / 1e9 / seconds)} times as fast as real time`,
      `hash ${this.#hash.digest("hex").slice(0, 16)}\n`,
    ].join("\n");
  }
}
