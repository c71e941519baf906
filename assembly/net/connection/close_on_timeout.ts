/** What ends a connection when time is up. */
import { Task } from "../../loop/loop";
import { CloseReason } from "./close_reason";

/** A connection, as far as it can be closed. */
export interface Closable {
  /** Ends it for a reason that the peer is told. */
  close(reason: CloseReason): void;
  /** Ends it without more ado. */
  giveUp(): void;
}

/** Closes a connection that did not do in time what it had to; without a reason, gives it up. */
export class CloseOnTimeout extends Task {
  constructor(
    private connection: Closable,
    private reason: CloseReason,
  ) {
    super();
  }

  run(): void {
    if (this.reason == CloseReason.NONE) this.connection.giveUp();
    else this.connection.close(this.reason);
  }
}
