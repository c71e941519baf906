/**
 * Which wasmtime: the one version that is tested and provided, and the range that can work at all.
 *
 * Preview1 sockets exist only in wasmtime's legacy implementation (`-S preview2=n`), which version
 * 47 removed. 36.0 is the long-term support line that has it. Older ones were never tried here.
 */
export const PINNED_VERSION = "36.0.14";
export const TESTED_LINE = "36.0.";
export const MAJOR_MIN = 36;
export const MAJOR_MAX = 46;

/** What Rust must be at least to build the pinned version (its own manifest says so). */
export const RUST_MIN = "1.86.0";
/**
 * The features that serving and `npm run profile` need, WASI 0.2 components among them; the default
 * set takes two minutes longer and doubles the size.
 */
export const CARGO_FEATURES =
  "run,cranelift,component-model,compile,parallel-compilation,cache,demangle,logging,profiling";
/** For the progress line only: how many crates that compiles. */
export const CARGO_CRATES_ABOUT = 227;
