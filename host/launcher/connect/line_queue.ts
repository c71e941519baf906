/**
 * Lines on their way to the server, no faster than it takes them with its default options: a whole
 * file may be piped into `connect` without being a flood.
 */

/** Lines that are sent at once. */
export const BURST_LINES = 400;
/** Lines a second after these. */
export const RATE_LINES = 10;
/** Lines that wait at most. */
export const WAITING_LINES_MOST = 10_000;

export class LineQueue {
  readonly #lines: string[] = [];
  #allowed = BURST_LINES;
  #countedAt: number;
  #timer: NodeJS.Timeout | undefined;
  #isOpen = false;

  /**
   * @param send puts a line on the connection
   * @param moved is called when lines have been sent
   * @param now in milliseconds
   */
  constructor(
    private readonly send: (line: string) => void,
    private readonly moved: () => void,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#countedAt = now();
  }

  get size(): number {
    return this.#lines.length;
  }

  /** @returns false if too many wait; then the line is not among them */
  add(line: string): boolean {
    if (this.#lines.length >= WAITING_LINES_MOST) return false;
    this.#lines.push(line);
    this.#go();
    return true;
  }

  /** Lines are sent from now on. */
  open(): void {
    this.#isOpen = true;
    this.#go();
  }

  /** Lines wait from now on. */
  shut(): void {
    this.#isOpen = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #go(): void {
    if (!this.#isOpen || this.#timer !== undefined) return;
    const now = this.now();
    const earned = ((now - this.#countedAt) / 1_000) * RATE_LINES;
    this.#allowed = Math.min(BURST_LINES, this.#allowed + earned);
    this.#countedAt = now;
    const count = Math.min(this.#lines.length, Math.floor(this.#allowed));
    this.#allowed -= count;
    for (const line of this.#lines.splice(0, count)) this.send(line);
    if (this.#lines.length > 0) this.#timer = setTimeout(this.#again, 1_000 / RATE_LINES);
    if (count > 0) this.moved();
  }

  readonly #again = (): void => {
    this.#timer = undefined;
    this.#go();
  };
}
