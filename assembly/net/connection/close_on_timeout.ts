/** Closes a connection when a timer fires. */
import { Task } from "../../loop/loop";
import { CloseReason } from "./close_reason";

/** The closing methods of a connection. */
export interface Closable {
  /** Closes the connection for a reason, after the queued bytes and the last words. */
  close(reason: CloseReason): void;
  /** Closes the connection at once, without last words. */
  giveUp(): void;
}

/**
 * Closes a connection that has missed a deadline: for a reason, or at once if the reason is NONE.
 */
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
