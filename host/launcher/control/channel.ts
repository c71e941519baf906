/**
 * The control channel to the guest. A question is a line `ID COMMAND` on the guest's stdin, and the
 * answer is a line of JSON on its stdout. assembly/chat/admin/control.ts is the other end. The
 * channel queues questions, and sends one at a time, so the guest never owes more than one answer.
 *
 * Each question is answered, or fails with Unanswered: the guest has ended or is silent, or the
 * queue is full. If no guest runs, a question waits for the next guest.
 */
import type { Readable, Writable } from "node:stream";
import { LineSplitter } from "../guest/lines.js";

/** The launcher's timeout for an answer of the module. @limit milliseconds */
export const ANSWER_WAIT_MS = 5_000;
/** Questions to the module that can be queued. @limit questions */
export const QUESTIONS_MOST = 64;
const STOPPED = "the server has stopped";
/** The longest line of the guest, in bytes. Answers are shorter. */
const ANSWER_BYTES_MOST = 2 * 1024 * 1024;

/** The answer to a command. */
export interface Answer {
  text: string;
  /** True if the command is unknown. The text is then the list of commands. */
  unknown?: boolean;
  /** True if the command was refused. The text has the reason. */
  refused?: boolean;
  /** The statistics as an object; only in the answer to `stats`. */
  stats?: unknown;
}

/** Thrown if a question gets no answer. The message says why. */
export class Unanswered extends Error {}

interface Question {
  id: number;
  command: string;
  timer?: NodeJS.Timeout;
  resolve: (answer: Answer) => void;
  reject: (error: Unanswered) => void;
}

/** The streams of a guest that the channel uses. */
export interface ControlledGuest {
  stdin: Writable;
  stdout: Readable;
}

/** The channel to the guests of a server. If a guest dies, the channel continues with the next. */
export class ControlChannel {
  /** The number of guests so far, including the present one. */
  guests = 0;
  #guest: Writable | undefined;
  #lastId = 0;
  #closed = false;
  readonly #waiting: Question[] = [];
  /** The question that was sent and is not answered. It stays here after its timeout. */
  #asked: Question | undefined;

  /** @param onOther called with each line of the guest that is no answer */
  constructor(private readonly onOther: (line: string) => void = () => undefined) {}

  /** Connects a new guest, and sends it the queued questions. */
  attach({ stdin, stdout }: ControlledGuest): void {
    this.guests += 1;
    this.#guest = stdin;
    const lines = new LineSplitter(ANSWER_BYTES_MOST);
    stdout.on("data", (chunk: Buffer) => {
      for (const line of lines.take(chunk)) this.#handleLine(line);
    });
    this.#askNext();
  }

  /** Disconnects the guest that has ended. A question in flight fails. */
  detach(): void {
    this.#guest = undefined;
    const asked = this.#asked;
    this.#asked = undefined;
    if (asked !== undefined) fail(asked, "the server ended before it answered");
  }

  get isAttached(): boolean {
    return this.#guest !== undefined;
  }

  /** True while the guest owes an answer. */
  get owesAnswer(): boolean {
    return this.#asked !== undefined;
  }

  /**
   * Asks the guest.
   *
   * @param waitMs the timeout in milliseconds, counted from this call
   * @throws Unanswered
   */
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

  /** Closes the channel: all pending questions fail. */
  close(): void {
    this.detach();
    this.#closed = true;
    for (const question of this.#waiting.splice(0)) fail(question, STOPPED);
  }

  /** Tells the guest to end. Does not wait for an answer in flight, and expects none. */
  quit(): void {
    this.#guest?.write(`${++this.#lastId} quit\n`);
  }

  #askNext(): void {
    if (this.#guest === undefined || this.#asked !== undefined) return;
    const question = this.#waiting.shift();
    if (question === undefined) return;
    this.#asked = question;
    // A line end in a command would start a second command.
    this.#guest.write(`${question.id} ${question.command.replaceAll(/[\r\n]+/g, " ")}\n`);
  }

  #handleLine(line: string): void {
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
    // A question that was sent stays in flight: the next one waits for its answer.
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
