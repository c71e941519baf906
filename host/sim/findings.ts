/**
 * What a component has found while it looked for who is ready, and deals with later, with no call
 * that shows it: each is told in its turn, once the tick has begun that deals with it.
 */

interface Finding {
  fd: number;
  isDue: boolean;
  /** Whether it is tried before the next wait. */
  isExpected: boolean;
  tell: () => void;
}

export class Findings {
  #found: Finding[] = [];
  /** As they are found ready, and as those are dealt with who were so. */
  #order: number[] = [];
  #turns: number[] = [];
  /** Of those found ready since the last tick began, who has something to read. */
  readonly #readable = new Set<number>();

  add(fd: number, tell: () => void, isExpected = false): void {
    this.#found.push({ fd, isDue: false, isExpected, tell });
  }

  /** Somebody is ready, and will have its turn, though only some are to be read. */
  isReady(fd: number, toRead: boolean): void {
    this.#order.push(fd);
    if (toRead) this.#readable.add(fd);
  }

  /** Those who were ready have their turns now. Who is not read now keeps its end for later. */
  tickBegan(): void {
    this.#turns = this.#order;
    this.#order = [];
    for (const one of this.#found) one.isDue ||= this.#readable.has(one.fd);
    this.#readable.clear();
  }

  /** Those of whom more was expected. @returns what makes them due */
  expected(isTried: (fd: number) => boolean): (() => void) | undefined {
    const tried = this.#found.filter((one) => one.isExpected && !one.isDue && isTried(one.fd));
    if (tried.length === 0) return undefined;
    return () => {
      for (const one of tried) one.isDue = true;
    };
  }

  /** Tells all that had its turn before this one, or all that is due. */
  tellBefore(fd?: number): void {
    const turn = fd === undefined ? Infinity : this.#turns.indexOf(fd);
    this.#tell((one) => this.#turns.indexOf(one.fd) < turn);
  }

  /** Tells one after another of those that are due, until that is enough. */
  tellUntil(isEnough: () => boolean): void {
    for (;;) {
      const due = this.#found.filter((one) => one.isDue).map(({ fd }) => fd);
      const next = due.sort((one, two) => this.#turns.indexOf(one) - this.#turns.indexOf(two))[0];
      if (next === undefined || isEnough()) return;
      this.tellOf(next);
    }
  }

  tellOf(fd: number): void {
    this.#tell((one) => one.fd === fd);
  }

  forget(fd: number): void {
    this.#found = this.#found.filter((one) => one.fd !== fd);
  }

  #tell(isMeant: (one: Finding) => boolean): void {
    const now = this.#found.filter((one) => one.isDue && isMeant(one));
    if (now.length === 0) return;
    this.#found = this.#found.filter((one) => !now.includes(one));
    now.sort((one, two) => this.#turns.indexOf(one.fd) - this.#turns.indexOf(two.fd));
    for (const one of now) one.tell();
  }
}
