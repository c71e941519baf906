/**
 * What the server says to whoever runs it, one event a line: in words, or as objects for programs,
 * which have the same words in `message`. All that stands in it has been made safe: names are
 * checked, addresses are ours, operators' words are cleaned.
 */
import { CloseReason, closeReasonText } from "../../net/connection/close_reason";
import { Output } from "../../net/stdio/output";
import { isoTime } from "../../text/calendar";
import { JsonObject } from "../../text/json";
import { realtime } from "../../wasi/clock";
import { errnoName } from "../../wasi/errno";

/** What the log tells of a client whose connection is closed. */
export class ClosedClient {
  constructor(
    public name: string,
    /** The client's address; empty if it is not known. */
    public peer: string,
    public reason: CloseReason,
    /** Bytes that came from the client, and bytes that it took. */
    public bytesIn: u64,
    public bytesOut: u64,
    /** How long the client was connected. */
    public seconds: u64,
  ) {}
}

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

  /** @param peer the client's address, or empty; @param here the users that are here now */
  joined(name: string, peer: string, here: i32): void {
    const message = `${name} joined (${here} here)`;
    if (!this.json) this.note("joined", message);
    else this.out.say(aboutUser(name, peer, "joined", message).number("people", here).line());
  }

  renamed(name: string, peer: string, before: string): void {
    const message = `${before} is now ${name}`;
    if (!this.json) this.note("renamed", message);
    else this.out.say(aboutUser(name, peer, "renamed", message).text("before", before).line());
  }

  /** @param here the users that are left */
  gone(client: ClosedClient, here: i32): void {
    const why = closeReasonText(client.reason);
    const message = `${client.name} is gone: ${why} (${here} here)`;
    if (!this.json) {
      this.note("gone", message);
      return;
    }
    const line = aboutUser(client.name, client.peer, "gone", message)
      .text("reason", why)
      .number("people", here)
      .number("bytes_in", client.bytesIn)
      .number("bytes_out", client.bytesOut)
      .number("seconds", client.seconds);
    this.out.say(line.line());
  }

  acceptFailed(errno: i32, retrySeconds: f64): void {
    const message = `accept: ${errnoName(errno)}; trying again in ${retrySeconds} s`;
    this.warn("accept-failed", message);
  }
}

function aboutUser(name: string, peer: string, event: string, message: string): JsonObject {
  const line = object("info", event, message).text("name", name);
  return peer == "" ? line : line.text("peer", peer);
}

function object(level: string, event: string, message: string): JsonObject {
  return new JsonObject()
    .text("time", isoTime(realtime()))
    .text("level", level)
    .text("event", event)
    .text("message", message);
}
