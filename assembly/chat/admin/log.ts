/**
 * What the server says to whoever runs it, one event a line: in words, or as objects for programs,
 * which have the same words in `message`. All that stands in it has been made safe: names are
 * checked, addresses are ours, operators' words are cleaned.
 */
import { CloseReason, closeReasonText } from "../../net/connection/close_reason";
import { Output } from "../../net/stdio/output";
import { isoTime } from "../../text/calendar";
import { JsonObject } from "../../text/json";
import { NANOSECONDS_PER_SECOND, realtime } from "../../wasi/clock";
import { errnoName } from "../../wasi/errno";
import { Session } from "../session/session";

export class Log {
  constructor(
    private out: Output,
    /** Whether each line is an object. */
    private json: bool = false,
  ) {}

  /** Something worth knowing. @param event its name for programs, `console-closed` */
  note(event: string, message: string): void {
    if (this.json) this.out.say(object("info", event, message).line());
    else this.out.say(`${message}\n`);
  }

  /** Something that somebody may have to mend. */
  warn(event: string, message: string): void {
    if (this.json) this.out.say(object("warning", event, message).line());
    else this.out.say(`${message}\n`);
  }

  joined(session: Session, here: i32): void {
    const message = `${session.name} joined (${here} here)`;
    if (!this.json) this.note("joined", message);
    else this.out.say(about(session, "joined", message).number("people", here).line());
  }

  renamed(session: Session, before: string): void {
    const message = `${before} is now ${session.name}`;
    if (!this.json) this.note("renamed", message);
    else this.out.say(about(session, "renamed", message).text("before", before).line());
  }

  /** @param now in nanoseconds of the loop's clock */
  gone(session: Session, reason: CloseReason, here: i32, now: u64): void {
    const why = closeReasonText(reason);
    const message = `${session.name} is gone: ${why} (${here} here)`;
    if (!this.json) {
      this.note("gone", message);
      return;
    }
    const line = about(session, "gone", message)
      .text("reason", why)
      .number("people", here)
      .number("bytes_in", session.connection.received)
      .number("bytes_out", session.connection.outbox.sent)
      .number("seconds", (now - session.since) / NANOSECONDS_PER_SECOND);
    this.out.say(line.line());
  }

  acceptFailed(errno: i32, retrySeconds: f64): void {
    const message = `accept: ${errnoName(errno)}; trying again in ${retrySeconds} s`;
    this.warn("accept-failed", message);
  }
}

function about(session: Session, event: string, message: string): JsonObject {
  const line = object("info", event, message).text("name", session.name);
  return session.remote == "" ? line : line.text("peer", session.remote);
}

function object(level: string, event: string, message: string): JsonObject {
  return new JsonObject()
    .text("time", isoTime(realtime()))
    .text("level", level)
    .text("event", event)
    .text("message", message);
}
