/**
 * A proactor on the streams of WASI 0.3. The host gets the buffer, and its event says how many
 * bytes are in it. At the completion, nothing is left to copy.
 */
import { monotonic } from "../wasi/clock";
import { BADF } from "../wasi/errno";
import { CompletionRead } from "../wasi/preview3/completion_read";
import { openStandard } from "../wasi/preview3/stdio";
import { Descriptor } from "../wasi/preview3/table";
import { drainEvents, wait } from "../wasi/preview3/waitables";
import { accept, Fd } from "../wasi/socket";
import { Watcher } from "../wasi/preview3/watcher";
import { Completion, Proactor } from "./proactor";

/** A finished operation. Its completion is called before the proactor waits again. */
class CompletedOperation {
  constructor(
    public fd: Fd,
    public result: i32,
    public completion: Completion,
  ) {}
}

class Read extends CompletionRead {
  constructor(
    private proactor: StreamProactor,
    private fd: Fd,
    private completion: Completion,
  ) {
    super();
  }

  onComplete(bytes: u32): void {
    this.proactor.queue(new CompletedOperation(this.fd, bytes, this.completion));
  }
}

/** Waits until a descriptor is ready, once: for a connection to accept, or for stdin. */
class Arrival extends Watcher {
  constructor(
    private proactor: StreamProactor,
    private fd: Fd,
    private descriptor: Descriptor,
    private accepts: bool,
    private completion: Completion,
  ) {
    super();
    descriptor.watch(this);
    this.onChange();
  }

  onChange(): void {
    const isOpen = this.descriptor.isOpen;
    if (isOpen && !this.descriptor.pollReadable()) return;
    this.descriptor.unwatch(this);
    const result = !isOpen ? -BADF : this.accepts ? accept(this.fd) : 0;
    this.proactor.queue(new CompletedOperation(this.fd, result, this.completion));
  }
}

export class StreamProactor extends Proactor {
  private completed: Array<CompletedOperation> = [];
  private called: Array<CompletedOperation> = [];

  read(fd: Fd, buffer: usize, capacity: u32, completion: Completion): void {
    const error = new Read(this, fd, completion).start(fd, buffer, capacity);
    if (error != 0) this.queue(new CompletedOperation(fd, error, completion));
  }

  accept(fd: Fd, completion: Completion): void {
    this.arrival(fd, true, completion);
  }

  ready(fd: Fd, completion: Completion): void {
    this.arrival(fd, false, completion);
  }

  runOnce(): void {
    const start = monotonic();
    while (this.completed.length == 0) wait();
    // The host makes progress only while the program waits or yields.
    drainEvents();
    this.waitedNs += monotonic() - start;
    const completed = this.completed;
    this.completed = this.called;
    this.called = completed;
    for (let i = 0; i < completed.length; i++)
      completed[i].completion.done(completed[i].fd, completed[i].result);
    completed.length = 0;
  }

  queue(operation: CompletedOperation): void {
    this.completed.push(operation);
  }

  private arrival(fd: Fd, accepts: bool, completion: Completion): void {
    const descriptor = openStandard(fd);
    if (descriptor === null) this.queue(new CompletedOperation(fd, -BADF, completion));
    else new Arrival(this, fd, descriptor, accepts, completion);
  }
}
