/**
 * The command `npm run sim`: plays the worlds of successive seeds until one fails, and prints the
 * result.
 */
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { Wasm, type WasmModule } from "../../host/runtime/webassembly.js";
import { drawWorld } from "./draw.js";
import type { OracleFailure } from "./failure.js";
import { play } from "./play.js";
import { playAll } from "./pool.js";
import { parse, type Request, type Shipped, USAGE } from "./request.js";
import { describe, shrink } from "./shrink.js";
import type { WorldSpec } from "./spec.js";
import { specToJson } from "./spec_file.js";
import { Summary } from "./summary.js";

const EXIT_FAILED = 1;
const EXIT_USAGE = 64;
const EVENTS_SHOWN = 60;

/**
 * Runs the command.
 *
 * @param shipped the modules to play by default
 * @param folder the folder for the shrunk worlds of failures
 * @returns the exit code
 */
export async function main(
  argv: readonly string[],
  shipped: Shipped,
  folder: string,
): Promise<number> {
  let request: Request | undefined;
  try {
    request = parse(argv, shipped);
  } catch (error) {
    process.stderr.write(`sim: ${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT_USAGE;
  }
  if (request === undefined) {
    process.stdout.write(USAGE);
    return 0;
  }
  const bytes = fs.readFileSync(request.wasm);
  const module = new Wasm.Module(bytes);
  const sha256 = crypto.createHash("sha256").update(bytes).digest("hex");
  const sum = new Summary();
  const spec = await firstFailing(request, module, sum);
  if (spec === undefined) {
    tell(`no failure; wasm sha256 ${sha256}\n${sum.text()}`);
    return 0;
  }
  const { failure, hash } = play(spec, module);
  if (failure === undefined) throw new Error(`seed ${spec.seed} fails, but not when played again`);
  tell(`FAILED: seed ${spec.seed}, hash ${hash}`);
  tellFailure(failure);
  tell(`wasm sha256 ${sha256}`);
  if (request.spec !== undefined) tellWorld(spec);
  else tellReplay(request, spec, failure, module, folder);
  tell(sum.text());
  return EXIT_FAILED;
}

async function firstFailing(
  request: Request,
  module: WasmModule,
  sum: Summary,
): Promise<WorldSpec | undefined> {
  const { spec, seed, worlds } = request;
  const trace = request.trace ? tell : undefined;
  if (spec !== undefined) {
    const played = play(spec, module, { tell: trace });
    sum.add(played);
    return played.failure && spec;
  }
  const jobs = request.trace ? 1 : request.jobs;
  const failed = await playAll(
    { module, draw: request, firstSeed: seed, worlds, jobs, trace },
    (told) => sum.add(told),
  );
  return failed === undefined ? undefined : drawWorld(failed, request);
}

function tell(text: string): void {
  process.stdout.write(`${text}\n`);
}

function tellFailure({ oracle, message }: OracleFailure): void {
  tell(`oracle "${oracle}": ${message}`);
}

/** Shrinks a failing world, writes it to a file, and prints how to replay it. */
function tellReplay(
  request: Request,
  spec: WorldSpec,
  failure: OracleFailure,
  module: WasmModule,
  folder: string,
): void {
  const replay = "replay: npm run sim --";
  if (!request.shrink) {
    tell(`${replay} --seed ${spec.seed} --worlds 1${request.given}`);
    return;
  }
  const small = shrink(spec, failure.oracle, module);
  const file = path.join(folder, `seed-${spec.seed}.json`);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(file, specToJson(small));
  tell(`shrunk from ${spec.events.length} to ${small.events.length} events:`);
  tellWorld(small);
  const played = play(small, module);
  if (played.failure !== undefined) tellFailure(played.failure);
  const wasm = request.givenWasm === undefined ? "" : ` --wasm ${request.givenWasm}`;
  tell(`hash ${played.hash}\n${replay} --spec ${path.relative("", file)}${wasm}`);
}

function tellWorld({
  abi = "p1",
  dialect,
  settings,
  faults,
  listeners,
  kills,
  events,
}: WorldSpec): void {
  const killed = kills.map(({ at, number }) => `${at} ${number}`).join(", ") || "none";
  tell(`  ${abi}, ${dialect}, listeners: ${listeners}, killed at: ${killed}`);
  tell(`  settings ${JSON.stringify(settings)}`);
  tell(`  faults ${JSON.stringify(faults)}`);
  for (const event of events.slice(0, EVENTS_SHOWN)) tell(`  ${describe(event)}`);
  const hidden = events.length - EVENTS_SHOWN;
  if (hidden > 0) tell(`  and ${hidden} more`);
}
