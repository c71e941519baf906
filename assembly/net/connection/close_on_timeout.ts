/** What ends a connection when time is up. */
import { Task, Timer } from "../../loop/loop";
import { CloseReason } from "./close_reason";
import { Connection } from "./connection";

/** Closes a connection that did not do in time what it had to; without a reason, gives it up. */
export class CloseOnTimeout extends Task {
  constructor(
    private connection: Connection,
    private reason: CloseReason,
  ) {
    super();
  }

  run(): void {
    if (this.reason == CloseReason.NONE) this.connection.giveUp();
    else this.connection.close(this.reason);
  }
}

/** Cancels a timer, if there is one. @returns that there is none */
export function cancelTimer(timer: Timer | null): Timer | null {
  if (timer !== null) timer.cancel();
  return null;
}
