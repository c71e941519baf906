/**
 * The connection of an input, as the input sees it. The state consists of fields, since each line
 * reads it: a call would cost more than the read.
 */
import { Handler } from "../../loop/loop";
import { CloseReason } from "./close_reason";
import { Closable } from "./close_on_timeout";
import { ConnectionState } from "./connection_state";

export abstract class InputOwner extends Handler implements Closable {
  state: ConnectionState = ConnectionState.OPEN;
  /** The reason why it will be closed at the end of this tick; NONE if it will not. */
  mark: CloseReason = CloseReason.NONE;
  /** The number of bytes that were written to this peer only, not to a group. */
  answeredBytes: u64 = 0;
  /** The number of answers that are not written completely yet. */
  pendingAnswers: i32 = 0;

  // @ts-ignore: decorator
  @inline
  get isOpen(): bool {
    return this.state == ConnectionState.OPEN;
  }

  /** True if it is open and not marked. Only an active connection reads lines. */
  // @ts-ignore: decorator
  @inline
  get isActive(): bool {
    return this.isOpen && this.mark == CloseReason.NONE;
  }

  /** True while the client has many answers to read: its next line must wait. */
  abstract get owesAnswers(): bool;

  abstract close(reason: CloseReason): void;
  abstract giveUp(): void;
  /** Registers the events for which the connection waits with the selector. */
  abstract updateInterest(): void;
}
