/** A run with a cursor: steps forward and back, and new acts. This file knows no page. */
import type { FrameReader } from "../../lab/explore/frames.js";
import type { Moment, Recording } from "../../lab/explore/moment.js";
import { record } from "../../lab/explore/record.js";
import type { Act, Deed, Script } from "../../lab/explore/script.js";
import { sameUntil, shownOf } from "../../lab/explore/view.js";

export interface Program {
  module: WebAssembly.Module;
  frames: FrameReader;
  /** The lines of the program's main source file. */
  source: string[];
}

/** Acts are at multiples of this time, in microseconds, so that links stay short. */
const ACT_EVERY_US = 1_000;

export class Session {
  recording: Recording;
  shown: Moment[] = [];
  /** The index of the current moment in `shown`. */
  cursor = 0;
  /** The real time that the last run took, in milliseconds. */
  took = 0;
  /** The number of moments at the start that are the same as in the run before. */
  same = 0;

  constructor(
    readonly program: Program,
    public script: Script,
  ) {
    this.recording = this.#run(undefined);
  }

  get moment(): Moment {
    const found = this.shown[this.cursor];
    if (found === undefined) throw new Error("a run has at least one moment");
    return found;
  }

  get isAtEnd(): boolean {
    return this.cursor >= this.shown.length - 1;
  }

  seek(to: number): void {
    this.cursor = Math.max(0, Math.min(this.shown.length - 1, to));
  }

  /** Moves the cursor to the next wait, or to the end. */
  seekWait(): void {
    const isWait = ({ kind, role }: Moment) =>
      kind === "sleep" || (kind === "call" && role === "wait");
    const found = this.shown.findIndex((one, at) => at > this.cursor && isWait(one));
    this.seek(found < 0 ? this.shown.length - 1 : found);
  }

  /**
   * Adds an act of a client after the current moment. Later acts of the script are removed. The
   * program runs again from the start, and the cursor stays at its moment.
   */
  act(does: Deed, client: number, text = ""): void {
    const now = (this.isAtEnd ? this.recording.now : this.moment.at) / 1000;
    const at = (Math.floor(now / ACT_EVERY_US) + 1) * ACT_EVERY_US;
    const before = this.script.acts.filter((one) => one.at <= now);
    const [{ hash, kind, n }, wasAtEnd] = [this.moment, this.isAtEnd];
    this.script = { ...this.script, acts: [...before, { at, does, client, text } satisfies Act] };
    this.recording = this.#run(this.recording);
    const isNew = (one: Moment) => one.happening !== undefined && one.at >= at * 1000;
    const isSame = (one: Moment) => one.hash === hash && one.kind === kind && one.n <= n;
    this.seek(wasAtEnd ? this.shown.findIndex(isNew) : this.shown.findLastIndex(isSame));
  }

  #run(known: Recording | undefined): Recording {
    const began = performance.now();
    const { module, frames } = this.program;
    const recording = record(module, this.script, { frames, known });
    this.took = performance.now() - began;
    this.same = known === undefined ? 0 : sameUntil(known, recording);
    this.shown = shownOf(recording);
    return recording;
  }
}

/**
 * Returns the index of the moment where a figure begins.
 *
 * @param where as in a page: the kind of a moment, the name of a call or of an act, or `wait`,
 *   `verify`, `stop`, `start`, `end`; `sleep:2` is the second moment of that kind
 */
export function placeOf(shown: readonly Moment[], where: string): number {
  if (where === "end") return shown.length - 1;
  const [name = "", count = "1"] = where.split(":");
  const fits = ({ kind, role, call, happening }: Moment) =>
    kind === name ||
    happening?.what === name ||
    (kind === "call" && (role === name || call?.name === name));
  const places = [...shown.keys()].filter((at) => {
    const one = shown[at];
    return one !== undefined && fits(one);
  });
  return places[Number(count) - 1] ?? 0;
}
