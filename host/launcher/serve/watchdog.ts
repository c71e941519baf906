/**
 * Kills a guest that hangs: it has not answered the control channel for too long. The supervisor
 * starts the next one.
 *
 * The time is counted in ticks of a timer, and not read from a clock. So time in which the launcher
 * was stopped (Ctrl-Z, a machine that sleeps) does not count against the guest.
 */
import { type ControlChannel, Unanswered } from "../control/channel.js";
import type { Guest } from "../guest/launch.js";
import type { Log } from "../guest/log.js";

const LOOK_INTERVAL_MS = 500;
/** The cheapest command for a guest. */
const QUESTION = "help";

export interface WatchdogOptions {
  channel: ControlChannel;
  log: Log;
  /** The time in seconds after which a silent guest is killed; 0 disables the watchdog. */
  seconds: () => number;
}

/** Watches guests, one after the other. */
export class Watchdog {
  constructor(private readonly options: WatchdogOptions) {}

  /** Watches a guest until it has ended. @returns the guest */
  watched(guest: Guest): Guest {
    let silentMs = 0;
    const looking = setInterval(() => {
      silentMs = this.#owesAnswer() ? silentMs + LOOK_INTERVAL_MS : 0;
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

  /** Returns true if an answer is pending. If none is, sends a question. */
  #owesAnswer(): boolean {
    const { channel } = this.options;
    if (!channel.isAttached) return false;
    if (channel.owesAnswer) return true;
    channel.ask(QUESTION).catch((error: unknown) => {
      if (!(error instanceof Unanswered)) throw error;
    });
    return false;
  }
}
