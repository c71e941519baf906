/** Asks silent IRC clients whether they are there, and closes those that do not answer. */
import { Loop, Task } from "../../loop/loop";
import { CloseReason } from "../../net/connection/close_reason";
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";
import { IrcSession } from "./irc_session";

/** An IRC client must register within this time. @limit seconds */
export const REGISTRATION_SECONDS: f64 = 60;
/** A silent IRC client gets a PING after this time. @limit seconds */
const QUIET_SECONDS: f64 = 90;
/** An IRC client must answer a PING within this time. @limit seconds */
const ANSWER_SECONDS: f64 = 60;

export class Keepalive extends Task {
  /** The number of bytes that the client's socket had taken at the last check. */
  private sent: u64 = 0;

  constructor(
    private session: IrcSession,
    private loop: Loop,
  ) {
    super();
  }

  start(): void {
    this.scheduleCheck(QUIET_SECONDS);
  }

  run(): void {
    const session = this.session;
    const elapsed = <f64>(this.loop.now - session.heardAt) / <f64>NANOSECONDS_PER_SECOND;
    // While a client reads long answers, its lines wait, and so does its PONG.
    const sent = session.connection.outbox.sentBytes;
    const isReading = session.connection.input.isBehind && sent > this.sent;
    this.sent = sent;
    if (isReading) {
      this.scheduleCheck(ANSWER_SECONDS);
    } else if (elapsed < QUIET_SECONDS) {
      session.isPinged = false;
      this.scheduleCheck(QUIET_SECONDS - elapsed);
    } else if (!session.isPinged) {
      session.isPinged = true;
      session.sendPing();
      this.scheduleCheck(ANSWER_SECONDS);
    } else {
      session.quitWords = "Ping timeout";
      session.connection.close(CloseReason.IDLE);
    }
  }

  private scheduleCheck(seconds: f64): void {
    this.session.timer = this.loop.callLater(seconds, this);
  }
}
