/** A Rust toolchain on a PATH of its own, whose cargo does not compile but behaves as if. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { tinyWasmtime, writeProgram } from "./fake_wasmtime.js";

export interface FakeCargo {
  /** The directory to put on PATH; beside the tools it has only what a shell script needs. */
  bin: string;
  /** One line for each time it was asked to build. */
  log: string;
  /** cargo waits with its build for as long as this file is there. */
  hold: string;
}

export interface CargoOptions {
  rust?: string;
  /** What it installs calls itself this. */
  installs?: string;
  fails?: boolean;
  withoutCompiler?: boolean;
}

export function fakeCargo(
  directory: string,
  {
    rust = "1.95.0",
    installs = "36.0.14",
    fails = false,
    withoutCompiler = false,
  }: CargoOptions = {},
): FakeCargo {
  const bin = path.join(directory, "bin");
  mkdirSync(bin);
  const log = path.join(directory, "cargo.log");
  const hold = path.join(directory, "hold");
  writeFileSync(log, "");
  const product = path.join(directory, "product");
  writeProgram(product, tinyWasmtime(installs));
  const end = fails ? 'echo "error: no space on the moon" >&2; exit 101' : "";
  writeProgram(path.join(bin, "cargo"), CARGO(log, hold, product, end));
  writeProgram(path.join(bin, "rustc"), `#!/bin/sh\necho "rustc ${rust} (fake)"\n`);
  if (!withoutCompiler) writeProgram(path.join(bin, "cc"), "#!/bin/sh\n");
  return { bin, log, hold };
}

const CARGO = (log: string, hold: string, product: string, end: string): string => `#!/bin/sh
PATH=/usr/bin:/bin
[ "$1" = --version ] && { echo "cargo 1.95.0 (fake)"; exit 0; }
asked="$*"
while [ $# -gt 0 ]; do
  [ "$1" = --root ] && root=$2
  [ "$1" = --target-dir ] && target=$2
  shift
done
mkdir -p "$target" "$root/bin"
echo "   Compiling something v1.0.0" >&2
if [ -e ${hold} ]; then
  # A compiler of its own, as the real one starts many.
  sleep 1000 & compiler=$!
  echo "$asked" >> ${log}
  while [ -e ${hold} ]; do sleep 0.05; done
  kill $compiler
else
  echo "$asked" >> ${log}
fi
${end}
cp ${product} "$root/bin/wasmtime"
`;
