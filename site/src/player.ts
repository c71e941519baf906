/** Plays a run: shows one moment after another. */

/** The time that a moment is shown, by its kind, in milliseconds. Details are shown briefly. */
const TIMES: Record<string, number> = { world: 700, sleep: 500, wait: 800, work: 900, verify: 220 };
const OTHER_TIME = 400;

export interface Played {
  /** Shows the next moment. @returns its kind; undefined at the end */
  step(): string | undefined;
  /** Shows the last moment, at once. */
  toEnd(): void;
  changed(plays: boolean): void;
  /** Returns a factor for all times. */
  slowness(): number;
}

export class Player {
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly played: Played) {}

  get plays(): boolean {
    return this.#timer !== undefined;
  }

  /** Begins to play. @param isStill true to show the end at once, see Figure.isStill */
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
