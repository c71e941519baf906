/** The command line of `npm run sim`. */
import fs from "node:fs";
import { parseArgs } from "node:util";
import type { Dialect } from "../../host/runtime/table/readiness.js";
import { type DrawOptions, IRC_SHARES } from "./draw.js";
import { defaultJobs } from "./pool.js";
import { type Abi, ABIS, FAULT_NAMES, type FaultName, type WorldSpec } from "./spec.js";
import { specFromJson } from "./spec_file.js";

export const USAGE = `npm run sim -- [OPTION...]
  --seed N           of the first world; each next one has the next (default 1)
  --worlds N         how many (default 100)
  --minutes M        of virtual time in each world (default: as the seed says)
  --faults LIST      the only ones that may strike, or "none": ${FAULT_NAMES.join(",")}
  --dialect NAME     exact or wasmtime-36 (default: as the seed says)
  --abi NAME         p1, or p3: the component of WASI 0.3 (default p1)
  --irc SHARE        worlds whose clients speak IRC: none, half or all (default half)
  --spec FILE        one world, as a failure has left it, and no other
  --wasm FILE        another module, with probes
  --jobs N           threads (default: one for each core); the result is the same
  --trace            each call of the module, on stdout
  --no-shrink        print a failure as it is
`;

export interface Request extends DrawOptions {
  seed: number;
  worlds: number;
  /** A world to play instead of drawn ones. */
  spec: WorldSpec | undefined;
  wasm: string;
  jobs: number;
  trace: boolean;
  shrink: boolean;
  /** The options that a replay needs, as they were given. */
  given: string;
  givenWasm: string | undefined;
}

/** The chat as it is built with probes: the module, and the core module of the component. */
export interface Shipped {
  module: string;
  core: string;
}

/** @returns undefined for `--help` @throws {Error} with one line that says what is wrong */
export function parse(argv: readonly string[], shipped: Shipped): Request | undefined {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const { values } = parseArgs({
    args: [...argv],
    options: {
      ...{
        seed: text,
        worlds: text,
        minutes: text,
        faults: text,
        abi: text,
        dialect: text,
        wasm: text,
        spec: text,
        irc: text,
      },
      ...{ jobs: text, trace: flag, "no-shrink": flag, help: flag },
    },
  });
  if (values.help === true) return undefined;
  const { minutes, faults, dialect, irc } = values;
  const spec = values.spec === undefined ? undefined : readSpec(values.spec);
  const abi = values.abi === undefined ? spec?.abi : abiOf(values.abi);
  const { wasm = (abi ?? "p1") === "p1" ? shipped.module : shipped.core } = values;
  const kept = { irc, minutes, faults, abi: values.abi, dialect, wasm: values.wasm };
  const given = Object.entries(kept).flatMap(([name, value]) =>
    value === undefined ? [] : [` --${name} ${value}`],
  );
  return {
    seed: positive("seed", values.seed ?? "1"),
    worlds: positive("worlds", values.worlds ?? "100"),
    jobs: values.jobs === undefined ? defaultJobs() : Math.max(1, positive("jobs", values.jobs)),
    minutes: minutes === undefined ? undefined : positive("minutes", minutes),
    faults: faults === undefined ? undefined : faultsOf(faults),
    irc: irc === undefined ? "half" : ircOf(irc),
    dialect: dialect === undefined ? undefined : dialectOf(dialect),
    ...{ abi, spec, wasm, trace: values.trace === true, shrink: values["no-shrink"] !== true },
    ...{ given: given.join(""), givenWasm: values.wasm },
  };
}

function readSpec(file: string): WorldSpec {
  try {
    return specFromJson(fs.readFileSync(file, "utf8"));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`--spec ${file}: ${why}`, { cause: error });
  }
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (text !== "" && value >= 0 && Number.isFinite(value)) return value;
  throw new Error(`--${name} takes a number, not "${text}"`);
}

function abiOf(text: string): Abi {
  const abi = ABIS.find((one) => one === text);
  if (abi === undefined) throw new Error(`--abi is one of ${ABIS.join(", ")}, not "${text}"`);
  return abi;
}

function ircOf(text: string): (typeof IRC_SHARES)[number] {
  const share = IRC_SHARES.find((one) => one === text);
  if (share === undefined)
    throw new Error(`--irc is one of ${IRC_SHARES.join(", ")}, not "${text}"`);
  return share;
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
