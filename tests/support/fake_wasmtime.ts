/**
 * Programs that stand in for a wasmtime, for what a real one cannot be made to do: have another
 * version, die at once, refuse to end. The name of the module selects the behaviour.
 */
import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";

export interface FakeOptions {
  version?: string;
  /**
   * The exit code of the trial run of probe.ts; 6 means "can listen". The default fits the version.
   */
  probeExitCode?: number;
  /** The same for components; 0 says "can". */
  componentExitCode?: number;
}

export function fakeWasmtime(
  directory: string,
  { version = "36.0.14", ...codes }: FakeOptions = {},
  name = "wasmtime",
): string {
  const { probeExitCode, componentExitCode } = { ...codesOf(version), ...codes };
  const settings = JSON.stringify({ version, probeExitCode, componentExitCode });
  return writeProgram(
    path.join(directory, name),
    `#!${process.execPath}\nconst settings = ${settings};\n(${GUESTS})();\n`,
  );
}

function codesOf(version: string): { probeExitCode: number; componentExitCode: number } {
  const major = Number.parseInt(version, 10);
  return {
    probeExitCode: major >= 36 && major <= 46 ? 6 : 1,
    componentExitCode: major >= 46 ? 0 : 1,
  };
}

/** The version alone, in a shell script: small enough to be put into an archive. */
export function tinyWasmtime(version: string): string {
  const { probeExitCode, componentExitCode } = codesOf(version);
  return [
    "#!/bin/sh",
    `case "$*" in`,
    `  --version) echo "wasmtime ${version}" ;;`,
    `  *probe.component.wasm) exit ${componentExitCode} ;;`,
    `  *) exit ${probeExitCode} ;;`,
    "esac",
    "",
  ].join("\n");
}

export function writeProgram(file: string, text: string): string {
  writeFileSync(file, text);
  chmodSync(file, 0o755);
  return file;
}

const GUESTS = String.raw`function () {
  const args = process.argv.slice(2);
  if (args[0] === "--version") return void console.log("wasmtime " + settings.version);
  // "run", then flags in pairs but for one, then the module.
  let at = 1;
  while (args[at].startsWith("-")) at += args[at] === "--allow-precompiled" ? 1 : 2;
  const module = args[at].replace(/^.*\//, "");
  const say = (text) => process.stderr.write(text + "\n");
  const guests = {
    "probe.wasm": () => process.exit(settings.probeExitCode),
    "probe.component.wasm": () => process.exit(settings.componentExitCode),
    arguments: () => console.log(JSON.stringify(args)),
    crash: () => { say("crash: on purpose"); process.exit(134); },
    chatterbox: () => { process.stderr.write("x".repeat(200000)); process.exitCode = 70; },
    usage: () => { say("usage: no such option"); process.exit(64); },
    unavailable: () => process.exit(69),
    deaf: () => { setInterval(() => {}, 1000); say("deaf: listening"); },
    stubborn: () => {
      process.on("SIGTERM", () => {});
      setInterval(() => {}, 1000);
      say("stubborn: listening");
    },
    loud: () => { setInterval(() => process.stdout.write("x".repeat(65536) + "\n"), 1); serve(); },
  };
  function serve() {
    process.getBuiltinModule("node:net").createServer((socket) => {
      socket.on("error", () => {});
      socket.write(process.pid + "\n");
      socket.pipe(socket);
    }).listen({ fd: 3 }, () => say("fake: listening on " + args[args.indexOf("--address") + 1]));
    const lines = process.getBuiltinModule("node:readline").createInterface({ input: process.stdin });
    lines.on("line", (line) => {
      if (line === "quit") process.exit(0);
      if (line.startsWith("exit ")) process.exit(Number(line.slice(5)));
      process.stdout.write("line " + JSON.stringify(line) + "\n");
    });
    lines.on("close", () => process.exit(0));
  }
  (guests[module] ?? serve)();
}`;
