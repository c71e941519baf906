/**
 * The user's console, carried to whichever guest lives.
 *
 * Input goes on in whole lines only, so that a `quit` of our own never glues to a half-typed line.
 * Output is passed on as it comes. Either end may break (a closed terminal, a dead guest) without
 * taking the server along.
 */
import type { Readable, Writable } from "node:stream";
import { JobControl } from "./foreground.js";
import type { Guest } from "./launch.js";

/** Longer lines are no commands; without a bound, an endless one would fill our memory. */
export const CONSOLE_LINE_BYTES_MAX = 64 * 1024;

const NEWLINE = 0x0a;

/** What a guest's end of the console is tied to, for as long as it lives. */
export interface GuestConsole {
  attach(guest: Pick<Guest, "stdin" | "stdout">): void;
  detach(): void;
  /** Tells the guest to end. */
  quit(): void;
}

/** What of a guest is tied to the user's console. */
type Spoken = Pick<Guest, "stdin" | "stdout" | "waitsForReaders">;

/** The user's console and the guest's, tied together as they are. */
export class PassedConsole implements GuestConsole {
  constructor(
    private readonly input: ConsoleInput,
    private readonly output: ConsoleOutput,
  ) {}

  attach({ stdin, stdout, waitsForReaders }: Spoken): void {
    const neverPauses = waitsForReaders === true;
    this.output.carry(stdout, undefined, { neverPauses, told: (text) => `(${text})` });
    this.input.attach(stdin);
  }

  detach(): void {
    this.input.detach();
  }

  quit(): void {
    this.input.inject("quit");
  }

  close(): void {
    this.input.close();
  }
}

/** Lines from the user to the guest. */
export class ConsoleInput {
  readonly #input: Readable;
  #guest: Writable | undefined;
  /** Whole lines that came while no guest lived; the input is paused then, so they stay few. */
  #waiting: Buffer[] = [];
  #partial = Buffer.alloc(0);
  #skipping = false;
  /** Whether the input may be read: a terminal may not, from the background. */
  #isOurs = true;
  readonly #jobs: JobControl | undefined;

  constructor(input: Readable) {
    this.#input = input;
    input.on("data", this.#onData);
    input.on("end", this.#onEnd);
    input.on("error", this.#onEnd);
    input.pause();
    if (isTerminal(input)) this.#jobs = new JobControl((isOurs) => this.#onJob(isOurs));
  }

  /** From now on, lines go to this guest. */
  attach(guest: Writable): void {
    this.#guest = guest;
    for (const lines of this.#waiting.splice(0)) guest.write(lines);
    guest.on("drain", () => {
      if (this.#guest === guest) this.#goOn();
    });
    this.#goOn();
  }

  /** That guest is gone: lines wait for the next. */
  detach(): void {
    this.#guest = undefined;
    this.#input.pause();
  }

  /** Says a line of our own. */
  inject(line: string): void {
    this.#guest?.write(`${line}\n`);
  }

  /** Lets go of the input. */
  close(): void {
    this.detach();
    this.#input.off("data", this.#onData);
    this.#input.off("end", this.#onEnd);
    this.#jobs?.close();
  }

  #onJob(isOurs: boolean): void {
    this.#isOurs = isOurs;
    if (!isOurs) this.#input.pause();
    else if (this.#guest !== undefined) this.#goOn();
  }

  #goOn(): void {
    if (this.#isOurs) this.#input.resume();
  }

  readonly #onData = (chunk: Buffer | string): void => {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    const lineEnd = bytes.lastIndexOf(NEWLINE) + 1;
    if (lineEnd > 0) {
      const start = this.#skipping ? bytes.indexOf(NEWLINE) + 1 : 0;
      this.#forward(Buffer.concat([this.#partial, bytes.subarray(start, lineEnd)]));
      this.#partial = Buffer.alloc(0);
      this.#skipping = false;
    }
    if (this.#skipping) return;
    this.#partial = Buffer.concat([this.#partial, bytes.subarray(lineEnd)]);
    if (this.#partial.length > CONSOLE_LINE_BYTES_MAX) {
      this.#partial = Buffer.alloc(0);
      this.#skipping = true;
    }
  };

  /**
   * The end of the user's input is not the end of the server; it ends only the line being typed.
   */
  readonly #onEnd = (): void => {
    if (this.#partial.length > 0) {
      this.#forward(Buffer.concat([this.#partial, Buffer.from("\n")]));
      this.#partial = Buffer.alloc(0);
    }
  };

  #forward(lines: Buffer): void {
    if (lines.length === 0) return;
    if (this.#guest === undefined) this.#waiting.push(lines);
    else if (!this.#guest.write(lines)) this.#input.pause();
  }
}

/** What becomes of what nobody reads in time. */
interface Losses {
  /** It is lost, as the source would have to wait for it, and with it all whom it serves. */
  neverPauses: boolean;
  /** How that is told. */
  told: (text: string) => string;
}

/** The part of a stream of Node's that is behind its public face. */
type TerminalStream = Writable & { _handle?: { setBlocking?: (blocking: boolean) => void } };

/**
 * What guests (and the launcher) write, to one of our own streams, for as long as it can be
 * written.
 */
export class ConsoleOutput {
  readonly #output: Writable;
  /** What is to be done for each source once the reader is behind no more. */
  readonly #sources = new Map<Readable, () => void>();
  /** Why nothing more can be written. */
  failure: Error | undefined;
  /** Called when nothing more can be written. */
  onBroken: (() => void) | undefined;
  #broken = false;
  /** The last write has said that the reader is behind. */
  #behind = false;
  #elsewhere: ((text: string) => boolean) | undefined;

  constructor(output: Writable) {
    this.#output = output;
    // Node writes to a terminal in the blocking way: one that is stopped (Ctrl-S) would stop us,
    // restarts and signals included. There is no public way to ask for the other.
    (output as TerminalStream)._handle?.setBlocking?.(false);
    const onBroken = (error?: Error): void => {
      this.failure ??= error;
      this.#broken = true;
      this.resume();
      this.onBroken?.();
    };
    // Whoever read it has gone (EPIPE). The server has not.
    output.on("error", onBroken);
    output.on("close", onBroken);
    output.on("drain", () => this.resume());
  }

  /** The terminal that it is, if it is one. */
  get terminal(): NodeJS.WriteStream | undefined {
    return isTerminal(this.#output) ? this.#output : undefined;
  }

  /** Passes on what comes, as it comes or as `formed` makes it. */
  carry(
    source: Readable,
    formed: (chunk: Buffer) => Buffer | string = (chunk) => chunk,
    losses: Losses = { neverPauses: false, told: (text) => text },
  ): void {
    let lost = 0;
    this.#sources.set(source, () => {
      source.resume();
      if (lost === 0) return;
      const words =
        lost === 1
          ? "1 line was not written: nobody read it in time"
          : `${lost} lines were not written: nobody read them in time`;
      lost = 0;
      this.write(`${losses.told(words)}\n`);
    });
    source.on("data", (chunk: Buffer) => {
      const text = formed(chunk);
      if (losses.neverPauses && this.#behind) lost += linesIn(text);
      else if (!this.write(text) && !losses.neverPauses) source.pause();
    });
    source.once("close", () => this.#sources.delete(source));
    source.once("error", () => this.#sources.delete(source));
  }

  /** @returns false when the reader is behind */
  write(chunk: Buffer | string): boolean {
    if (chunk.length === 0) return true;
    this.#behind = !this.#wrote(chunk);
    return !this.#behind;
  }

  #wrote(chunk: Buffer | string): boolean {
    if (this.#elsewhere !== undefined) return this.#elsewhere(String(chunk));
    return this.#broken || this.#output.write(chunk);
  }

  /**
   * Somebody else writes it: to the same terminal, where a prompt must stay intact. Without an
   * argument, that is over.
   */
  divert(elsewhere?: (text: string) => boolean): void {
    this.#elsewhere = elsewhere;
  }

  /** The reader is behind no more. */
  resume(): void {
    this.#behind = false;
    for (const goOn of this.#sources.values()) goOn();
  }
}

function linesIn(text: Buffer | string): number {
  return String(text).split("\n").length - 1;
}

function isTerminal(stream: Readable): stream is NodeJS.ReadStream;
function isTerminal(stream: Writable): stream is NodeJS.WriteStream;
function isTerminal(stream: Readable | Writable): boolean {
  return "isTTY" in stream && stream.isTTY === true;
}
