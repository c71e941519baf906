/**
 * A proactor on a selector, as in asyncio and Boost.Asio. It does both phases of a read for the
 * caller: the wait and the copy.
 */
import { BaseSelector, DefaultSelector, EVENT_READ, SelectorKey } from "../selectors";
import { monotonic } from "../wasi/clock";
import { AGAIN } from "../wasi/errno";
import { accept, Fd, recv } from "../wasi/socket";
import { Completion, Proactor } from "./proactor";
import { selectOrEnd } from "./program";

enum Kind {
  READ,
  ACCEPT,
  READY,
}

/** A pending operation. Each descriptor has at most one. */
class Operation {
  constructor(
    public kind: Kind,
    public completion: Completion,
    /** The address where bytes read are stored. */
    public buffer: usize = 0,
    public capacity: u32 = 0,
  ) {}
}

export class EmulatedProactor extends Proactor {
  selector: BaseSelector<Operation> = DefaultSelector<Operation>();

  read(fd: Fd, buffer: usize, capacity: u32, completion: Completion): void {
    this.selector.register(fd, EVENT_READ, new Operation(Kind.READ, completion, buffer, capacity));
  }

  accept(fd: Fd, completion: Completion): void {
    this.selector.register(fd, EVENT_READ, new Operation(Kind.ACCEPT, completion));
  }

  ready(fd: Fd, completion: Completion): void {
    this.selector.register(fd, EVENT_READ, new Operation(Kind.READY, completion));
  }

  runOnce(): void {
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
    // Unregisters the descriptor first, since the completion may start the next operation on it.
    this.selector.unregister(key.fd);
    key.data.completion.done(key.fd, result);
  }
}

function perform(fd: Fd, operation: Operation): i32 {
  if (operation.kind == Kind.READ) return recv(fd, operation.buffer, operation.capacity);
  return operation.kind == Kind.ACCEPT ? accept(fd) : 0;
}
