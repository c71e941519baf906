/**
 * The machine channel to the guest: `ID COMMAND` on its stdin, an object a line on its stdout
 * (assembly/chat/admin/control.ts is the other end). Several may ask; the guest is asked one thing
 * at a time, so that it never owes more than one answer.
 *
 * Whoever asks is answered, or told why not: the guest has ended, says nothing, or too many ask.
 * A question that comes while no guest lives waits for the next one.
 */
import type { Readable, Writable } from "node:stream";
import { LineSplitter } from "../guest/lines.js";

/** The launcher waits so long for an answer of the module. @limit milliseconds */
export const ANSWER_WAIT_MS = 5_000;
/** So many questions to the module wait at a time. @limit questions */
export const QUESTIONS_MOST = 64;
const STOPPED = "the server has stopped";
/** More than any answer of the guest has. */
const ANSWER_BYTES_MOST = 2 * 1024 * 1024;

export interface Answer {
  text: string;
  /** The command was not known, and what there is to see was shown instead. */
  unknown?: boolean;
  /** It has not been done; the text says why. */
  refused?: boolean;
  /** What `stats` has for programs. */
  stats?: unknown;
}

/** Nobody has answered. */
export class Unanswered extends Error {}

interface Question {
  id: number;
  command: string;
  timer?: NodeJS.Timeout;
  resolve: (answer: Answer) => void;
  reject: (error: Unanswered) => void;
}

/** The ends of a guest that are the channel's. */
export interface ControlledGuest {
  stdin: Writable;
  stdout: Readable;
}

export class ControlChannel {
  /** How many guests there have been. */
  guests = 0;
  #guest: Writable | undefined;
  #lastId = 0;
  #closed = false;
  readonly #waiting: Question[] = [];
  /** What the guest has been asked and has not answered, in time or not. */
  #asked: Question | undefined;

  /** @param onOther is given lines of the guest that are no answers */
  constructor(private readonly onOther: (line: string) => void = () => undefined) {}

  /** From now on this guest is asked. */
  attach({ stdin, stdout }: ControlledGuest): void {
    this.guests += 1;
    this.#guest = stdin;
    const lines = new LineSplitter(ANSWER_BYTES_MOST);
    stdout.on("data", (chunk: Buffer) => {
      for (const line of lines.take(chunk)) this.#hear(line);
    });
    this.#askNext();
  }

  /** That guest is gone. */
  detach(): void {
    this.#guest = undefined;
    const asked = this.#asked;
    this.#asked = undefined;
    if (asked !== undefined) fail(asked, "the server ended before it answered");
  }

  get isAttached(): boolean {
    return this.#guest !== undefined;
  }

  /** Whether the guest has been asked something that it has not answered. */
  get isOwed(): boolean {
    return this.#asked !== undefined;
  }

  /** @throws Unanswered */
  async ask(command: string, waitMs = ANSWER_WAIT_MS): Promise<Answer> {
    if (this.#closed) throw new Unanswered(STOPPED);
    if (this.#waiting.length >= QUESTIONS_MOST) {
      throw new Unanswered("the server is being asked too much at once");
    }
    return new Promise((resolve, reject) => {
      const question: Question = { id: ++this.#lastId, command, resolve, reject };
      question.timer = setTimeout(() => this.#giveUp(question, waitMs), waitMs);
      this.#waiting.push(question);
      this.#askNext();
    });
  }

  /** There will be no other guest: whoever waits for one is told so. */
  close(): void {
    this.detach();
    this.#closed = true;
    for (const question of this.#waiting.splice(0)) fail(question, STOPPED);
  }

  /** Tells the guest to end, whatever it is doing; its end is the answer. */
  quit(): void {
    this.#guest?.write(`${++this.#lastId} quit\n`);
  }

  #askNext(): void {
    if (this.#guest === undefined || this.#asked !== undefined) return;
    const question = this.#waiting.shift();
    if (question === undefined) return;
    this.#asked = question;
    // One command is one line, whatever somebody put into it.
    this.#guest.write(`${question.id} ${question.command.replaceAll(/[\r\n]+/g, " ")}\n`);
  }

  #hear(line: string): void {
    const answer = parse(line);
    if (answer === undefined) {
      this.onOther(line);
    } else if (answer.id === this.#asked?.id) {
      const { resolve, timer } = this.#asked;
      this.#asked = undefined;
      clearTimeout(timer);
      resolve(answer);
      this.#askNext();
    }
  }

  #giveUp(question: Question, waitMs: number): void {
    const at = this.#waiting.indexOf(question);
    if (at >= 0) this.#waiting.splice(at, 1);
    // If the guest has been asked, its answer is still waited for before it is asked more.
    fail(question, `the server has not answered within ${waitMs / 1000} s`);
  }
}

function fail({ timer, reject }: Question, why: string): void {
  clearTimeout(timer);
  reject(new Unanswered(why));
}

function parse(line: string): (Answer & { id: number }) | undefined {
  let found: unknown;
  try {
    found = JSON.parse(line);
  } catch {
    return undefined;
  }
  const isAnswer = typeof found === "object" && found !== null && "id" in found && "text" in found;
  return isAnswer ? (found as Answer & { id: number }) : undefined;
}
