/**
 * Supervises a guest: restarts it after a crash, and ends it when a stop is requested.
 *
 * A guest is launched, its console is attached, and the supervisor waits for its end. Then:
 *   - It ended as asked (0), or with a code for which a restart is useless (64, 69): the launcher
 *     ends with the same code.
 *   - It crashed: the log says why, and restart.ts decides when the next one starts, or that the
 *     launcher gives up.
 * When a stop is requested, the guest gets `quit` on its console, then SIGTERM, then SIGKILL, each
 * after a timeout. When a drain is requested, the drain comes first, and no guest follows.
 *
 * The listeners stay open throughout: connections wait in the backlog for the next guest.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { GuestConsole } from "../guest/console.js";
import type { Drain } from "./drain.js";
import { EXIT } from "../base/errors.js";
import type { Guest, GuestExit } from "../guest/launch.js";
import type { Log } from "../guest/log.js";
import { RestartPolicy } from "./restart.js";
import type { StopRequests } from "./signals.js";

/** The time a guest has to end by itself after `quit`. @limit milliseconds */
export const QUIT_WAIT_MS = 3_000;
/** The time a guest has to end after SIGTERM. @limit milliseconds */
export const TERM_WAIT_MS = 1_000;
/**
 * The time in milliseconds to read the output that a dead guest has left in its pipes. It is
 * limited, because the terminal may be stuck.
 */
const OUTPUT_WAIT_MS = 1_000;

/** Exit codes after which a program of this package would only fail again. */
const FINAL_EXIT_CODES: readonly number[] = [EXIT.ok, EXIT.usage, EXIT.unavailable];

/**
 * Exit codes of a user's program that count as a crash: a failed assertion, and a trap. After any
 * other code, it is not restarted.
 */
const ACCIDENTS: readonly number[] = [EXIT.software, 134];

export interface Supervision {
  /** The guest's name in the log. */
  name: string;
  /** See Runnable.isOurs. The default is true. */
  isOurs?: boolean;
  launch: () => Guest;
  console: GuestConsole;
  log: Log;
  requests: Pick<StopRequests, "stop" | "hurry">;
  /** The drain, if the guest can: the signal that requests it, and its length in seconds. */
  draining?: { drain: Drain; requested: AbortSignal; seconds: () => number } | undefined;
}

/** Supervises until no guest follows. @returns the exit code of the launcher */
export async function supervise(supervision: Supervision): Promise<number> {
  const { name, isOurs = true, console, log, requests, draining } = supervision;
  const isFinal = (code: number): boolean =>
    isOurs ? FINAL_EXIT_CODES.includes(code) : !ACCIDENTS.includes(code);
  const ending = AbortSignal.any([requests.stop, ...(draining ? [draining.requested] : [])]);
  const policy = new RestartPolicy();
  for (;;) {
    const startedAt = performance.now();
    const guest = supervision.launch();
    log.carry(guest);
    console.attach(guest);
    const exit = await endOf(guest, supervision, ending);
    // Measured before the output is read: a stuck reader must not lengthen the guest's uptime.
    const uptimeMs = performance.now() - startedAt;
    console.detach();
    await outputOf(guest);

    if (ending.aborted || draining?.drain.hasBegun === true) return exit.code ?? EXIT.ok;
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

/** Waits for the guest's end, and ends it once a stop or a drain is requested. */
async function endOf(
  guest: Guest,
  { name, isOurs = true, console, log, requests, draining }: Supervision,
  ending: AbortSignal,
): Promise<GuestExit> {
  const { stop, hurry } = requests;
  if (await endsWithin(guest, Infinity, ending)) return guest.exited;

  if (draining !== undefined && !stop.aborted) {
    const seconds = draining.seconds();
    log.say("stopping", `stopping within ${seconds} s: ${String(draining.requested.reason)}`);
    await draining.drain.tryToBegin(seconds);
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

/** Waits for the guest's end. @returns false if the time is up, or `cut` aborts, before it */
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

/** Sleeps. @returns false if the signal has cut it short */
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

/** Waits until the guest's output has been read, for at most OUTPUT_WAIT_MS. */
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
  // wasmtime ends with this code when the module traps.
  return code === 134 ? "code 134, a trap" : `code ${code ?? "unknown"}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
