/**
 * Which wasmtime: the versions that are tested and provided, and what can run at all.
 *
 * Our programs come in two forms. A module of WASI preview1 ("p1") is handed its listeners;
 * preview1 sockets exist only in wasmtime's legacy implementation (`-S preview2=n`), which version
 * 47 removed. A component of WASI 0.3 ("p3") listens by itself; version 46 was the first to run
 * those. Of the long-term support lines 36 runs the module, and 48 the component. Older ones were
 * never tried here.
 */
export const ABIS = ["p1", "p3"] as const;
export type Abi = (typeof ABIS)[number];

/** A long-term support line of wasmtime. */
export interface Line {
  /** The one version of it that is tested and provided. */
  version: string;
  /** What the versions of the line begin with. */
  prefix: string;
  runs: readonly Abi[];
  /** What Rust must be at least to build it (its own manifest says so). */
  rustMin: string;
  /** For the progress line only: how many crates that compiles. */
  cratesAbout: number;
}

export const LINES = {
  36: {
    version: "36.0.14",
    prefix: "36.0.",
    runs: ["p1"],
    rustMin: "1.86.0",
    cratesAbout: 227,
  },
  48: {
    version: "48.0.8",
    prefix: "48.0.",
    runs: ["p3"],
    rustMin: "1.95.0",
    cratesAbout: 224,
  },
} as const satisfies Record<string, Line>;

/** What is provided unless another line is asked for. */
export const DEFAULT_LINE: Line = LINES[36];
export const PINNED_VERSION = DEFAULT_LINE.version;
/** Lines that the tests need. */
export const TESTED_LINES: readonly Line[] = [LINES[36], LINES[48]];

/** The versions that can run a form, by their first number. */
export const MAJORS: Record<Abi, { first: number; last: number }> = {
  p1: { first: 36, last: 46 },
  p3: { first: 46, last: Infinity },
};

/** The line that is provided to run a form. */
export function lineFor(abi: Abi): Line {
  return abi === "p1" ? LINES[36] : LINES[48];
}

/**
 * The features that serving and `npm run profile` need, WASI 0.3 components among them; the default
 * set takes two minutes longer and doubles the size.
 */
export const CARGO_FEATURES =
  "run,cranelift,component-model,component-model-async,compile,parallel-compilation,cache,demangle,logging,profiling";
