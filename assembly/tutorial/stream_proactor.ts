/**
 * A proactor on the streams of WASI 0.3: the host is handed the buffer, and its event says how many
 * bytes are in it. Nothing is left to be copied when a completion is called.
 */
import { monotonic } from "../wasi/clock";
import { BADF } from "../wasi/errno";
import { HandedRead } from "../wasi/preview3/handed_read";
import { openStandard } from "../wasi/preview3/stdio";
import { Descriptor } from "../wasi/preview3/table";
import { gather, wait } from "../wasi/preview3/waitables";
import { accept, Fd } from "../wasi/socket";
import { Watcher } from "../wasi/preview3/watcher";
import { Completion, Proactor } from "./proactor";

/** An operation that is over: its completion is called in the turn that finds it. */
class Over {
  constructor(
    public fd: Fd,
    public result: i32,
    public completion: Completion,
  ) {}
}

class Read extends HandedRead {
  constructor(
    private proactor: StreamProactor,
    private fd: Fd,
    private completion: Completion,
  ) {
    super();
  }

  isOver(bytes: u32): void {
    this.proactor.queue(new Over(this.fd, bytes, this.completion));
  }
}

/** Waits for one thing of a descriptor that is not read into a buffer: a connection, or a line. */
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
    if (isOpen && !this.descriptor.isReadable()) return;
    this.descriptor.unwatch(this);
    const result = !isOpen ? -BADF : this.accepts ? accept(this.fd) : 0;
    this.proactor.queue(new Over(this.fd, result, this.completion));
  }
}

export class StreamProactor extends Proactor {
  private over: Array<Over> = [];
  private called: Array<Over> = [];

  read(fd: Fd, buffer: usize, capacity: u32, completion: Completion): void {
    const error = new Read(this, fd, completion).start(fd, buffer, capacity);
    if (error != 0) this.queue(new Over(fd, error, completion));
  }

  accept(fd: Fd, completion: Completion): void {
    this.arrival(fd, true, completion);
  }

  ready(fd: Fd, completion: Completion): void {
    this.arrival(fd, false, completion);
  }

  turn(): void {
    const start = monotonic();
    while (this.over.length == 0) wait();
    // The host works only while the program waits or lets it.
    gather();
    this.waitedNs += monotonic() - start;
    const over = this.over;
    this.over = this.called;
    this.called = over;
    for (let i = 0; i < over.length; i++) over[i].completion.done(over[i].fd, over[i].result);
    over.length = 0;
  }

  queue(over: Over): void {
    this.over.push(over);
  }

  private arrival(fd: Fd, accepts: bool, completion: Completion): void {
    const descriptor = openStandard(fd);
    if (descriptor === null) this.queue(new Over(fd, -BADF, completion));
    else new Arrival(this, fd, descriptor, accepts, completion);
  }
}
