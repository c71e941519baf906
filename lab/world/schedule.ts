/** Scheduled actions, ordered by time and then by order of scheduling: a binary heap. */

export type Action = () => void;

export interface Scheduled {
  /** Nanoseconds of virtual time. */
  readonly at: number;
  readonly order: number;
  /**
   * Undefined once cancelled: the entry stays in the heap until its time, and does nothing then.
   */
  action: Action | undefined;
}

export class Schedule {
  readonly #heap: Scheduled[] = [];
  #added = 0;

  add(at: number, action: Action): Scheduled {
    const scheduled = { at, order: this.#added++, action };
    this.#heap.push(scheduled);
    this.#rise(this.#heap.length - 1);
    return scheduled;
  }

  /** The time of the next action in nanoseconds; Infinity if there is none. */
  get nextAt(): number {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (first.action !== undefined) return first.at;
      this.#removeFirst();
    }
    return Infinity;
  }

  take(): Scheduled | undefined {
    return this.nextAt === Infinity ? undefined : this.#removeFirst();
  }

  #removeFirst(): Scheduled | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink(0);
    }
    return first;
  }

  #rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #sink(from: number): void {
    let index = from;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      let least = index;
      if (left < this.#heap.length && this.#isBefore(left, least)) least = left;
      if (right < this.#heap.length && this.#isBefore(right, least)) least = right;
      if (least === index) return;
      this.#swap(index, least);
      index = least;
    }
  }

  #at(index: number): Scheduled {
    const found = this.#heap[index];
    if (found === undefined) throw new Error(`no entry ${index} in the schedule`);
    return found;
  }

  #isBefore(one: number, two: number): boolean {
    const [a, b] = [this.#at(one), this.#at(two)];
    return a.at < b.at || (a.at === b.at && a.order < b.order);
  }

  #swap(one: number, two: number): void {
    const kept = this.#at(one);
    this.#heap[one] = this.#at(two);
    this.#heap[two] = kept;
  }
}
