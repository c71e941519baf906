/**
 * The component's end of a stream or a future. The component passes memory; the host fills or
 * empties it, within the call or at a later event, and then reports the number of moved items, and
 * whether the other end still exists.
 *
 *     IDLE --start--> COPYING --event or cancel--> IDLE, or DONE if the other end has gone
 *
 * Operations that do not fit the state end the component.
 */
import { GuestTrap } from "../../../host/runtime/outcome.js";
import { EventCode, Waitable, type WaitableEvent } from "./waitable.js";

/** The answer of an operation that is pending. */
export const BLOCKED = 0xffffffff;
export const Outcome = { COMPLETED: 0, DROPPED: 1, CANCELLED: 2 } as const;
/** The most elements that one operation may move. */
export const MAX_ELEMENTS = 2 ** 28 - 1;
const COUNT_SHIFT = 4;

export interface Moved {
  count: number;
  /** True if the other end is gone: nothing more will be moved. */
  isOver: boolean;
}

/** The host's side of a stream or a future. */
export interface FarEnd {
  /**
   * Moves elements from or to the component's memory.
   *
   * @param isFirst true within the component's call, false for the host's later attempts
   * @returns undefined if nothing can be moved now
   */
  move(pointer: number, count: number, isFirst: boolean): Moved | undefined;
  /** The component has dropped its end. */
  dropped(): void;
}

export type Direction = "read" | "write";

export abstract class CopyEnd extends Waitable {
  #state: "idle" | "copying" | "done" = "idle";
  /** The pending operation. */
  #copy: { pointer: number; count: number } | undefined;
  /** Its result, which is not delivered yet. */
  #result: number | undefined;

  constructor(
    protected readonly direction: Direction,
    protected far: FarEnd | undefined,
  ) {
    super();
  }

  protected abstract readonly code: number;
  protected abstract pack(moved: Moved): number;

  /** True if the host has still to move something. */
  get isPending(): boolean {
    return this.#copy !== undefined && this.#result === undefined;
  }

  override get hasEvent(): boolean {
    return this.#result !== undefined;
  }

  /** Starts an operation. @returns BLOCKED, or the packed result if it completed at once */
  start(pointer: number, count: number): number {
    if (count >>> 0 > MAX_ELEMENTS) throw new GuestTrap("stream read/write count too large");
    if (this.#state === "copying") {
      throw new GuestTrap("cannot have concurrent operations active on a future/stream");
    }
    if (this.#state === "done") throw new GuestTrap(this.over);
    const moved = this.far?.move(pointer, count, true);
    if (moved !== undefined) return this.#finish(moved);
    this.#state = "copying";
    this.#copy = { pointer, count };
    return BLOCKED;
  }

  /** Tries the pending operation again. @returns true if it is complete */
  attempt(): boolean {
    const copy = this.#copy;
    if (copy === undefined) return false;
    const moved = this.far?.move(copy.pointer, copy.count, false);
    if (moved === undefined) return false;
    this.#result = this.pack(moved);
    this.#copy = undefined;
    return true;
  }

  override takeEvent(): WaitableEvent {
    const payload = this.#taken();
    return { code: this.code, payload };
  }

  /** Cancels the pending operation. @returns its result, if it was complete, or CANCELLED */
  cancel(): number {
    this.checkNotJoined();
    if (this.#state !== "copying") {
      const what = `stream or future ${this.direction} cancelled`;
      throw new GuestTrap(`${what} when no ${this.direction} is pending`);
    }
    if (this.#result !== undefined) return this.calledOff(this.#taken());
    this.#copy = undefined;
    this.#state = "idle";
    return Outcome.CANCELLED;
  }

  /** Drops this end. A pending operation ends the component. */
  close(): void {
    if (this.#state === "copying") throw new GuestTrap(this.busy);
    this.join(undefined);
    this.far?.dropped();
    this.far = undefined;
  }

  #taken(): number {
    const result = this.#result;
    if (result === undefined) throw new Error("there is no event to be taken");
    this.#result = undefined;
    this.#state = this.isDone(result) ? "done" : "idle";
    return result;
  }

  #finish(moved: Moved): number {
    const result = this.pack(moved);
    if (this.isDone(result)) this.#state = "done";
    return result;
  }

  protected abstract isDone(result: number): boolean;
  /** Returns the result of a cancel for an operation that was complete. */
  protected abstract calledOff(result: number): number;
  /** The error messages for a drop during an operation, and for a use after the end. */
  protected abstract readonly busy: string;
  protected abstract readonly over: string;
}

/** The element type of a stream: a stream of one must not be used as the other. */
export type Element = "u8" | "tcp-socket";

export class StreamEnd extends CopyEnd {
  static override readonly kind: string = "a stream";
  /** The writable end of a new stream. Only its readable end has this. */
  other: StreamEnd | undefined;

  constructor(
    direction: Direction,
    readonly element: Element,
    far?: FarEnd,
  ) {
    super(direction, far);
  }

  protected override get busy(): string {
    return `cannot ${this.isReadable ? "remove" : "drop"} busy stream`;
  }

  protected override get over(): string {
    const other = this.isReadable ? "writable" : "readable";
    return `cannot ${this.direction} after being notified that the ${other} end dropped`;
  }

  get isReadable(): boolean {
    return this.direction === "read";
  }

  /** Connects a new stream to the host's end. */
  connect(far: FarEnd): void {
    this.far = far;
  }

  protected override get code(): number {
    return this.isReadable ? EventCode.STREAM_READ : EventCode.STREAM_WRITE;
  }

  protected override pack({ count, isOver }: Moved): number {
    return (count << COUNT_SHIFT) | (isOver ? Outcome.DROPPED : Outcome.COMPLETED);
  }

  protected override isDone(result: number): boolean {
    return (result & Outcome.DROPPED) !== 0;
  }

  protected override calledOff(result: number): number {
    return this.isDone(result) ? result : result | Outcome.CANCELLED;
  }
}

/** The readable end of a future: one value can be read, once. */
export class FutureEnd extends CopyEnd {
  static override readonly kind: string = "a future";
  protected readonly busy = "cannot remove busy future";
  protected readonly over = "cannot read from future after previous read succeeded";
  protected readonly code = EventCode.FUTURE_READ;

  constructor(far: FarEnd) {
    super("read", far);
  }

  protected override pack({ isOver }: Moved): number {
    return isOver ? Outcome.COMPLETED : Outcome.DROPPED;
  }

  protected override isDone(result: number): boolean {
    return result !== Outcome.CANCELLED;
  }

  protected override calledOff(result: number): number {
    return result;
  }
}
