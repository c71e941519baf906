/**
 * Ends a guest that hangs: one that has owed an answer for so long that none will come. The
 * supervisor starts the next.
 *
 * Time is counted in looks, not read from a clock: a launcher that was stopped (Ctrl-Z, a machine
 * that sleeps) has not looked, and blames nobody.
 */
import { type ControlChannel, Unanswered } from "../control/channel.js";
import type { Guest } from "../guest/launch.js";
import type { Log } from "../guest/log.js";

const LOOK_INTERVAL_MS = 500;
/** What costs a guest least to answer. */
const QUESTION = "help";

export interface WatchdogOptions {
  channel: ControlChannel;
  log: Log;
  /** How long a guest may owe an answer, in seconds; 0: for ever. */
  seconds: () => number;
}

export class Watchdog {
  constructor(private readonly options: WatchdogOptions) {}

  /** @returns the guest, which is watched until it has ended */
  watched(guest: Guest): Guest {
    let silentMs = 0;
    const looking = setInterval(() => {
      silentMs = this.#isOwed() ? silentMs + LOOK_INTERVAL_MS : 0;
      const { log, seconds } = this.options;
      if (seconds() === 0 || silentMs < seconds() * 1000) return;
      const why = `the module has answered nothing for ${seconds()} s (--watchdog-seconds)`;
      log.say("guest-hung", `${why}: killed`, "warning");
      guest.kill("SIGKILL");
      silentMs = 0;
    }, LOOK_INTERVAL_MS).unref();
    void guest.exited.then(() => clearInterval(looking));
    return guest;
  }

  /** If nobody has asked anything, the watchdog does. */
  #isOwed(): boolean {
    const { channel } = this.options;
    if (!channel.isAttached) return false;
    if (channel.isOwed) return true;
    channel.ask(QUESTION).catch((error: unknown) => {
      if (!(error instanceof Unanswered)) throw error;
    });
    return false;
  }
}
