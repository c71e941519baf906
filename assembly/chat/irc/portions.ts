/**
 * Sends long answers in portions: the next one follows once the client has taken most of those
 * before, so that no answer exceeds the limits of its outbox.
 */
import { Task } from "../../loop/loop";
import { Irc } from "./irc";
import { IrcSession } from "./irc_session";

/** A portion has at most this many rows. @limit rows */
const PORTION_ROWS: i32 = 500;
/** The next portion waits until the client is owed at most this much. @limit bytes */
const PORTION_BYTES: u32 = 65_536;
/** The time after which the outbox is checked again, in seconds. */
const CHECK_SECONDS: f64 = 0.02;

/**
 * Sends the rows of an answer, and its end. Each is a line of the server without its source. A long
 * answer goes on after the command. If its line has a label, it is sent as a whole.
 */
export function sendInPortions(
  irc: Irc,
  session: IrcSession,
  rows: Array<string>,
  end: string,
): void {
  rows.push(end);
  const source = `:${irc.context.name} `;
  if (rows.length <= PORTION_ROWS || session.isLabelled) {
    for (let i = 0; i < rows.length; i++) session.sendLine(source + rows[i]);
    return;
  }
  session.connection.pendingAnswers++;
  new Portions(irc, session, rows, source).run();
}

class Portions extends Task {
  private next: i32 = 0;

  constructor(
    private irc: Irc,
    private session: IrcSession,
    private rows: Array<string>,
    private source: string,
  ) {
    super();
  }

  run(): void {
    const session = this.session;
    if (!session.connection.isOpen) return;
    if (session.connection.outbox.queuedBytes <= PORTION_BYTES) {
      const end = min(this.next + PORTION_ROWS, this.rows.length);
      const some = this.rows.slice(this.next, end);
      session.sendLine(this.source + some.join(`\r\n${this.source}`));
      this.next = end;
    }
    if (this.next < this.rows.length) this.irc.chat.loop.callLater(CHECK_SECONDS, this);
    else session.connection.pendingAnswers--;
  }
}
