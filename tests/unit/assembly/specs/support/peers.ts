/** A line server for specs: it records what it receives, and the spec says what it sends. */
import { Loop } from "../../../../../assembly/loop/loop";
import { CloseReason } from "../../../../../assembly/net/connection/close_reason";
import { Connection } from "../../../../../assembly/net/connection/connection";
import { ConnectionLimits } from "../../../../../assembly/net/connection/connection_limits";
import { LineHandler } from "../../../../../assembly/net/connection/line_handler";
import { ConnectionSet } from "../../../../../assembly/net/connection/connection_set";
import { Chunk } from "../../../../../assembly/net/sending/chunk";
import { Note, step } from "./steps";

export class Talker extends LineHandler {
  /** Where a proxy says that it is. */
  sources: Array<string> = [];
  /** Other protocols that it speaks. */
  protocols: Array<string> = [];
  heard: Array<string> = [];
  longLines: i32 = 0;
  floods: i32 = 0;
  sharedFloods: i32 = 0;
  /** Seconds that were left, each time it was warned. */
  warnings: Array<f64> = [];
  pressures: i32 = 0;
  /** The reasons for which the handler was asked for last words. */
  asked: Array<CloseReason> = [];
  /** The reasons for which a connection was closed. */
  closed: Array<CloseReason> = [];
  words: string | null = "* bye\n";
  connection: Connection | null = null;

  onSource(address: string): void {
    step();
    this.sources.push(address);
  }

  onForeignProtocol(protocol: string): void {
    this.protocols.push(protocol);
  }

  onLine(at: usize, length: u32): void {
    if (this.heard.length % 100 == 0) step();
    const line = String.UTF8.decodeUnsafe(at, length);
    this.heard.push(line);
    if (line == "quit") this.connection!.close(CloseReason.QUIT);
  }

  onTelnet(at: usize, length: u32): void {
    set.sendBytes(this.connection!, at, length);
  }

  onAreYouThere(): void {
    set.sendText(this.connection!, "yes\n");
  }

  onLongLine(): void {
    this.longLines++;
  }

  onFlood(shared: bool): void {
    if (shared) this.sharedFloods++;
    else this.floods++;
  }

  onIdle(secondsLeft: f64): void {
    this.warnings.push(secondsLeft);
  }

  onBackpressure(): void {
    this.pressures++;
  }

  lastWords(reason: CloseReason): string | null {
    this.asked.push(reason);
    return this.words;
  }

  onLeft(): void {}

  onClosed(reason: CloseReason): void {
    step();
    this.closed.push(reason);
  }
}

export const loop = new Loop();
/**
 * Lines of 10 bytes; slow from 101 bytes owed, for 5 seconds; never more than 1000. As many lines
 * as come; if a spec sets a rate, three at once, for ten seconds.
 */
export const limits = new ConnectionLimits();
limits.lineBytes = 10;
limits.softBytes = 100;
limits.softSeconds = 5;
limits.hardBytes = 1000;
limits.burst = 3;
limits.floodSeconds = 10;
export const set = new ConnectionSet(loop, limits);

export function join(fd: u32, proxied: bool = false): Talker {
  const talker = new Talker();
  talker.connection = set.add(fd, talker, proxied);
  return talker;
}

/** One tick that waits for nothing, and the turn of the set before and after it. */
export function turn(): void {
  set.finishTick();
  loop.callSoon(new Note([], ""));
  loop.tick();
  set.finishTick();
}

/** Owes a text to a connection, in a chunk of its own. */
export function say(connection: Connection, text: string): void {
  const chunk = Chunk.takeEmpty();
  chunk.addWritten(
    <u32>String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, chunk.endAddress),
  );
  connection.queueBytes(chunk, 0, chunk.length);
  chunk.release();
}
