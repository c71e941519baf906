/** Values that come later: here, how a stream has ended. Real hosts never have one at once. */
import { codeOf } from "./codes.js";
import type { Canonical } from "./canonical.js";
import type { FarEnd, Moved } from "./copying.js";

/** Of a result: where the code of its error lies. */
const CODE_AT = 4;

export class Ending implements FarEnd {
  /** @param ended 0, a negated errno, or undefined as long as it goes on */
  constructor(
    private readonly memory: Canonical,
    private readonly ended: () => number | undefined,
  ) {}

  move(pointer: number, _count: number, isFirst: boolean): Moved | undefined {
    const ended = this.ended();
    if (isFirst || ended === undefined) return undefined;
    this.memory.setU8(pointer, ended === 0 ? 0 : 1);
    if (ended !== 0) this.memory.setU8(pointer + CODE_AT, codeOf(ended));
    return { count: 1, isOver: true };
  }

  dropped(): void {
    // The component does not ask any more.
  }
}
