/** Moves a run on by itself, each moment for as long as it takes to see. */

/** Milliseconds by what is shown; what is a detail goes by quickly. */
const TIMES: Record<string, number> = { world: 700, sleep: 500, wait: 800, work: 900, verify: 220 };
const OTHER_TIME = 400;

export interface Played {
  /** Moves on. @returns what is now shown; undefined: there is no more */
  step(): string | undefined;
  /** Shows the last moment, at once. */
  toEnd(): void;
  changed(plays: boolean): void;
  /** A factor for all times. */
  slowness(): number;
}

export class Player {
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly played: Played) {}

  get plays(): boolean {
    return this.#timer !== undefined;
  }

  /** @param isStill goes to the end at once, as nothing is to move by itself */
  play(isStill: boolean): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (isStill) {
      this.played.toEnd();
      this.played.changed(false);
      return;
    }
    this.#wait(OTHER_TIME);
    this.played.changed(true);
  }

  stop(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.played.changed(false);
  }

  #wait(milliseconds: number): void {
    this.#timer = setTimeout(() => {
      const shown = this.played.step();
      if (shown === undefined) this.stop();
      else this.#wait(TIMES[shown] ?? OTHER_TIME);
    }, milliseconds * this.played.slowness());
  }
}
