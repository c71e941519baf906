/**
 * Completion instead of readiness: hand in a buffer, be called when it is filled.
 *
 * With readiness, the program is told that a read would not wait, and then reads: the second phase,
 * the copy, is its own work. With completion both phases are over when it hears of them. WASI
 * preview1 has no such call, and neither had Linux before io_uring; so a proactor does both phases
 * on the caller's behalf, on top of a selector, as asyncio and Boost.Asio do.
 */
import { BaseSelector, DefaultSelector, EVENT_READ, SelectorKey } from "../selectors";
import { monotonic } from "../wasi/clock";
import { AGAIN } from "../wasi/errno";
import { accept, Fd, recv } from "../wasi/socket";
import { selectOrEnd } from "./program";

/** What is called when an operation is over. */
export abstract class Completion {
  /** @param result the bytes in the buffer, 0 at the end; the new fd for an accept; or -errno */
  abstract done(fd: Fd, result: i32): void;
}

enum Kind {
  READ,
  ACCEPT,
  READY,
}

/** An operation under way: at most one for each descriptor. */
class Operation {
  constructor(
    public kind: Kind,
    public completion: Completion,
    /** Where to put what is read. */
    public buffer: usize = 0,
    public capacity: u32 = 0,
  ) {}
}

export class Proactor {
  selector: BaseSelector<Operation> = DefaultSelector<Operation>();
  /** How long it has waited, in nanoseconds: the first phase. */
  waitedNs: u64 = 0;
  /** How long its reads have taken: the second phase. */
  copiedNs: u64 = 0;

  /** Fills `buffer` with up to `capacity` bytes; `completion` is called once it is filled. */
  read(fd: Fd, buffer: usize, capacity: u32, completion: Completion): void {
    this.selector.register(fd, EVENT_READ, new Operation(Kind.READ, completion, buffer, capacity));
  }

  /** Takes the next connection; `completion` is called with it. */
  accept(fd: Fd, completion: Completion): void {
    this.selector.register(fd, EVENT_READ, new Operation(Kind.ACCEPT, completion));
  }

  /** Calls `completion` when `fd` can be read: for stdin, which is no socket. */
  ready(fd: Fd, completion: Completion): void {
    this.selector.register(fd, EVENT_READ, new Operation(Kind.READY, completion));
  }

  /** Waits until something can be completed, and completes it. */
  turn(): void {
    const start = monotonic();
    const events = selectOrEnd<Operation>(this.selector);
    this.waitedNs += monotonic() - start;
    for (let i = 0; i < events.length; i++) {
      if (events[i].key.registered) this.complete(events[i].key);
    }
  }

  private complete(key: SelectorKey<Operation>): void {
    const start = monotonic();
    const result = perform(key.fd, key.data);
    if (result == -AGAIN) return;
    if (key.data.kind == Kind.READ) this.copiedNs += monotonic() - start;
    // The operation is over before the caller hears of it: it may start the next one.
    this.selector.unregister(key.fd);
    key.data.completion.done(key.fd, result);
  }
}

function perform(fd: Fd, operation: Operation): i32 {
  if (operation.kind == Kind.READ) return recv(fd, operation.buffer, operation.capacity);
  return operation.kind == Kind.ACCEPT ? accept(fd) : 0;
}
