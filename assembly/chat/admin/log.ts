/**
 * The server's log, one event in each line: as text, or as JSON objects with the same text in
 * `message`. All texts are safe for terminals: names are checked, addresses are the server's own,
 * operators' words are sanitized.
 */
import { CloseReason, closeReasonText } from "../../net/connection/close_reason";
import { Output } from "../../net/stdio/output";
import { isoTime } from "../../text/calendar";
import { JsonObject } from "../../text/json";
import { realtime } from "../../wasi/clock";
import { errnoName } from "../../wasi/errno";

/** The data of a closed client for the log. */
export class ClosedClient {
  constructor(
    public name: string,
    /** The client's address; empty if it is unknown. */
    public peer: string,
    public reason: CloseReason,
    /** The bytes that the server received from the client. */
    public bytesIn: u64,
    /** The bytes that the client's socket took. */
    public bytesOut: u64,
    /** The duration of the connection in seconds. */
    public seconds: u64,
  ) {}
}

export class Log {
  constructor(
    private out: Output,
    /** True if each line is a JSON object. */
    private json: bool = false,
  ) {}

  /** Logs an event. @param event its name for programs, such as `console-closed` */
  info(event: string, message: string): void {
    if (this.json) this.out.queueText(object("info", event, message).line());
    else this.out.queueText(`${message}\n`);
  }

  /** Logs a warning. */
  warn(event: string, message: string): void {
    if (this.json) this.out.queueText(object("warning", event, message).line());
    else this.out.queueText(`${message}\n`);
  }

  /**
   * Logs a user that has joined.
   *
   * @param peer the client's address, or empty
   * @param here the number of users now
   */
  noteJoined(name: string, peer: string, here: i32): void {
    const message = `${clientText(name, peer)} joined (${here} here)`;
    if (!this.json) this.info("joined", message);
    else this.out.queueText(aboutUser(name, peer, "joined", message).number("people", here).line());
  }

  noteRenamed(name: string, peer: string, before: string): void {
    const message = `${before} is now ${name}`;
    if (!this.json) this.info("renamed", message);
    else
      this.out.queueText(aboutUser(name, peer, "renamed", message).text("before", before).line());
  }

  /** Logs a closed client. @param here the number of remaining users */
  noteClosed(client: ClosedClient, here: i32): void {
    const why = closeReasonText(client.reason);
    const message = `${clientText(client.name, client.peer)} is gone: ${why} (${here} here)`;
    if (!this.json) {
      this.info("gone", message);
      return;
    }
    const line = aboutUser(client.name, client.peer, "gone", message)
      .text("reason", why)
      .number("people", here)
      .number("bytes_in", client.bytesIn)
      .number("bytes_out", client.bytesOut)
      .number("seconds", client.seconds);
    this.out.queueText(line.line());
  }

  warnAcceptFailed(errno: i32, retrySeconds: f64): void {
    const message = `accept: ${errnoName(errno)}; trying again in ${retrySeconds} s`;
    this.warn("accept-failed", message);
  }
}

/** Returns a client's name for operators, with its address if that is known. */
export function clientText(name: string, peer: string): string {
  return peer == "" || peer == name ? name : `${name} from ${peer}`;
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
