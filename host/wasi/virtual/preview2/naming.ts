/**
 * Whom `poll` names. Those that were lent first are looked at first, and each costs a part of the
 * budget: on the older line to be looked at, on the younger to be ready. As soon as somebody is
 * found among those for whom it lasted, that is the answer.
 */
import { Eventtype } from "../../abi.js";
import type { Event } from "../../kernel.js";
import type { Clock, Watch, Watched } from "../readiness.js";
import { Listener } from "../listener.js";
import type { Budget } from "./budget.js";
import type { Line } from "./line.js";

const LAST_STANDARD_FD = 2;

interface Entry {
  /** Of the list that is waited for. */
  index: number;
  one?: Watched;
  clock?: Clock;
}

export class Naming {
  readonly named: Event[] = [];
  /** Whether somebody is kept back by a fault. */
  isDelayed = false;
  readonly #entries: Entry[];
  /** On the older line: those who have been looked at once, and need no budget any more. */
  readonly #looked = new Set<Entry>();
  #isWoken = false;

  /** @param isReady whether one is to be called so; `undefined` if a fault delays it */
  constructor(
    private readonly line: Line,
    private readonly budget: Budget,
    waited: Watch,
    /** Deadlines at this time are over before the wait. */
    private readonly start: number,
    private readonly isReady: (one: Watched) => boolean | undefined,
    /** On the younger line: timers for no time that have let go, which they do once. */
    private readonly haveLetGo: Set<number>,
  ) {
    const clocks = waited.clocks.map((clock): Entry => ({ index: clock.index, clock }));
    const others = waited.fds.map((one): Entry => ({ index: one.index, one }));
    this.#entries = [...clocks, ...others].sort((one, two) => one.index - two.index);
  }

  /** @returns whether the wait is over at this time */
  look(now: number): boolean {
    for (;;) {
      this.#pass(now);
      if (this.named.length > 0) return true;
      this.budget.renew();
      if (!this.#isWoken) return false;
    }
  }

  #pass(now: number): void {
    this.#isWoken = false;
    this.isDelayed = false;
    for (const entry of this.#entries) {
      const { index, one, clock } = entry;
      const isNamed = clock === undefined ? this.#isOne(entry) : this.#isTime(entry, now);
      if (!isNamed) continue;
      const type = one?.type ?? Eventtype.CLOCK;
      this.named.push({ index, error: 0, type, nbytes: 0, flags: 0 });
    }
  }

  #isOne(entry: Entry): boolean {
    const { one } = entry;
    if (one === undefined) return false;
    // The three standard ones ask the host's runtime for nothing.
    if (one.fd <= LAST_STANDARD_FD) return this.isReady(one) === true;
    const isStream = !(one.descriptor instanceof Listener);
    if (this.line === 36 && isStream && !this.#looked.has(entry)) {
      if (!this.#spend()) return false;
      this.#looked.add(entry);
    }
    const ready = this.isReady(one);
    if (ready === undefined) this.isDelayed = true;
    if (ready !== true) return false;
    return this.line === 36 && isStream ? true : this.#spend();
  }

  #isTime(entry: Entry, now: number): boolean {
    const deadline = entry.clock?.deadline ?? Infinity;
    if (deadline > this.start) return deadline <= now && this.#spend();
    if (this.line === 36 || this.haveLetGo.has(entry.index)) return true;
    this.haveLetGo.add(entry.index);
    this.#isWoken = true;
    return false;
  }

  #spend(): boolean {
    const isLeft = this.budget.spend();
    if (!isLeft) this.#isWoken = true;
    return isLeft;
  }
}
