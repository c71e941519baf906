/**
 * A call that is in flight while the component runs. The only such call is a wait for some time.
 */
import { GuestTrap } from "../../../host/runtime/outcome.js";
import type { Pending } from "./progress.js";
import { EventCode, Waitable, type WaitableEvent } from "./waitable.js";

export const Status = { STARTED: 1, RETURNED: 2, CANCELLED: 4 } as const;

export class Subtask extends Waitable implements Pending {
  static override readonly kind: string = "a subtask";
  #status: number = Status.STARTED;
  #isDelivered = false;

  /** @param due the time when it returns, in nanoseconds of the world */
  constructor(
    readonly due: number,
    private readonly clock: { readonly now: number },
  ) {
    super();
  }

  /** True once the component knows its result. */
  get isDelivered(): boolean {
    return this.#isDelivered;
  }

  get isPending(): boolean {
    return this.#status === Status.STARTED;
  }

  override get hasEvent(): boolean {
    return !this.isPending && !this.#isDelivered;
  }

  attempt(): boolean {
    if (this.clock.now >= this.due) this.#status = Status.RETURNED;
    return !this.isPending;
  }

  override takeEvent(): WaitableEvent {
    this.#isDelivered = true;
    return { code: EventCode.SUBTASK, payload: this.#status };
  }

  /** Cancels it. @returns its final status */
  cancel(): number {
    this.checkNotJoined();
    if (this.#isDelivered) {
      throw new GuestTrap("`subtask.cancel` called after terminal status delivered");
    }
    if (this.isPending) this.#status = Status.CANCELLED;
    this.#isDelivered = true;
    return this.#status;
  }

  /** Drops it. A subtask without a delivered result ends the component. */
  close(): void {
    if (!this.#isDelivered) throw new GuestTrap("cannot drop a subtask which has not yet resolved");
    this.join(undefined);
  }
}
