/**
 * Waitables: ends of streams and futures, and subtasks. Each has at most one event that is not
 * delivered. A waitable set delivers the events of its members.
 */
import { GuestTrap } from "../../../host/runtime/outcome.js";
import { Held } from "./handles.js";

export const EventCode = {
  NONE: 0,
  SUBTASK: 1,
  STREAM_READ: 2,
  STREAM_WRITE: 3,
  FUTURE_READ: 4,
} as const;

export interface WaitableEvent {
  code: number;
  payload: number;
}

export abstract class Waitable extends Held {
  static override readonly kind: string = "a waitable";
  #set: WaitableSet | undefined;

  /** @param set the new set; undefined removes it from its present one */
  join(set: WaitableSet | undefined): void {
    this.#set?.members.delete(this);
    this.#set = set;
    set?.members.add(this);
  }

  abstract get hasEvent(): boolean;
  /** Delivers its event. */
  abstract takeEvent(): WaitableEvent;

  /** A cancel waits for the host, so the waitable must not be in a set. */
  protected checkNotJoined(): void {
    if (this.#set === undefined) return;
    throw new GuestTrap("waitable cannot be used synchronously while added to a waitable set");
  }
}

export class WaitableSet extends Held {
  static override readonly kind: string = "an waitable-set";
  readonly members = new Set<Waitable>();

  get hasEvent(): boolean {
    for (const member of this.members) if (member.hasEvent) return true;
    return false;
  }

  /** The members with an event, the lowest handle first. */
  get ready(): Waitable[] {
    const ready = [...this.members].filter((member) => member.hasEvent);
    return ready.sort((one, two) => one.handle - two.handle);
  }
}
