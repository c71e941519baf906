/**
 * The user's console, connected to the present guest.
 *
 * Input is forwarded in whole lines, so that a `quit` of the launcher never joins a half-typed
 * line. Output is forwarded as it arrives. If either end breaks (a closed terminal, a dead guest),
 * the launcher continues.
 */
import type { Readable, Writable } from "node:stream";
import { JobControl } from "./foreground.js";
import type { Guest } from "./launch.js";

/** The longest line that is forwarded, in bytes. It bounds the memory; no command is that long. */
export const CONSOLE_LINE_BYTES_MAX = 64 * 1024;

const NEWLINE = 0x0a;

/** A console that guests are connected to, one after the other. */
export interface GuestConsole {
  attach(guest: Pick<Guest, "stdin" | "stdout">): void;
  detach(): void;
  /** Tells the guest to end. */
  quit(): void;
}

/** The streams of a guest that the console uses. */
type Spoken = Pick<Guest, "stdin" | "stdout" | "waitsForReaders">;

/** A console that forwards input and output unchanged. */
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

/** Forwards lines from the user to the guest. */
export class ConsoleInput {
  readonly #input: Readable;
  #guest: Writable | undefined;
  /** Lines that arrived while no guest ran. They are few, because the input is paused then. */
  #waiting: Buffer[] = [];
  #partial = Buffer.alloc(0);
  #skipping = false;
  /** True while this process may read the input. A background job may not read its terminal. */
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

  /** Forwards lines to this guest from now on. */
  attach(guest: Writable): void {
    this.#guest = guest;
    for (const lines of this.#waiting.splice(0)) guest.write(lines);
    guest.on("drain", () => {
      if (this.#guest === guest) this.#resume();
    });
    this.#resume();
  }

  /** Disconnects the guest that has ended. Lines wait for the next guest. */
  detach(): void {
    this.#guest = undefined;
    this.#input.pause();
  }

  /** Sends a line of the launcher to the guest. */
  inject(line: string): void {
    this.#guest?.write(`${line}\n`);
  }

  /** Stops reading the input. */
  close(): void {
    this.detach();
    this.#input.off("data", this.#onData);
    this.#input.off("end", this.#onEnd);
    this.#jobs?.close();
  }

  #onJob(isOurs: boolean): void {
    this.#isOurs = isOurs;
    if (!isOurs) this.#input.pause();
    else if (this.#guest !== undefined) this.#resume();
  }

  #resume(): void {
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

  /** Handles the end of the user's input. It ends the line being typed, but not the server. */
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

/** The treatment of output that is not read in time. */
interface Losses {
  /**
   * True: the output is dropped. Otherwise the source is paused. Pausing a component would stop it,
   * and so all its clients.
   */
  neverPauses: boolean;
  /** Formats the note about lost lines. */
  told: (text: string) => string;
}

/** A stream with Node's undocumented handle. */
type TerminalStream = Writable & { _handle?: { setBlocking?: (blocking: boolean) => void } };

/** Writes the output of guests and of the launcher to a stream of this process, until it breaks. */
export class ConsoleOutput {
  readonly #output: Writable;
  /** For each source, a function that resumes it. It is called when the stream has drained. */
  readonly #sources = new Map<Readable, () => void>();
  /** The error that broke the stream. */
  failure: Error | undefined;
  /** Called when the stream has broken. */
  onBroken: (() => void) | undefined;
  #broken = false;
  /** True while the stream applies backpressure. */
  #behind = false;
  #elsewhere: ((text: string) => boolean) | undefined;

  constructor(output: Writable) {
    this.#output = output;
    // By default, Node's writes to a terminal block. A terminal stopped by Ctrl-S would then block
    // the launcher, with its restarts and signals. Node has no public API to change that.
    (output as TerminalStream)._handle?.setBlocking?.(false);
    const onBroken = (error?: Error): void => {
      this.failure ??= error;
      this.#broken = true;
      this.resume();
      this.onBroken?.();
    };
    // The reader has gone (EPIPE). The server goes on.
    output.on("error", onBroken);
    output.on("close", onBroken);
    output.on("drain", () => this.resume());
  }

  /** The terminal behind this output, or undefined if it is none. */
  get terminal(): NodeJS.WriteStream | undefined {
    return isTerminal(this.#output) ? this.#output : undefined;
  }

  /** Forwards a source, as it is or as `formed` changes it. */
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

  /** Writes. @returns false under backpressure */
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
   * Diverts the output to a function that writes to the same terminal, above a prompt. Without an
   * argument, ends the diversion.
   */
  divert(elsewhere?: (text: string) => boolean): void {
    this.#elsewhere = elsewhere;
  }

  /** Ends the backpressure: resumes all sources. */
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
