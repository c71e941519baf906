/**
 * The labelled lines of a client, and their answers: each has exactly one, which is a line with the
 * label, or a batch with it (https://ircv3.net/specs/extensions/labeled-response).
 */
import { OracleFailure } from "../failure.js";
import type { IrcLine } from "./grammar.js";

const LABEL = /^@(?:[^ ]*;)?label=([^; ]+)/u;

export class Labels {
  /** The labels that were sent; the value is true once the line was answered. */
  readonly #answered = new Map<string, boolean>();

  /** Records a line that the client has written. */
  wrote(line: string): void {
    const [, label] = LABEL.exec(line) ?? [];
    if (label !== undefined) this.#answered.set(label, false);
  }

  /** Checks the label of a line. @throws {OracleFailure} */
  hear({ tags, command }: IrcLine): void {
    const label = tags.get("label");
    if (label === undefined) {
      if (command === "ACK") throw new OracleFailure("label", "ACK without a label");
      return;
    }
    const answered = this.#answered.get(label);
    if (answered === undefined) {
      throw new OracleFailure("label", `${command} has the label ${label} of no line`);
    }
    if (answered) throw new OracleFailure("label", `the label ${label} is answered again`);
    if (tags.has("batch")) throw new OracleFailure("label", `the label ${label} in a batch`);
    this.#answered.set(label, true);
  }

  /** Checks at rest that each line was answered. @throws {OracleFailure} */
  checkAnswered(): void {
    for (const [label, answered] of this.#answered) {
      if (!answered) throw new OracleFailure("label", `the label ${label} was never answered`);
    }
  }
}
