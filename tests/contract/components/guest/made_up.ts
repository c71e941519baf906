/**
 * Uses streams, listeners and outputs on a scripted host, which does what no real host does on
 * request.
 */
export { cabi_realloc } from "../../../../assembly/wasi/preview3/platform";

import "../../../../assembly/wasi/abort";
import { Completion } from "../../../../assembly/tutorial/proactor";
import { StreamProactor } from "../../../../assembly/tutorial/stream_proactor";
import { Fd } from "../../../../assembly/wasi/fd";
import { Connection } from "../../../../assembly/wasi/preview3/connection";
import { Listener } from "../../../../assembly/wasi/preview3/listener";
import { enter } from "../../../../assembly/wasi/preview3/table";
import { accept, close, listen } from "../../../../assembly/wasi/socket";
import { STDOUT, writeWhatFits } from "../../../../assembly/wasi/stdio";

const BUFFER_BYTES: u32 = 16;
const buffer = memory.data(16);

/** Keeps what it is called with. */
class Recorded extends Completion {
  result: i32 = i32.MAX_VALUE;

  done(_fd: Fd, result: i32): void {
    this.result = result;
  }
}

function newConnection(): Fd {
  return enter(new Connection(1, 2, 3));
}

/** Reads twice into a buffer, by completion. @returns both results, as `100 * first + second` */
export function completeTwoReads(): i32 {
  const proactor = new StreamProactor();
  const fd = newConnection();
  const results = [0, 0];
  for (let i = 0; i < 2; i++) {
    const recorded = new Recorded();
    proactor.read(fd, buffer, BUFFER_BYTES, recorded);
    proactor.runOnce();
    results[i] = recorded.result;
  }
  close(fd);
  return 100 * results[0] + results[1];
}

/** Closes a listener with a pending accept. @returns the result of the accept */
export function closeUnderAccept(): i32 {
  const proactor = new StreamProactor();
  const fd = enter(new Listener(1, 2));
  const recorded = new Recorded();
  proactor.accept(fd, recorded);
  close(fd);
  proactor.runOnce();
  return recorded.result;
}

/** @returns the result of `listen` */
export function openListener(): i32 {
  return listen(buffer, 4, 9000);
}

/** @returns the result of `accept` */
export function acceptOne(): i32 {
  return accept(enter(new Listener(1, 2)));
}

/** Closes stdout, and writes to it. @returns both results, as `100 * first + second` */
export function closeOutput(): i32 {
  writeWhatFits(STDOUT, buffer, BUFFER_BYTES);
  const closed = close(STDOUT);
  return 100 * closed + writeWhatFits(STDOUT, buffer, BUFFER_BYTES);
}
