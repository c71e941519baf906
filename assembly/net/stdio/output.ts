/**
 * stdout or stderr that never blocks: what is written waits here until the descriptor has room. A
 * paused terminal or a full pipe would otherwise stop the whole server, since a write to them
 * waits and they cannot be made non-blocking.
 *
 * What does not fit the buffer is dropped, whole lines at a time, and the number is told as soon as
 * there is room.
 */
import { Loop, Task } from "../../loop/loop";
import { isoTime } from "../../text/calendar";
import { JsonObject } from "../../text/json";
import { realtime } from "../../wasi/clock";
import { Fd } from "../../wasi/socket";
import { writeWhatFits } from "../../wasi/stdio";

/** So many bytes of the log, or of the console, wait for their reader. @limit bytes */
export const OUTPUT_BYTES: u32 = 65_536;
/** When to look again, in seconds, after the descriptor had no room. */
const RETRY_SECONDS: f64 = 0.1;

export class Output extends Task {
  private buffer: usize;
  private length: u32 = 0;
  private dropped: u32 = 0;
  private waiting: bool = false;
  private broken: bool = false;

  constructor(
    private loop: Loop,
    private fd: Fd,
    /** Bytes that may wait. */
    private capacity: u32 = OUTPUT_BYTES,
    /** Whether each line is an object, for a program to read. */
    private json: bool = false,
  ) {
    super();
    this.buffer = heap.alloc(capacity);
  }

  /** Begins to write, before each wait; whoever says something there must have come before. */
  open(): void {
    this.loop.beforeWait(this);
  }

  /** Queues a text. It leaves before the next wait, if there is room. */
  say(text: string): void {
    const bytes = <u32>String.UTF8.byteLength(text);
    if (this.length + bytes > this.capacity) this.drain();
    if (this.length + bytes > this.capacity || this.dropped > 0) {
      this.dropped++;
      return;
    }
    String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, this.buffer + this.length);
    this.length += bytes;
  }

  /** The hook before each wait, and the retry. */
  run(): void {
    if (this.length == 0 && this.dropped == 0) return;
    this.drain();
    if (this.length > 0 && !this.waiting) {
      this.waiting = true;
      this.loop.callLater(RETRY_SECONDS, new Retry(this));
    }
  }

  retry(): void {
    this.waiting = false;
    this.run();
  }

  /** Writes while there is room, and then says what has been dropped: this may be the last time. */
  private drain(): void {
    this.write();
    if (this.length > 0 || this.dropped == 0) return;
    this.tellDropped();
    this.write();
  }

  private write(): void {
    if (this.length > 0 && !this.broken) {
      const written = writeWhatFits(this.fd, this.buffer, this.length);
      if (written < 0) this.broken = true;
      else this.forget(written);
    }
    // Nobody will ever read this: it is not worth a buffer.
    if (this.broken) this.length = 0;
  }

  private forget(written: u32): void {
    this.length -= written;
    memory.copy(this.buffer, this.buffer + written, this.length);
  }

  private tellDropped(): void {
    const lines = this.dropped;
    this.dropped = 0;
    if (this.broken) return;
    const text =
      lines == 1
        ? "1 line was not written: nobody read it in time"
        : `${lines} lines were not written: nobody read them in time`;
    if (!this.json) this.say(`(${text})\n`);
    else this.say(lossOf(text).line());
  }
}

/** As the log's other objects are (chat/admin/log.ts). */
function lossOf(text: string): JsonObject {
  return new JsonObject()
    .text("time", isoTime(realtime()))
    .text("level", "warning")
    .text("event", "lost")
    .text("message", text);
}

class Retry extends Task {
  constructor(private output: Output) {
    super();
  }

  run(): void {
    this.output.retry();
  }
}
