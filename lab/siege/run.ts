/**
 * Runs a siege: a server, honest clients that talk, and later attackers beside them. It is limited
 * in size and time, uses the loopback interface only, and cleans up after itself.
 */
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { launchGuest } from "../../host/launcher/guest/launch.js";
import { type HostListener, openListener } from "../../host/launcher/serve/listener.js";
import { findModule, findProgram, packageRoot } from "../../host/launcher/base/programs.js";
import { ControlChannel } from "../../host/launcher/control/channel.js";
import type { Ports, Outcome } from "./attackers.js";
import { Honest, type Period } from "./honest.js";
import { type Plan, SERVER_OPTIONS } from "./plan.js";
import { type Histogram, ticksOf } from "./ticks.js";

/** The time after which the attackers' process is killed, beyond the planned duration. */
const SPARE_SECONDS = 30;
/** After the siege, the lines of honest clients may take this long. */
const HEARD_MS = 60_000;
const POLL_MS = 1000;
/** The server answers `stats` between two ticks, even under attack. */
const ANSWER_WAIT_MS = 30_000;
const MEMORY_BYTES = 512 * 1024 * 1024;
const HALF_TIME = 0.5;
const KIB_PER_MIB = 1024;

export interface Report {
  plan: Plan;
  before: Period;
  during: Period;
  /** The server's ticks until the begin of each period, and until the end. */
  ticks: Histogram[];
  /** The last words to honest clients that were closed. */
  lost: string[];
  /** Messages of honest clients that an honest client did not receive. */
  missing: number;
  /** The number of clients that received the whole paste. */
  pasteHeard: number;
  outcomes: Outcome[];
  /** The server's memory before the siege, in its midst and after it. */
  memoryMib: number[];
  /** Closes by reason, from the server's log. */
  closed: Map<string, number>;
  /** The server's exit code; null if a signal ended it. */
  exit: number | null;
}

export async function siege(plan: Plan, wasmtime: string | undefined): Promise<Report> {
  const listeners = await Promise.all(
    Array.from({ length: 2 }, () => openListener({ host: "127.0.0.1", port: 0 })),
  );
  const guest = launchGuest({
    wasmtime: plan.runtime === "node" ? undefined : wasmtime,
    module: findModule(findProgram("chat")),
    args: ["--stop-at-eof", "--control", "--log-format", "text", ...SERVER_OPTIONS],
    listeners: listeners.map(({ fd }) => fd),
    maxMemoryBytes: MEMORY_BYTES,
  });
  const closed = new Map<string, number>();
  const listening = new Promise<void>((resolve) => {
    readLines(guest.stderr, (line) => {
      if (line.includes("listening on")) resolve();
      const reason = / is gone: (.+) \(\d+ here\)$/.exec(line)?.[1];
      if (reason !== undefined) closed.set(reason, (closed.get(reason) ?? 0) + 1);
    });
  });
  const channel = new ControlChannel();
  channel.attach(guest);
  const [open = 0, proxied = 0] = listeners.map(({ port }) => port);
  try {
    await Promise.race([listening, guest.exited]);
    const rest = await stand(plan, { open, proxied }, guest.pid, channel);
    channel.quit();
    const { code } = await guest.exited;
    return { plan, ...rest, closed, exit: code };
  } finally {
    channel.close();
    guest.kill("SIGKILL");
    await Promise.all(listeners.map((one: HostListener) => one.close()));
  }
}

type Stand = Omit<Report, "plan" | "closed" | "exit">;

async function stand(
  plan: Plan,
  ports: Ports,
  pid: number,
  channel: ControlChannel,
): Promise<Stand> {
  const countTicks = async () => ticksOf((await channel.ask("stats", ANSWER_WAIT_MS)).stats);
  const honest = new Honest(ports.proxied, plan.honest);
  try {
    await honest.connectAll();
    await sleep(1000);
    honest.talk(plan.honestLines);
    honest.takePeriod();
    const ticks = [await countTicks()];
    await sleep(plan.beforeSeconds * 1000);
    const before = honest.takePeriod();
    ticks.push(await countTicks());
    const memoryMib = [memoryOf(pid)];
    const attackers = besiege(plan, ports);
    await sleep(plan.duringSeconds * 1000 * HALF_TIME);
    memoryMib.push(memoryOf(pid));
    honest.paste();
    const outcomes = await attackers;
    const during = honest.takePeriod();
    ticks.push(await countTicks());
    honest.stopTalking();
    await hearAll(honest);
    memoryMib.push(memoryOf(pid));
    const { lost, missing, pasteHeard } = honest;
    return { before, during, ticks, lost, missing, pasteHeard, outcomes, memoryMib };
  } finally {
    honest.leave();
  }
}

/** Waits until each honest line has been heard; in a room that was flooded a paste takes longer. */
async function hearAll(honest: Honest): Promise<void> {
  const end = performance.now() + HEARD_MS;
  const isHeard = () => honest.missing === 0 && honest.pasteHeard === honest.size;
  do await sleep(POLL_MS);
  while (!isHeard() && performance.now() < end);
}

/** Returns the resident memory of a process in MiB. */
function memoryOf(pid: number): number {
  const status = fs.readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / KIB_PER_MIB;
}

/**
 * Runs the attackers in a process of their own, so that they do not slow down the honest clients.
 * It has no real-time priority, even if this process has: `chrt -f 10 npm run lab -- siege` keeps
 * the processors for the server and the honest clients.
 */
async function besiege(plan: Plan, ports: Ports): Promise<Outcome[]> {
  const program = path.join(packageRoot, "dist/lab/siege/attack.js");
  const command = [process.execPath, program, JSON.stringify([plan, ports])];
  if (process.platform === "linux") command.unshift("chrt", "-o", "0");
  const [file = "", ...args] = command;
  const child = spawn(file, args, {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: (plan.duringSeconds + SPARE_SECONDS) * 1000,
    killSignal: "SIGKILL",
  });
  let told = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (told += text));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`the attackers ended with ${code ?? "a signal"}`);
  return JSON.parse(told) as Outcome[];
}

function readLines(stream: NodeJS.ReadableStream, hear: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(hear);
  });
}
