/**
 * Drains a server: it accepts no new clients, closes the present ones one by one, and ends. The
 * guest does this. The launcher closes its listening sockets, so that no client waits in a backlog
 * that will not be accepted.
 */
import { type Answer, type ControlChannel, Unanswered } from "../control/channel.js";
import type { HostListener } from "./listener.js";
import { closeAll } from "./listeners.js";

/** A drain of one server, which can begin once. */
export class Drain {
  /** True once a drain has begun: the guest is then not restarted. */
  hasBegun = false;

  constructor(
    private readonly channel: ControlChannel,
    private readonly listeners: readonly HostListener[],
  ) {}

  /**
   * Asks the guest to drain, and closes the listeners.
   *
   * @param seconds the argument of the guest's command: seconds, or empty for its default
   * @returns the guest's answer; if it refuses, no drain has begun
   * @throws Unanswered
   */
  async begin(seconds: string): Promise<Answer> {
    const answer = await this.channel.ask(`drain ${seconds}`.trim());
    if (answer.refused === true) return answer;
    this.hasBegun = true;
    // The guest has closed its copies. Once the launcher's are closed, the OS refuses connections.
    await closeAll(this.listeners);
    return answer;
  }

  /** Begins a drain, and ignores a missing answer. */
  async tryToBegin(seconds: number): Promise<void> {
    try {
      await this.begin(String(seconds));
    } catch (error) {
      // The supervisor will tell the guest to quit instead.
      if (!(error instanceof Unanswered)) throw error;
    }
  }
}
