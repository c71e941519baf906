/**
 * Starts a guest, a process of wasmtime or of Node, with no more rights and resources than it
 * needs.
 *
 * The guest gets pipes as its console, a memory limit, and an environment of a few variables. A
 * module gets its listeners as descriptors 3, 4, ... by the systemd protocol (LISTEN_FDS and
 * LISTEN_PID); a component gets the right to open sockets. The guest has a process group of its
 * own: at Ctrl-C in a terminal, only the launcher gets the signal, and it stops the guest cleanly.
 */
import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import { PassThrough, type Readable, type Writable } from "node:stream";
import { CLOSE_PASSED_ON, roomAfter } from "./descriptor_room.js";
import { packageRoot } from "../base/programs.js";
import type { Abi } from "../base/config.js";
import { nodeWall, walled } from "./second_wall.js";

export interface LaunchOptions {
  /** The path of a wasmtime that check.ts found suitable. undefined: the module runs on Node. */
  wasmtime?: string | undefined;
  /** The path of the module or component. */
  module: string;
  /** The ABI of `module`. The default is p1, a module. */
  abi?: Abi | undefined;
  /** The path of its compiled form, made by this wasmtime, which is then launched instead. */
  compiled?: string | undefined;
  /** Arguments for the module. */
  args: readonly string[];
  /** Descriptors of listening sockets. The guest finds them at 3, 4, ... */
  listeners: readonly number[];
  /** For each listener, the networks that may connect; undefined for all. Only on Node. */
  admitted?: readonly (readonly string[] | undefined)[];
  maxMemoryBytes: number;
  /** The path of a directory that the guest gets as a preopen, under the name {@link DATA_NAME}. */
  directory?: string | undefined;
  /** True: each call of the module is logged on stderr. Only on Node. */
  traces?: boolean | undefined;
  /** More flags for wasmtime. */
  extraFlags?: readonly string[];
}

export interface GuestExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A running guest. */
export interface Guest {
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when the process has ended; its output may still be in the pipes. Never rejects. */
  readonly exited: Promise<GuestExit>;
  /**
   * True if a write blocks the whole guest while its output is not read: a component. A module
   * drops output instead.
   */
  readonly waitsForReaders?: boolean;
  kill(signal: NodeJS.Signals): void;
}

/** The name under which a guest finds its directory. */
export const DATA_NAME = "data";

/**
 * The shell's exit code for a program that could not be run. The launcher also reports this code if
 * the shell itself could not be started.
 */
const NOT_RUN_EXIT_CODE = 127;

/**
 * The program of the Node runtime. It is the compiled file, because the caller may be TypeScript
 * under a test runner.
 */
const NODE_RUNTIME = path.join(packageRoot, "dist/host/runtime/node/main.js");
/** The tracer for the Node runtime. */
const TRACER = path.join(packageRoot, "dist/lab/explore/traced.js");

/**
 * Shell commands before the start: only the owner can read the guest's files; a crash dumps no
 * core; and exceeding the file size limit is a failed write, not a fatal signal.
 */
const GUARDED = "umask 077; ulimit -c 0; trap '' XFSZ; ";
/**
 * LISTEN_PID must be the pid of wasmtime, which is not known before. So the shell sets its own pid,
 * and then becomes wasmtime by exec.
 */
const EXEC_WITH_LISTEN_PID = 'LISTEN_PID=$$ exec "$0" "$@"';

/** Starts a guest. Never throws: a failed start is reported by `exited`. */
export function launchGuest(options: LaunchOptions): Guest {
  const child: Spawned = spawnGuest(options);
  const exited = new Promise<GuestExit>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    child.once("error", () => resolve({ code: NOT_RUN_EXIT_CODE, signal: null }));
  });
  // Without free descriptors, Node creates no pipes. `exited` reports the failure, and closed
  // streams replace the pipes.
  const { stdin, stdout, stderr } = child.stdin === undefined ? noPipes() : pipesOf(child);
  // `exited` reports a guest that dies during a write. EPIPE adds nothing to that.
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

/** Node's types omit that the pipes can be missing. */
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
  // Preview1 sockets exist only in wasmtime's legacy implementation.
  p1: ["-S", "preview2=n", "-S", "listenfd"],
  // A component listens by itself, on TCP. wasmtime cannot restrict the addresses.
  p3: ["-S", "inherit-network", "-S", "udp=n"],
};

function wasmtimeArguments(options: LaunchOptions): string[] {
  return [
    "run",
    ...NETWORK[options.abi ?? "p1"],
    ...["-W", `max-memory-size=${options.maxMemoryBytes}`],
    // wasmtime's own cache needs a home directory. precompile.ts has a cache of its own.
    ...["-C", "cache=n"],
    ...(options.directory === undefined ? [] : ["--dir", preopened(options.directory)]),
    ...(options.extraFlags ?? []),
    ...(options.compiled === undefined ? [] : ["--allow-precompiled"]),
    options.compiled ?? options.module,
    ...options.args,
  ];
}

/** Returns the value for wasmtime's --dir, which host/runtime/node/main.ts takes as well. */
function preopened(directory: string): string {
  return `${directory}::${DATA_NAME}`;
}

/**
 * Returns the guest's environment. PATH and HOME are missing, since wasmtime is started by its path
 * and keeps no cache. Backtraces are off: with RUST_BACKTRACE=1, wasmtime captures one for each
 * EAGAIN and each polled descriptor, which makes a call 20 to 40 times slower.
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
