/**
 * A test client: it sends bytes, and expects exactly the bytes that a test names, within a time
 * limit. Expected bytes are removed from its input.
 */
import net from "node:net";
import type { Duplex } from "node:stream";
import { expect, onTestFinished } from "vitest";
import { ProtocolCheck } from "../../../support/protocol.js";
import { greeting } from "../../../support/runtime.js";
import { connectVirtually } from "../../../support/virtual/world.js";

/** The tutorial's stamp. */
export const STAMP = String.raw`\d{4}/\d\d/\d\d \d\d:\d\d:\d\d`;

const WAIT_MS = 20_000;
const NEWLINE = 0x0a;
/** The most bytes that an error message shows. */
const SHOWN_BYTES = 400;

export interface ClientOptions {
  name?: string;
  /** Begin without reading: what is sent to us fills the kernel's buffers, then theirs. */
  deaf?: boolean;
  /** Keep our side open when the other ends its own. */
  allowHalfOpen?: boolean;
}

/** The common part of a net.Socket and of a peer in a virtual world. */
export interface Socket extends Duplex {
  readonly localPort?: number | undefined;
  resetAndDestroy(): unknown;
}

export async function connect(port: number, options: ClientOptions = {}): Promise<Client> {
  const { deaf = false, allowHalfOpen = false, name = "" } = options;
  const socket: Socket =
    connectVirtually(port, allowHalfOpen) ??
    net.connect({ port, host: "127.0.0.1", noDelay: true, allowHalfOpen });
  const client = new Client(socket, name);
  onTestFinished(() => {
    socket.destroy();
    expect(client.protocol.mistakes).toEqual([]);
  });
  if (deaf) client.stopReading();
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  if (greeting() !== "") client.send(greeting());
  return client;
}

export class Client {
  ended = false;
  /** ECONNRESET and its like, or empty. */
  error = "";
  closed = false;
  /** Checks the JSON objects that the client receives. */
  readonly protocol = new ProtocolCheck();
  #heard: Buffer[] = [];
  #bytes = 0;
  /** Called whenever something has come. */
  readonly #watchers = new Set<() => void>();

  constructor(
    readonly socket: Socket,
    /** As the chat calls it. */
    public name: string,
  ) {
    socket.on("data", (data: Buffer) => {
      this.protocol.take(data);
      this.#heard.push(data);
      this.#bytes += data.length;
      this.#noticed();
    });
    socket.on("end", () => {
      this.ended = true;
      this.#noticed();
    });
    socket.on("error", (error: NodeJS.ErrnoException) => (this.error = error.code ?? "error"));
    socket.on("close", () => {
      this.closed = true;
      this.#noticed();
    });
  }

  /** Bytes that arrived and were not expected yet. */
  get heard(): Buffer {
    const [first, second] = this.#heard;
    if (first === undefined) return Buffer.alloc(0);
    if (second === undefined) return first;
    const all = Buffer.concat(this.#heard);
    this.#heard = [all];
    return all;
  }

  get heardBytes(): number {
    return this.#bytes;
  }

  send(bytes: string | Uint8Array): void {
    this.socket.write(bytes);
  }

  say(line: string): void {
    this.send(`${line}\n`);
  }

  /** Sends, and waits until the kernel has it, so that the next write is another packet. */
  async sendNow(bytes: string | Uint8Array): Promise<void> {
    await new Promise<void>((resolve) => this.socket.write(bytes, () => resolve()));
  }

  /** The very next bytes are these. */
  async expectBytes(expected: string | Uint8Array): Promise<void> {
    const bytes = Buffer.from(expected as string);
    await this.#until(() => this.#bytes >= bytes.length, show(bytes));
    expect(show(this.#take(bytes.length))).toBe(show(bytes));
  }

  /** The next line, without its end. */
  async expectLine(): Promise<string> {
    await this.#until(() => this.heard.includes(NEWLINE), "a line");
    return this.#take(this.heard.indexOf(NEWLINE) + 1)
      .toString("utf8")
      .slice(0, -1);
  }

  async expectLineLike(pattern: RegExp): Promise<void> {
    expect(await this.expectLine()).toMatch(pattern);
  }

  /** The next two lines: the stamp with the speaker's name, and what was said. */
  async expectSaid(speaker: string, text: string): Promise<void> {
    await this.expectLineLike(new RegExp(`^${STAMP} ${speaker}$`));
    expect(await this.expectLine()).toBe(text);
  }

  /** The other side has ended, or does so now, and nothing was unexpected. */
  async expectEnd(): Promise<void> {
    await this.#until(() => this.ended || this.closed, "the end");
    expect(show(this.heard)).toBe("");
    expect(this.error).toBe("");
  }

  /** All that comes until the other side ends. */
  async expectAllUntilEnd(): Promise<Buffer> {
    await this.#until(() => this.ended || this.closed, "the end");
    return this.#take(this.#bytes);
  }

  /** All that has come by now. */
  takeAll(): Buffer {
    return this.#take(this.#bytes);
  }

  /** Until this many bytes are there; they are not used up. */
  async expectAtLeast(bytes: number): Promise<void> {
    await this.#until(() => this.#bytes >= bytes, `${bytes} bytes`);
  }

  /** Says that nothing more will come, and goes on listening. */
  halfClose(last = ""): void {
    this.socket.end(last);
  }

  /** Breaks the connection: the other side gets a reset. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  leave(): void {
    this.socket.destroy();
  }

  stopReading(): void {
    this.socket.pause();
  }

  readAgain(): void {
    this.socket.resume();
  }

  #take(bytes: number): Buffer {
    const all = this.heard;
    const rest = all.subarray(bytes);
    this.#heard = rest.length > 0 ? [rest] : [];
    this.#bytes = rest.length;
    return all.subarray(0, bytes);
  }

  async #until(condition: () => boolean, what: string): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#watchers.delete(look);
        reject(new Error(this.#inVain(what)));
      }, WAIT_MS);
      const look = (): void => {
        if (!condition()) return;
        this.#watchers.delete(look);
        clearTimeout(timer);
        resolve();
      };
      this.#watchers.add(look);
    });
  }

  #noticed(): void {
    for (const look of this.#watchers) look();
  }

  #inVain(what: string): string {
    const state = this.closed ? `closed ${this.error}` : this.ended ? "ended" : "open";
    return (
      `${this.name} (${state}) waited ${WAIT_MS} ms in vain for ${what}; ` +
      `it heard ${this.#bytes} bytes: ${show(this.heard)}`
    );
  }
}

/** Bytes for people: what is not plain ASCII is written as `\x1b`. */
function show(bytes: Uint8Array): string {
  const text = Buffer.from(bytes)
    .toString("latin1")
    .replaceAll(
      /[^\x20-\x7e\n]/g,
      (each) => `\\x${each.charCodeAt(0).toString(16).padStart(2, "0")}`,
    );
  return text.length <= SHOWN_BYTES
    ? text
    : `${text.slice(0, SHOWN_BYTES / 2)} ... ${text.slice(-SHOWN_BYTES / 2)}`;
}
