/**
 * The client over all its connections: it connects again after a break, and decides when to end.
 * view.ts reads typed lines and shows what arrives.
 */
import { type Address, formatAddress } from "../base/config.js";
import { type ErrorCode, UserError } from "../base/errors.js";
import { Backoff } from "./backoff.js";
import { Conversation, type End } from "./conversation.js";
import { LineQueue } from "./line_queue.js";
import type { Link } from "./link.js";
import type { ServerObject } from "./objects.js";
import { PlaceInChat } from "./place_in_chat.js";

export interface SessionOptions {
  address: Address;
  /** The name to request; empty to keep the one that the server gives. */
  name: string;
  /** The room to request; empty to keep the one that the server gives. */
  room: string;
  /** True if the client requests the history of its room. */
  showsPast: boolean;
}

/** The view: it gets the events of the session. */
export interface Listener {
  /** Reports a new connection. The view passes its bytes to {@link Session.take}. */
  onLink: (link: Link) => void;
  onObject: (object: ServerObject) => void;
  /** Shows a text of the client itself. @param words without a line end */
  onWords: (words: string) => void;
  /** Reports that lines have been sent, so that the queue has room. */
  onSent: () => void;
}

/** The errors after which the client does not connect again. */
const FOR_GOOD: readonly ErrorCode[] = ["E_NOT_POLLCAST", "E_REFUSED"];

export class Session {
  readonly place: PlaceInChat;
  /** Resolves at the end of the session; rejects with a UserError if it failed. */
  readonly ended: Promise<void>;
  readonly #queue: LineQueue;
  readonly #backoff = new Backoff();
  #settle!: { resolve: () => void; reject: (error: UserError) => void };
  #conversation: Conversation | undefined;
  #isHere = false;
  #retry: NodeJS.Timeout | undefined;
  /** The last error that was shown, so that it is shown only once; empty while connected. */
  #told = "";
  #ending: "" | "finishing" | "asked" | "leaving" = "";

  constructor(
    private readonly options: SessionOptions,
    private readonly listener: Listener,
  ) {
    this.place = new PlaceInChat(options.name, options.room);
    this.ended = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    this.#queue = new LineQueue(
      (line) => this.#conversation?.send(line),
      () => {
        listener.onSent();
        this.#finishIfSent();
      },
    );
  }

  /** True if there is a connection, or the client is connecting. */
  get isConnected(): boolean {
    return this.#conversation !== undefined;
  }

  get waitingLines(): number {
    return this.#queue.size;
  }

  connect(): void {
    const { options, listener, place } = this;
    this.#conversation = new Conversation({
      ...{ address: options.address, showsPast: options.showsPast, place },
      onObject: listener.onObject,
      onWords: listener.onWords,
      onHere: (isHere) => this.#onHere(isHere),
      onEnd: (end) => this.#onEnd(end),
    });
    listener.onLink(this.#conversation.link);
  }

  /** Handles bytes that have arrived. */
  take(chunk: Buffer): void {
    this.#conversation?.take(chunk);
  }

  /** Queues a line to send. @returns false if the queue is full */
  add(line: string): boolean {
    return this.#queue.add(line);
  }

  /** Ends the session once all queued lines are sent and answered. */
  finish(): void {
    this.#ending ||= "finishing";
    this.#finishIfSent();
  }

  /** Leaves the chat, and ends the session soon. */
  leave(): void {
    if (this.#ending === "leaving") return;
    this.#ending = "leaving";
    clearTimeout(this.#retry);
    if (this.#conversation === undefined) this.#settle.resolve();
    else this.#conversation.leave();
  }

  #finishIfSent(): void {
    if (this.#ending !== "finishing" || !this.#isHere || this.#queue.size > 0) return;
    this.#ending = "asked";
    this.#conversation?.ask(() => this.leave());
  }

  #onHere(isHere: boolean): void {
    this.#isHere = isHere;
    if (!isHere) {
      this.#queue.shut();
      return;
    }
    this.#told = "";
    this.#queue.open();
    this.#finishIfSent();
  }

  #onEnd(end: End): void {
    const { closing, error } = end;
    this.#conversation = undefined;
    if (this.#ending === "leaving" || closing?.isQuit === true) {
      this.#settle.resolve();
      return;
    }
    const reason = closing?.error() ?? error ?? this.#endedBy();
    const isForGood = closing?.isFinal === true || FOR_GOOD.includes(reason.code);
    if (isForGood || !this.place.hasBeen) {
      this.#settle.reject(reason);
      return;
    }
    if (this.#ending === "asked") {
      const words = `${reason.message}: what was sent last may not have arrived`;
      this.#settle.reject(new UserError("E_NO_ANSWER", words));
      return;
    }
    this.#retry = setTimeout(() => this.connect(), this.#backoff.next(end.lastedMs));
    if (reason.message !== this.#told) this.listener.onWords(`${reason.message}; trying again`);
    this.#told = reason.message;
    if (end.isUnanswered) this.listener.onWords("what was sent last may not have arrived");
  }

  #endedBy(): UserError {
    const { address, place } = { ...this.options, place: this.place };
    const where = formatAddress(address.host, address.port);
    if (place.hasBeen) return new UserError("E_CONNECT", `${where} has ended the connection`);
    const words = "ended the connection without a word: is it a pollcast server, or for a proxy?";
    return new UserError("E_NOT_POLLCAST", `${where} ${words}`);
  }
}
