/**
 * Futures that tell how a stream ended. Like real hosts, it never has the value within the call.
 */
import { codeOf } from "./codes.js";
import type { Canonical } from "./canonical.js";
import type { FarEnd, Moved } from "./copying.js";

/** The offset of an error's code in a result. */
const CODE_AT = 4;

export class Ending implements FarEnd {
  /** @param ended returns 0 or a negated errno once the stream has ended; undefined before */
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
    // The component does not want the value any more.
  }
}
