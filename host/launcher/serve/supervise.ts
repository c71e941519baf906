/**
 * Keeps a guest running until it ends well or somebody asks for a stop.
 *
 * Life of a guest: launch, carry its console, wait for its end. Then
 *   - it ended as asked (0), or says that trying again is useless (64, 69): we end with its code;
 *   - it died: one line says why, restart.ts says when the next one starts, or that there is none;
 *   - we were asked to stop: one line says by what, then `quit` on its console, then SIGTERM, then
 *     SIGKILL, each in its time;
 *   - we were asked to drain: the same, after the time for that; a guest that drains is the last.
 * The listener is not ours and stays open throughout: connections wait for the next guest.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { GuestConsole } from "../guest/console.js";
import type { Drain } from "./drain.js";
import { EXIT } from "../base/errors.js";
import type { Guest, GuestExit } from "../guest/launch.js";
import type { Log } from "../guest/log.js";
import { RestartPolicy } from "./restart.js";
import type { StopRequests } from "./signals.js";

/** A guest that is told to quit gets so long to end by itself. @limit milliseconds */
export const QUIT_WAIT_MS = 3_000;
/** A guest gets so long to end after SIGTERM. @limit milliseconds */
export const TERM_WAIT_MS = 1_000;
/**
 * Output that a dead guest left in its pipes is waited for this long; a stuck terminal shall not
 * keep us.
 */
const OUTPUT_WAIT_MS = 1_000;

/** A guest of ours that ends with one of these would end so again. */
const FINAL_EXIT_CODES: readonly number[] = [EXIT.ok, EXIT.usage, EXIT.unavailable];

/** Of a user's program, these alone are no decision of its own: a failed assertion, and a trap. */
const ACCIDENTS: readonly number[] = [EXIT.software, 134];

export interface Supervision {
  /** What the log calls the guest. */
  name: string;
  /** It understands `quit`, and its exit codes are ours; so unless told otherwise. */
  isOurs?: boolean;
  launch: () => Guest;
  console: GuestConsole;
  log: Log;
  requests: Pick<StopRequests, "stop" | "hurry">;
  /** How it goes without haste, if it can. */
  retreat?: { drain: Drain; requested: AbortSignal; seconds: () => number } | undefined;
}

/** @returns the exit code for the launcher */
export async function supervise(supervision: Supervision): Promise<number> {
  const { name, isOurs = true, console, log, requests, retreat } = supervision;
  const isFinal = (code: number): boolean =>
    isOurs ? FINAL_EXIT_CODES.includes(code) : !ACCIDENTS.includes(code);
  const ending = AbortSignal.any([requests.stop, ...(retreat ? [retreat.requested] : [])]);
  const policy = new RestartPolicy();
  for (;;) {
    const startedAt = performance.now();
    const guest = supervision.launch();
    log.carry(guest);
    console.attach(guest);
    const exit = await endOf(guest, supervision, ending);
    // Before its output is awaited: a reader that is stuck must not make its life look longer.
    const uptimeMs = performance.now() - startedAt;
    console.detach();
    await outputOf(guest);

    if (ending.aborted || retreat?.drain.isUnderWay === true) return exit.code ?? EXIT.ok;
    if (exit.code !== null && isFinal(exit.code)) return exit.code;

    const death = `${name} died (${describe(exit)}) after ${seconds(uptimeMs)}`;
    const decision = policy.died(uptimeMs);
    if (decision === "give up") {
      const times = `${policy.earlyDeaths} times in a row`;
      log.say(
        "guest-given-up",
        `${death}, as it did ${times}: giving up; its last lines above say why`,
        "error",
      );
      return EXIT.software;
    }
    const { restartInMs } = decision;
    const when = restartInMs === 0 ? "now" : `in ${seconds(restartInMs)}`;
    log.say("guest-died", `${death}; restarting ${when}`, "warning");
    if (!(await pause(restartInMs, ending))) return EXIT.ok;
  }
}

/** Waits for the guest's end, and sees to it once a stop is requested. */
async function endOf(
  guest: Guest,
  { name, isOurs = true, console, log, requests, retreat }: Supervision,
  ending: AbortSignal,
): Promise<GuestExit> {
  const { stop, hurry } = requests;
  if (await endsWithin(guest, Infinity, ending)) return guest.exited;

  if (retreat !== undefined && !stop.aborted) {
    const seconds = retreat.seconds();
    log.say("stopping", `stopping within ${seconds} s: ${String(retreat.requested.reason)}`);
    await retreat.drain.tryToBegin(seconds);
    if (await endsWithin(guest, seconds * 1000 + QUIT_WAIT_MS, stop)) return guest.exited;
  }
  if (stop.aborted) log.say("stopping", `stopping: ${String(stop.reason)}`);
  if (isOurs) {
    console.quit();
    if (await endsWithin(guest, QUIT_WAIT_MS, hurry)) return guest.exited;
    const why = hurry.aborted
      ? "was given no more time"
      : `did not quit within ${seconds(QUIT_WAIT_MS)}`;
    log.say("guest-terminated", `${name} ${why}: terminated`, "warning");
  }
  guest.kill("SIGTERM");
  if (await endsWithin(guest, TERM_WAIT_MS)) return guest.exited;

  const late = `${name} did not end within ${seconds(TERM_WAIT_MS)}`;
  log.say("guest-killed", `${late}: killed`, "warning");
  guest.kill("SIGKILL");
  return guest.exited;
}

/** @returns false when time is up, or `cut` aborts, before the guest has ended */
async function endsWithin(guest: Guest, ms: number, cut?: AbortSignal): Promise<boolean> {
  const settled = new AbortController();
  const signal = cut === undefined ? settled.signal : AbortSignal.any([settled.signal, cut]);
  try {
    return await Promise.race([
      guest.exited.then(() => true),
      (ms === Infinity ? untilAborted(signal) : pause(ms, signal)).then(() => false),
    ]);
  } finally {
    settled.abort();
  }
}

/** @returns false when it was cut short */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

async function outputOf(guest: Guest): Promise<void> {
  const closed = [guest.stdout, guest.stderr].map(
    (stream) =>
      new Promise<void>((resolve) => {
        if (stream.closed) resolve();
        else stream.once("close", () => resolve());
      }),
  );
  const limit = new AbortController();
  await Promise.race([Promise.all(closed), pause(OUTPUT_WAIT_MS, limit.signal)]);
  limit.abort();
}

function describe({ code, signal }: GuestExit): string {
  if (signal !== null) return `signal ${signal}`;
  // wasmtime ends like this when the module traps.
  return code === 134 ? "code 134, a trap" : `code ${code ?? "unknown"}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
