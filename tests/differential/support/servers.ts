/** The tutorial's programs as servers: the Python originals, and ours. */
import { spawn, spawnSync } from "node:child_process";
import path from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { launchGuest } from "../../../host/launcher/guest/launch.js";
import { openListener } from "../../../host/launcher/serve/listener.js";
import { findModule, findProgram } from "../../../host/launcher/base/programs.js";
import { STAMP } from "../../contract/conversations/support/client.js";
import { compiledForm } from "../../support/compiled.js";
import { until } from "../../support/wait.js";
import { type TestedLine, wasmtimePath } from "../../support/wasmtime.js";
import { freePorts } from "./script.js";

export interface ChatServer {
  port: number;
  says: Saying;
  /**
   * Returns the server's name for a client whose address it does not know; the first client is 1.
   */
  nameOf?: (arrival: number) => string;
  log: () => string;
  end: () => Promise<void>;
}

/**
 * The effect of a line: all clients get it with a stamp, or without, or only its sender gets it.
 */
export type Saying = "stamped" | "plain" | "echoed";

export type ProgramName = "echo" | "chat-v1" | "chat-v2";

const SAYINGS: Record<ProgramName, Saying> = {
  echo: "echoed",
  "chat-v1": "stamped",
  "chat-v2": "plain",
};

const MEMORY_BYTES = 64 * 1024 * 1024;
const PYTHON = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "python");

/** Fails in words where there is no Python. */
export function mustHavePython(): void {
  const { error, stdout } = spawnSync("python3", ["--version"], { encoding: "utf8" });
  if (error !== undefined)
    throw new Error("these tests compare with Python, and there is no python3: install it");
  if (!/^Python 3\.(?:[6-9]|\d\d)/.test(stdout)) throw new Error(`${stdout} is too old: take 3.6`);
}

export async function startPython(program: ProgramName): Promise<ChatServer> {
  const [port = 0] = await freePorts(1);
  const args = ["-u", path.join(PYTHON, "run.py"), program.replace("-", "_"), String(port)];
  const child = spawn("python3", ["-B", ...args], { env: { ...process.env, TZ: "UTC" } });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  child.stdout.resume();
  const log = logOf(child.stderr);
  await until("Python's listens", () => log().includes("listening on"));
  return {
    port,
    says: SAYINGS[program],
    log,
    end: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** A preview1 module, which cannot see addresses and numbers its clients. */
export async function startModule(program: ProgramName): Promise<ChatServer> {
  const listener = await openListener({ host: "127.0.0.1", port: 0 });
  const [wasmtime, module] = [wasmtimePath(), findModule(findProgram(program))];
  const guest = launchGuest({
    ...{ wasmtime, module, compiled: compiledForm(wasmtime, module) },
    args: ["--address", listener.address, "--stop-at-eof"],
    listeners: [listener.fd],
    maxMemoryBytes: MEMORY_BYTES,
  });
  guest.stdout.resume();
  const log = logOf(guest.stderr);
  await until("ours listens", () => log().includes("listening on"));
  return {
    port: listener.port,
    says: SAYINGS[program],
    nameOf: (arrival) => `client-${arrival}`,
    log,
    end: async () => {
      guest.kill("SIGKILL");
      await guest.exited;
      await listener.close();
    },
  };
}

/** A component, which listens by itself and sees addresses. */
export async function startComponent(program: ProgramName, line: TestedLine): Promise<ChatServer> {
  const [port = 0] = await freePorts(1);
  const [wasmtime, module] = [wasmtimePath(line), findModule(findProgram(program), "p3")];
  const guest = launchGuest({
    ...{ wasmtime, module, compiled: compiledForm(wasmtime, module) },
    abi: "p3",
    args: ["--listen", `127.0.0.1:${port}`, "--stop-at-eof"],
    listeners: [],
    maxMemoryBytes: MEMORY_BYTES,
  });
  guest.stdout.resume();
  const log = logOf(guest.stderr);
  await until("ours listens", () => log().includes("listening on"));
  return {
    port,
    says: SAYINGS[program],
    log,
    end: async () => {
      guest.kill("SIGKILL");
      await guest.exited;
    },
  };
}

function logOf(stream: Readable): () => string {
  let text = "";
  stream.setEncoding("utf8").on("data", (more: string) => (text += more));
  return () => text;
}

/** The messages in a log, with their stamps and names, as both write them. */
export function messagesIn(log: string): string[] {
  const entries = log.split(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} /m);
  const message = new RegExp(`^(?:selector \\d+ )?(${STAMP} \\S+\\n[^]*)$`);
  return entries.flatMap((entry) => message.exec(entry)?.[1] ?? []);
}
