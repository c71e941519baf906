/** A client that sends a line and waits for the answer. */
import type net from "node:net";
import { STEP_WAIT_MS, StepFailed } from "./program_runner.js";

export class Peer {
  #heard = "";
  #onData: (() => void) | undefined;

  constructor(private readonly socket: net.Socket) {
    socket.setEncoding("utf8").on("data", (text: string) => {
      this.#heard += text;
      this.#onData?.();
    });
    socket.on("close", () => this.#onData?.());
  }

  /** Sends a line. @returns the line that comes back; undefined if none comes within `waitMs` */
  async ask(line: string, waitMs: number): Promise<string | undefined> {
    this.socket.write(`${line}\n`);
    return new Promise((resolve) => {
      const finish = (answer: string | undefined): void => {
        this.#onData = undefined;
        clearTimeout(timer);
        resolve(answer);
      };
      const timer = setTimeout(() => finish(undefined), waitMs);
      this.#onData = () => {
        const end = this.#heard.indexOf("\n");
        if (end >= 0) {
          const answer = this.#heard.slice(0, end);
          this.#heard = this.#heard.slice(end + 1);
          finish(answer);
        } else if (this.socket.destroyed) {
          finish(undefined);
        }
      };
    });
  }

  /**
   * Sends a line to a program that must answer, and returns the answer.
   *
   * @throws {StepFailed} if it does not
   */
  async mustAsk(line: string): Promise<string> {
    const answer = await this.ask(line, STEP_WAIT_MS);
    if (answer === undefined) throw new StepFailed(`no answer to ${JSON.stringify(line)}`);
    return answer;
  }
}
