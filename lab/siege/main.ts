/**
 * The command `npm run lab -- siege`: runs honest clients beside hostile ones, and prints the
 * results of both.
 */
import { parseArgs } from "node:util";
import { EXIT, messageOf } from "../../host/launcher/base/errors.js";
import { ensureWasmtime } from "../../host/launcher/wasmtime/ensure.js";
import { ATTACKS } from "./attacks.js";
import { type Plan, SHORT, WHOLE } from "./plan.js";
import { failuresOf, reportOf } from "./report.js";
import { siege } from "./run.js";

const USAGE = `npm run lab -- siege [OPTION...]
  --short            a small one, of seconds
  --runtime NAME     wasmtime or node (default wasmtime)
  --only NAMES       these attacks alone, such as flood,churn: ${Object.keys(ATTACKS).join(" ")}
`;
const EXIT_FAILED = 1;

export async function main(argv: readonly string[]): Promise<void> {
  const plan = parse(argv);
  if (plan === undefined) {
    process.stderr.write(USAGE);
    process.exitCode = EXIT.usage;
    return;
  }
  const say = (line: string): void => void process.stderr.write(`siege: ${line}\n`);
  const wasmtime = plan.runtime === "wasmtime" ? await ensureWasmtime({ say }) : undefined;
  const report = await siege(plan, wasmtime);
  process.stdout.write(reportOf(report));
  const failures = failuresOf(report);
  for (const failure of failures) say(failure);
  process.exitCode = failures.length > 0 ? EXIT_FAILED : EXIT.ok;
}

function parse(argv: readonly string[]): Plan | undefined {
  const text = { type: "string" } as const;
  const options = { short: { type: "boolean" }, runtime: text, only: text } as const;
  try {
    const { values } = parseArgs({ args: [...argv], options });
    const { short = false, runtime = "wasmtime", only } = values;
    if (runtime !== "wasmtime" && runtime !== "node") return undefined;
    const attacks = only?.split(",") ?? Object.keys(ATTACKS);
    if (!attacks.every((name) => Object.hasOwn(ATTACKS, name))) return undefined;
    return { runtime, attacks, ...(short ? SHORT : WHOLE) };
  } catch (error) {
    process.stderr.write(`siege: ${messageOf(error)}\n`);
    return undefined;
  }
}
