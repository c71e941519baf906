/**
 * A buffered, non-blocking output to stdout or stderr. Both are blocking descriptors, and a write
 * to a paused terminal or a full pipe would stop the whole server. So bytes stay in a buffer until
 * they fit.
 *
 * If the buffer is full, whole lines are dropped. Their number is reported as soon as there is
 * room.
 */
import { Loop, Task } from "../../loop/loop";
import { isoTime } from "../../text/calendar";
import { JsonObject } from "../../text/json";
import { realtime } from "../../wasi/clock";
import { Fd } from "../../wasi/socket";
import { writeWhatFits } from "../../wasi/stdio";

/** The log and the console each buffer at most this much for their reader. @limit bytes */
export const OUTPUT_BYTES: u32 = 65_536;
/** The time to the next try after the descriptor had no room, in seconds. */
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
    /** The capacity of the buffer in bytes. */
    private capacity: u32 = OUTPUT_BYTES,
    /** True if each line is a JSON object. */
    private json: bool = false,
  ) {
    super();
    this.buffer = heap.alloc(capacity);
  }

  /** Begins to write, before each wait. The hooks that produce output must be added earlier. */
  open(): void {
    this.loop.beforeWait(this);
  }

  /** Queues a text. It is written before the next wait, if there is room. */
  queueText(text: string): void {
    const bytes = <u32>String.UTF8.byteLength(text);
    if (this.length + bytes > this.capacity) this.writeAll();
    if (this.length + bytes > this.capacity || this.dropped > 0) {
      this.dropped++;
      return;
    }
    String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, this.buffer + this.length);
    this.length += bytes;
  }

  /** Writes the buffer: the hook before each wait, and the retry. */
  run(): void {
    if (this.length == 0 && this.dropped == 0) return;
    this.writeAll();
    if (this.length > 0 && !this.waiting) {
      this.waiting = true;
      this.loop.callLater(RETRY_SECONDS, new Retry(this));
    }
  }

  retry(): void {
    this.waiting = false;
    this.run();
  }

  /** Writes while there is room, then reports dropped lines, since this may be the last chance. */
  private writeAll(): void {
    this.write();
    if (this.length > 0 || this.dropped == 0) return;
    this.tellDropped();
    this.write();
  }

  private write(): void {
    if (this.length > 0 && !this.broken) {
      const written = writeWhatFits(this.fd, this.buffer, this.length);
      if (written < 0) this.broken = true;
      else this.removeWritten(written);
    }
    // The output has no reader any more, so nothing is buffered.
    if (this.broken) this.length = 0;
  }

  private removeWritten(written: u32): void {
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
    if (!this.json) this.queueText(`(${text})\n`);
    else this.queueText(lossOf(text).line());
  }
}

/** Returns the report as a JSON object, in the format of chat/admin/log.ts. */
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
