/**
 * A scene: commands for the guest of tests/contract/selectors/guest/driver.ts, and actions of the
 * clients in between. The same scene runs on wasmtime and on the virtual kernel; the guest's
 * answers are its transcript.
 */

export type PeerAct = "write" | "end" | "close" | "reset" | "pause" | "resume";

export type Step =
  /** Asks the guest; again until `until` holds, since a real kernel may need a moment. */
  | { step: "ask"; command: string; until?: (answer: string) => boolean }
  | { step: "connect"; peer: string }
  | { step: "act"; peer: string; act: PeerAct; text: string; afterMs: number }
  /** Waits until the peer has heard so much, and answers with all it has heard. */
  | { step: "heard"; peer: string; bytes: number }
  /** Waits until the peer knows that it is over: `end` or `reset`. */
  | { step: "over"; peer: string };

/** Yields its steps; is given what each of them answers. */
export type Script = () => Generator<Step, void, string>;

export interface Scene {
  name: string;
  /** True to give the guest an empty directory, behind its listener. */
  directory?: boolean;
  script: Script;
}

export const ask = (command: string, until?: (answer: string) => boolean): Step =>
  until === undefined ? { step: "ask", command } : { step: "ask", command, until };

export const connect = (peer: string): Step => ({ step: "connect", peer });

export const act = (peer: string, what: PeerAct, text = ""): Step => later(0, peer, what, text);

/** Something that happens while the guest waits. */
export const later = (afterMs: number, peer: string, what: PeerAct, text = ""): Step => ({
  step: "act",
  peer,
  act: what,
  text,
  afterMs,
});

export const heard = (peer: string, bytes: number): Step => ({ step: "heard", peer, bytes });

export const over = (peer: string): Step => ({ step: "over", peer });

/** How many bytes a full socket takes is the machine's affair, and so is how long a wait took. */
export function normalised(command: string, answer: string): string {
  if (command.startsWith("fill")) return answer.replace(/^\d{4,}/, "MANY");
  if (command.startsWith("select ")) return answer.replace(/\d+$/, "NS");
  return answer;
}

/** Collects what is seen, and hands out step after step. */
export class Playing {
  readonly transcript: string[] = [];
  readonly #steps: Generator<Step, void, string>;

  constructor(scene: Scene) {
    this.#steps = scene.script();
  }

  /**
   * @param answer the guest's answer to the step before
   * @returns undefined at the end of the scene
   */
  next(answer: string): Step | undefined {
    const result = this.#steps.next(answer);
    return result.done === true ? undefined : result.value;
  }

  saw(what: string, answer: string): string {
    const shown = normalised(what, answer);
    this.transcript.push(`${what} -> ${shown}`);
    return shown;
  }
}
