/**
 * A server that goes without haste: it accepts nobody, its people are told and sent away in a
 * spread, and then it ends. The guest does that; that nobody waits at a door that will not be
 * opened is ours to see to, since the listening sockets are ours as well.
 */
import { type Answer, type ControlChannel, Unanswered } from "../control/channel.js";
import type { HostListener } from "./listener.js";
import { closeAll } from "./listeners.js";

export class Drain {
  /** Whether it has begun: a guest that ends now is not followed by another. */
  isUnderWay = false;

  constructor(
    private readonly channel: ControlChannel,
    private readonly listeners: readonly HostListener[],
  ) {}

  /**
   * @param seconds as the guest's command has it; empty for its own choice
   * @returns the guest's answer
   */
  async begin(seconds: string): Promise<Answer> {
    const answer = await this.channel.ask(`drain ${seconds}`.trim());
    if (answer.refused === true) return answer;
    this.isUnderWay = true;
    // The guest has closed its copies: with ours, the kernel refuses who comes.
    await closeAll(this.listeners);
    return answer;
  }

  /** The same where nobody reads the answer. */
  async tryToBegin(seconds: number): Promise<void> {
    try {
      await this.begin(String(seconds));
    } catch (error) {
      // It will be told to quit instead.
      if (!(error instanceof Unanswered)) throw error;
    }
  }
}
