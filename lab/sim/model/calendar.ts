/**
 * The calendar's clock, of which the module reads the second once a tick, and the time anew for
 * each event of a log of objects. What is read first is needed first; what is needed here before it
 * is read is the world's own time.
 */

const NS_PER_SECOND = 1_000_000_000n;

export class Calendar {
  /** Of the tick. */
  #seconds: number | undefined;
  /** Read, and for nothing yet. */
  #reads: bigint[] = [];
  /** Needed, and still to be read. */
  #early = 0;

  constructor(private readonly now: () => bigint) {}

  wasRead(nanoseconds: bigint): void {
    if (this.#early > 0) this.#early--;
    else this.#reads.push(nanoseconds);
  }

  /** What the next reading of the module's is. */
  take(): bigint {
    const read = this.#reads.shift();
    if (read === undefined) this.#early++;
    return read ?? this.now();
  }

  get seconds(): number {
    this.#seconds ??= Number(this.take() / NS_PER_SECOND);
    return this.#seconds;
  }

  /** A tick begins, and all of the last one is dealt with. */
  begin(): void {
    this.#seconds = undefined;
    this.#reads = [];
    this.#early = 0;
  }
}
