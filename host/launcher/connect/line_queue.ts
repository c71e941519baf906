/**
 * The queue of lines to send. It sends them no faster than a server with default options handles
 * them, so that a whole file can be piped into `connect` without being a flood.
 */

/** The number of lines that may be sent without a pause: what `--first-burst` allows. */
export const BURST_LINES = 40;
/** The lines a second after that. */
export const RATE_LINES = 10;
/** The most lines in the queue. */
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
   * @param now returns a time in milliseconds
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

  /** Queues a line. @returns false if the queue is full, and the line is dropped */
  add(line: string): boolean {
    if (this.#lines.length >= WAITING_LINES_MOST) return false;
    this.#lines.push(line);
    this.#go();
    return true;
  }

  /** Begins to send lines. */
  open(): void {
    this.#isOpen = true;
    this.#go();
  }

  /** Stops sending lines. They stay in the queue. */
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
