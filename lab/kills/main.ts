/**
 * The command `npm run lab -- kills`: kills the server with SIGKILL at random moments under load,
 * and prints the losses.
 */
import { parseArgs } from "node:util";
import { EXIT, messageOf, UserError } from "../../host/launcher/base/errors.js";
import { listenForStop } from "../../host/launcher/serve/signals.js";
import { ensureSuitable } from "../../host/launcher/wasmtime/ensure.js";
import { ABIS } from "../../host/launcher/base/config.js";
import { killAgainAndAgain, type Result } from "./run.js";

const USAGE = `npm run lab -- kills [OPTION...]
  --times N        how often (default 100)
  --runtime NAME   wasmtime or node (default wasmtime)
  --abi ABI        p1, the module, or p3, the component (default p1)
  --wasmtime PATH  which one (default: as serve finds it)
  --sync WHEN      always, interval or never (default interval)
  --seed N         of the moments (default 1)
`;
const EXIT_FAILED = 1;
const SHOWN_MOST = 20;
const PROGRESS_EVERY = 50;

export async function main(argv: readonly string[]): Promise<void> {
  const requests = listenForStop();
  try {
    process.exitCode = await run(argv, requests.stop);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say(messageOf(error));
    if (error.code === "E_USAGE") process.stderr.write(USAGE);
    process.exitCode = error.exitCode;
  } finally {
    requests.dispose();
  }
}

/** @returns the exit code */
async function run(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const { runtime, explicit, ...plan } = parse(argv);
  const { abi, sync, seed } = plan;
  const suitable =
    runtime === "node" ? undefined : await ensureSuitable({ abis: [abi], explicit, say, signal });
  const wasmtime = suitable?.wasmtime;
  const began = performance.now();
  const progress = (kills: number): void => {
    if (kills % PROGRESS_EVERY === 0) say(`${kills} kills`);
  };
  const result = await killAgainAndAgain({ ...plan, wasmtime, signal, progress });
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  const by = wasmtime ?? runtime;
  process.stdout.write(`${by}, ${abi}, --sync ${sync}, seed ${seed}, ${seconds} s\n`);
  process.stdout.write(summaryOf(result));
  const failures = [...result.lost, ...result.doubled, ...result.missed];
  return failures.length > 0 || result.damages > 0 ? EXIT_FAILED : EXIT.ok;
}

function summaryOf(result: Result): string {
  const { kills, acknowledged, lost, doubled, missed, tornTails, damages, segments } = result;
  const shown = [...lost, ...doubled, ...missed].slice(0, SHOWN_MOST);
  return [
    `kills               ${kills}`,
    `acknowledged lines  ${acknowledged}`,
    `lost                ${lost.length}`,
    `doubled             ${doubled.length}`,
    `missed on resuming  ${missed.length}`,
    `torn tails cut      ${tornTails}`,
    `damaged places      ${damages}`,
    `segments begun      ${segments}`,
    ...shown.map((line) => `  ${line}`),
    "",
  ].join("\n");
}

function parse(argv: readonly string[]) {
  const text = { type: "string" } as const;
  const options = { times: text, runtime: text, abi: text, wasmtime: text, sync: text, seed: text };
  const given = read(() => parseArgs({ args: [...argv], options }).values);
  const { times = "100", runtime = "wasmtime", sync = "interval", seed = "1" } = given;
  const abi = ABIS.find((one) => one === (given.abi ?? "p1"));
  const isRight =
    /^[1-9]\d{0,5}$/.test(times) &&
    /^\d{1,9}$/.test(seed) &&
    ["wasmtime", "node"].includes(runtime) &&
    (runtime === "wasmtime" || (abi !== "p3" && given.wasmtime === undefined)) &&
    ["always", "interval", "never"].includes(sync);
  if (!isRight || abi === undefined)
    throw new UserError("E_USAGE", `these options do not fit: ${argv.join(" ")}`);
  const explicit = given.wasmtime;
  return { times: Number(times), runtime, abi, explicit, sync, seed: Number(seed) };
}

function read<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new UserError("E_USAGE", messageOf(error));
  }
}

function say(line: string): void {
  process.stderr.write(`pollcast: ${line}\n`);
}
