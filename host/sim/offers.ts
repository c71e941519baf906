/**
 * What a component offers to a socket. It asks for room and writes as much as it is permitted;
 * whether it would have written more shows in what it does next, so each offer is told then.
 */
import type { Findings } from "./findings.js";

interface OfferedTo {
  sent(
    fd: number,
    offered: readonly Uint8Array[],
    count: number,
    more?: "refused" | "maybe",
  ): unknown;
  wantsToSend(fd: number, bytes: number): boolean;
  brokeSending(fd: number): void;
}

type Ending = "all" | "full" | "broken" | undefined;

interface Offer {
  fd: number;
  /** Taken, and not told yet. */
  bytes: Uint8Array | undefined;
  /** How it has ended, if it goes on no more, and before room was asked for the last time. */
  end: Ending;
  before: Ending;
}

export class Offers {
  #offer: Offer | undefined;

  /**
   * @param found of which each offer may come before the rest
   * @param settle what was read before an offer to another
   */
  constructor(
    private readonly model: OfferedTo,
    private readonly found: Pick<Findings, "tellUntil" | "forget">,
    private readonly settle: () => void,
  ) {}

  /** It has asked for room. @param isAgain having let go, which is one question */
  asked(fd: number, permit: number, isAgain: boolean): void {
    // Who was refused, and asks all the same, offers more than then.
    if (!isAgain && this.#offer?.fd === fd && this.#offer.end === "full") this.end();
    const offer = this.#to(fd);
    if (!isAgain) offer.before = offer.end;
    if (permit <= 0) offer.end = permit === 0 ? "full" : "broken";
    else if (offer.end !== "all") offer.end = undefined;
  }

  /** @param bytes undefined: it has failed */
  wrote(fd: number, bytes: Uint8Array | undefined): void {
    const offer = this.#to(fd);
    offer.end = bytes === undefined ? "broken" : "all";
    offer.bytes = bytes;
  }

  /** It has asked for room to know whether the rest can be left to itself. */
  closes(fd: number): void {
    if (this.#offer?.fd === fd) this.#offer.end = this.#offer.before;
  }

  /** Nothing more is offered to this one. */
  end(): void {
    const offer = this.#offer;
    if (offer === undefined) return;
    this.#offer = undefined;
    const { fd, bytes, end } = offer;
    if (bytes !== undefined || end === "full" || end === "broken") this.#comesNext(fd, bytes);
    if (bytes !== undefined) this.model.sent(fd, [bytes], bytes.length);
    else if (end === "full") this.model.sent(fd, [], 0, "refused");
    else if (end === "broken") {
      this.model.sent(fd, [], -1, "refused");
      this.model.brokeSending(fd);
      // What a look has found there is dealt with no more.
      this.found.forget(fd);
    }
  }

  #to(fd: number): Offer {
    if (this.#offer?.fd !== fd) this.settle();
    const bytes = this.#offer?.bytes;
    if (this.#offer !== undefined && bytes !== undefined) {
      // Another offer, or the rest of that one: nobody knows.
      this.#offer.bytes = undefined;
      this.#comesNext(fd, bytes);
      this.model.sent(fd, [bytes], bytes.length, "maybe");
    }
    this.#offer ??= { fd, bytes: undefined, end: undefined, before: undefined };
    return this.#offer;
  }

  /** It offers that once so much is dealt with. @param bytes undefined: there is no room */
  #comesNext(fd: number, bytes: Uint8Array | undefined): void {
    this.found.tellUntil(() => this.model.wantsToSend(fd, bytes?.length ?? 1));
  }
}
