/** Starts programs as components, which open their own listeners; launch.ts does it for modules. */
import { spawn } from "node:child_process";
import type { Guest, GuestExit } from "../../host/launcher/guest/launch.js";
import { openListener } from "../../host/launcher/serve/listener.js";
import { compiledForm } from "./compiled.js";
import { writeProgram } from "./fake_wasmtime.js";
import { temporaryDirectory } from "./temporary.js";
import { wasmtimePath } from "./wasmtime.js";
import path from "node:path";

/** Versions of wasmtime that run components: 48 is provided, the others are tried if named. */
export type ComponentLine = 46 | 48 | 49;

/** The wasmtime of a line, or undefined where TESTED_WASMTIME_46 or _49 names none. */
export function componentWasmtime(line: ComponentLine): string | undefined {
  return line === 48 ? wasmtimePath(48) : process.env[`TESTED_WASMTIME_${line}`] || undefined;
}

export interface ComponentOptions {
  wasmtime: string;
  /** Path of the component. */
  component: string;
  args: readonly string[];
  maxMemoryBytes: number;
  /** Most file descriptors that its process may have open (`ulimit -n`). */
  descriptors?: number | undefined;
  flags?: readonly string[];
}

export function launchComponent(options: ComponentOptions): Guest {
  const { args, component, descriptors, flags = ["-S", "inherit-network"] } = options;
  const wasmtime = descriptors === undefined ? options.wasmtime : bounded(options, descriptors);
  const bounds = ["-W", `max-memory-size=${options.maxMemoryBytes}`, "--allow-precompiled"];
  const compiled = compiledForm(options.wasmtime, component);
  const child = spawn(wasmtime, ["run", ...flags, ...bounds, compiled, ...args], {
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
    env: { RUST_BACKTRACE: "0", RUST_LIB_BACKTRACE: "0" },
  });
  const exited = new Promise<GuestExit>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    child.once("error", () => resolve({ code: 127, signal: null }));
  });
  child.stdin.on("error", () => undefined);
  const { stdin, stdout, stderr, pid = 0 } = child;
  return { pid, stdin, stdout, stderr, exited, kill: (signal) => void child.kill(signal) };
}

function bounded({ wasmtime }: ComponentOptions, most: number): string {
  const file = path.join(temporaryDirectory(), "wasmtime");
  return writeProgram(file, `#!/bin/sh\nulimit -n ${most}\nexec "${wasmtime}" "$@"\n`);
}

/** Ports that nobody listens on just now. */
export async function freePorts(count: number): Promise<number[]> {
  const open = () => openListener({ host: "127.0.0.1", port: 0 });
  const listeners = await Promise.all(Array.from({ length: count }, open));
  await Promise.all(listeners.map((listener) => listener.close()));
  return listeners.map(({ port }) => port);
}
