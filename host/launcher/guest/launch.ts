/**
 * Starts one guest: a module under wasmtime, or under Node, with nothing but what it needs.
 *
 * It gets its console as pipes, its listeners as fds 3, 4, ... (the systemd protocol: LISTEN_FDS
 * and LISTEN_PID) or, a component, the right to open some; a bound on its memory, and an
 * environment of four variables. It is not a member of our process group: Ctrl-C in a terminal is
 * the launcher's to answer, with a clean stop.
 */
import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import { PassThrough, type Readable, type Writable } from "node:stream";
import { CLOSE_PASSED_ON, roomAfter } from "./descriptor_room.js";
import { packageRoot } from "../base/programs.js";
import type { Abi } from "../base/config.js";
import { nodeWall, walled } from "./second_wall.js";

export interface LaunchOptions {
  /** Path of a wasmtime that check.ts found suitable; without one, the module runs on Node. */
  wasmtime?: string | undefined;
  /** Path of the module, or of a component. */
  module: string;
  /** Which of the two; a module unless told otherwise. */
  abi?: Abi | undefined;
  /** Path of the same, compiled ahead of time by this wasmtime: what it runs instead. */
  compiled?: string | undefined;
  /** For the module. */
  args: readonly string[];
  /** File descriptors of listening sockets; the guest finds them at 3, 4, ... */
  listeners: readonly number[];
  /** For each of them the networks that may connect, if not all; on Node alone. */
  admitted?: readonly (readonly string[] | undefined)[];
  maxMemoryBytes: number;
  /** Path of a directory that the guest is handed, which finds it as {@link DATA_NAME}. */
  directory?: string | undefined;
  /** Whether each call of the module is told on stderr; on Node alone. */
  traces?: boolean | undefined;
  /** For wasmtime. */
  extraFlags?: readonly string[];
}

export interface GuestExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Guest {
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles once the process has ended; output may still be on its way. Never rejects. */
  readonly exited: Promise<GuestExit>;
  /** Whether all of it stops while nobody reads what it says; a module loses that instead. */
  readonly waitsForReaders?: boolean;
  kill(signal: NodeJS.Signals): void;
}

/** By what name a guest knows the directory that it was handed. */
export const DATA_NAME = "data";

/** The shell's code for "could not run it": used when not even the shell could be started. */
const NOT_RUN_EXIT_CODE = 127;

/** The runtime that is always at hand; compiled, as this may be running under a test runner. */
const NODE_RUNTIME = path.join(packageRoot, "dist/host/runtime/node/main.js");
/** What tells the calls, for that runtime. */
const TRACER = path.join(packageRoot, "dist/lab/explore/traced.js");

/**
 * What the guest writes is for its owner alone; its memory is not written to a file when it dies;
 * and a file that is as large as it may be is an error of a write, not the guest's end.
 */
const GUARDED = "umask 077; ulimit -c 0; trap '' XFSZ; ";
/**
 * LISTEN_PID has to be wasmtime's pid, which is known only once it exists: the shell sets its own,
 * then becomes wasmtime.
 */
const EXEC_WITH_LISTEN_PID = 'LISTEN_PID=$$ exec "$0" "$@"';

export function launchGuest(options: LaunchOptions): Guest {
  const child: Spawned = spawnGuest(options);
  const exited = new Promise<GuestExit>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    child.once("error", () => resolve({ code: NOT_RUN_EXIT_CODE, signal: null }));
  });
  // Out of descriptors, Node makes no pipes at all; `exited` reports that, and these stand in.
  const { stdin, stdout, stderr } = child.stdin === undefined ? noPipes() : pipesOf(child);
  // A guest that dies while we write to it is reported by `exited`; EPIPE adds nothing.
  stdin.on("error", () => undefined);
  return {
    pid: child.pid ?? 0,
    stdin,
    stdout,
    stderr,
    exited,
    waitsForReaders: options.abi === "p3",
    kill: (signal) => void child.kill(signal),
  };
}

function spawnGuest(options: LaunchOptions): ChildProcess {
  const stdio = ["pipe", "pipe", "pipe", ...options.listeners] as const;
  const room = roomAfter(stdio.length);
  const script = (room.length > 0 ? CLOSE_PASSED_ON : "") + GUARDED + EXEC_WITH_LISTEN_PID;
  return spawn("/bin/sh", ["-c", script, ...walled(commandOf(options))], {
    stdio: [...stdio, ...room],
    detached: true,
    env: guestEnvironment(options),
  });
}

/** Node's types do not say that there may be no pipes. */
type Spawned = Omit<ChildProcess, "stdin"> & { stdin: Writable | null | undefined };
type Pipes = Pick<Guest, "stdin" | "stdout" | "stderr">;

function pipesOf(child: Spawned): Pipes {
  const { stdin, stdout, stderr } = child;
  if (!stdin || stdout === null || stderr === null) throw new Error("stdio is not piped");
  return { stdin, stdout, stderr };
}

function noPipes(): Pipes {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  for (const stream of [stdin, stdout, stderr]) stream.destroy();
  return { stdin, stdout, stderr };
}

function commandOf(options: LaunchOptions): string[] {
  if (options.wasmtime !== undefined) return [options.wasmtime, ...wasmtimeArguments(options)];
  const bound = String(options.maxMemoryBytes);
  const wall = options.directory === undefined ? nodeWall([packageRoot, options.module]) : [];
  return [process.execPath, ...wall, NODE_RUNTIME, bound, options.module, ...options.args];
}

const NETWORK: Record<Abi, readonly string[]> = {
  // Preview1 sockets exist only in the legacy implementation.
  p1: ["-S", "preview2=n", "-S", "listenfd"],
  // It listens by itself, on TCP; wasmtime cannot be told where.
  p3: ["-S", "inherit-network", "-S", "udp=n"],
};

function wasmtimeArguments(options: LaunchOptions): string[] {
  return [
    "run",
    ...NETWORK[options.abi ?? "p1"],
    ...["-W", `max-memory-size=${options.maxMemoryBytes}`],
    // What wasmtime itself would keep needs a home directory; precompile.ts keeps what we need.
    ...["-C", "cache=n"],
    ...(options.directory === undefined ? [] : ["--dir", preopened(options.directory)]),
    ...(options.extraFlags ?? []),
    ...(options.compiled === undefined ? [] : ["--allow-precompiled"]),
    options.compiled ?? options.module,
    ...options.args,
  ];
}

/** As wasmtime's --dir has it, and host/runtime/node/main.ts. */
function preopened(directory: string): string {
  return `${directory}::${DATA_NAME}`;
}

/**
 * No PATH and no HOME: wasmtime is started by its path, and keeps no cache. Backtraces are off
 * because with RUST_BACKTRACE=1 every EAGAIN and every polled fd costs wasmtime one, 20 to 40 times
 * the call.
 */
function guestEnvironment({
  listeners,
  admitted,
  directory,
  traces,
}: LaunchOptions): Record<string, string> {
  return {
    LISTEN_FDS: String(listeners.length),
    ...(admitted?.some((networks) => networks !== undefined)
      ? { LISTEN_FROM: admitted.map((networks) => networks?.join() ?? "").join(";") }
      : {}),
    ...(directory === undefined ? {} : { PREOPENED: preopened(directory) }),
    ...(traces === true ? { TRACER } : {}),
    RUST_BACKTRACE: "0",
    RUST_LIB_BACKTRACE: "0",
  };
}
