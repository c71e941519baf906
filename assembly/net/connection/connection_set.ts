/**
 * All connections of a server, and what happens to them between ticks: those with something to send
 * are flushed, those that are marked are closed in the order in which they came, those that are
 * closed are reaped. The owner calls {@link ConnectionSet.turn} before each wait.
 */
import { Loop, Task } from "../../loop/loop";
import { Fd } from "../../wasi/socket";
import { Chunk, finish } from "../sending/chunk";
import { CloseReason } from "./close_reason";
import { Connection, ConnectionOwner } from "./connection";
import { ConnectionLimits } from "./connection_limits";
import { LineHandler } from "./line_handler";
import { NEVER } from "./idle_timer";

export class ConnectionSet extends ConnectionOwner {
  /** To be done before anything is sent: what must not be heard until it is. */
  beforeSending: Task | null = null;
  private live: Array<Connection> = [];
  private pending: Array<Connection> = [];
  /** Those to close at the end of the tick, and those to reap. */
  private marked: Array<Connection> = [];
  private dead: Array<Connection> = [];
  private arrivals: u64 = 0;
  /** Those whose sockets did not take all, since the last {@link tidy}. */
  private behind: Array<Connection> = [];
  /** Where lines to single peers are written, in this tick. */
  private personal: Chunk | null = null;

  constructor(loop: Loop, limits: ConnectionLimits) {
    super(loop, limits);
  }

  /** Connections that are not reaped yet, those about to close included. */
  get size(): i32 {
    return this.live.length;
  }

  get(index: i32): Connection {
    return this.live[index];
  }

  /**
   * Takes a connection over: from now on its `handler` is told what comes.
   *
   * @param proxied whether a proxy must say first whom it speaks for
   */
  add(fd: Fd, handler: LineHandler, proxied: bool = false): Connection {
    const connection = new Connection(fd, this, handler, proxied);
    connection._index = this.live.length;
    connection._arrival = ++this.arrivals;
    this.live.push(connection);
    return connection;
  }

  /** Sees to it that a connection is flushed before the next wait. */
  queue(connection: Connection): void {
    if (connection._queued) return;
    connection._queued = true;
    this.pending.push(connection);
  }

  /** Owes one peer a text, in its order among all that the peer is owed. */
  sayTo(connection: Connection, text: string): void {
    const bytes = <u32>String.UTF8.byteLength(text);
    const at = this.writer(bytes);
    String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, at);
    this.wrote(connection, bytes);
  }

  /** Owes one peer `length` bytes at `at`. */
  sendTo(connection: Connection, at: usize, length: u32): void {
    memory.copy(this.writer(length), at, length);
    this.wrote(connection, length);
  }

  /** Where the next `bytes` bytes for one peer can be written; then call {@link wrote}. */
  writer(bytes: u32): usize {
    let chunk = this.personal;
    if (chunk === null || chunk.left < bytes) {
      this.seal();
      chunk = Chunk.atLeast(bytes);
      this.personal = chunk;
    }
    return chunk.end;
  }

  /** Owes one peer the `bytes` bytes that have just been written. */
  wrote(connection: Connection, bytes: u32): void {
    const chunk = this.personal!;
    const from = chunk.length;
    chunk.wrote(bytes);
    connection.outbox.append(chunk, from, chunk.length);
    connection.answeredBytes += bytes;
    this.queue(connection);
  }

  /** A connection could not send all that it owes. */
  noteBehind(connection: Connection): void {
    this.behind.push(connection);
  }

  /** Gives back memory that is held for few bytes, once all that was said has been sent. */
  tidy(): void {
    for (let i = 0; i < this.behind.length; i++) this.behind[i].outbox.tidy();
    this.behind.length = 0;
  }

  /**
   * Closes those for whom most memory is held, until it should be less than the limit: what is
   * shared with others is free only when they let go as well, so ask again.
   *
   * @returns whether anybody was closed
   */
  relieve(): bool {
    const most = this.limits.queuedBytes;
    if (Chunk.bytesInUse <= most) return false;
    const owed = this.live.filter((one) => one.isOpen && one.outbox.bytes > 0);
    for (let i = 0; i < owed.length; i++) owed[i]._weight = owed[i].outbox.weight;
    owed.sort((one, two) => (one._weight > two._weight ? -1 : one._weight < two._weight ? 1 : 0));
    let excess = <i64>(Chunk.bytesInUse - most);
    for (let i = 0; i < owed.length && excess > 0; i++) {
      excess -= owed[i]._weight;
      owed[i].close(CloseReason.MEMORY);
    }
    return owed.length > 0;
  }

  /** Closes or warns who has been idle for too long. @returns when to look again, or NEVER */
  checkIdle(): u64 {
    let next = NEVER;
    // What is closed stays in the set until the tick has ended.
    for (let i = 0; i < this.live.length; i++) next = min(next, this.live[i].checkIdle());
    return next;
  }

  /** Puts a connection on the list of those to close at the end of the tick. */
  noteMarked(connection: Connection): void {
    this.marked.push(connection);
  }

  /** Puts a connection on the list of those to reap. */
  bury(connection: Connection): void {
    this.dead.push(connection);
  }

  /** Sends what one peer is owed, at once. */
  flushOne(connection: Connection): void {
    this.prepare();
    connection.flush();
  }

  /** Sends what is owed, as far as sockets take it. Nothing is said or closed meanwhile. */
  flush(): void {
    this.prepare();
    for (let i = 0; i < this.pending.length; i++) {
      this.pending[i]._queued = false;
      this.pending[i].flush();
    }
    this.pending.length = 0;
    this.seal();
  }

  /**
   * Flushes, closes what is marked and frees what is closed, until there is none of it: a close may
   * be announced to others. Only between ticks.
   */
  turn(): void {
    while (this.pending.length > 0 || this.marked.length > 0 || this.dead.length > 0) {
      this.flush();
      this.closeMarked();
      this.reap();
    }
  }

  /** Closes what is marked, in the order of arrival. What is marked meanwhile comes next. */
  private closeMarked(): void {
    if (this.marked.length == 0) return;
    const marked = this.marked;
    this.marked = [];
    marked.sort((one, two) => (one._arrival < two._arrival ? -1 : 1));
    for (let i = 0; i < marked.length; i++) {
      marked[i].closeMarked();
      // One that has broken is listed by nobody from here on.
      this.reap();
    }
  }

  private reap(): void {
    for (let i = 0; i < this.dead.length; i++) {
      this.remove(this.dead[i]);
      this.dead[i].reap();
    }
    this.dead.length = 0;
  }

  /** Sees to what must be done before anything is sent. */
  prepare(): void {
    const task = this.beforeSending;
    if (task !== null) task.run();
  }

  private remove(connection: Connection): void {
    const last = this.live.pop();
    if (last === connection) return;
    last._index = connection._index;
    this.live[connection._index] = last;
  }

  /** What is still owed of the personal lines is kept by those who are owed it. */
  private seal(): void {
    const chunk = this.personal;
    if (chunk === null) return;
    this.personal = null;
    finish(chunk);
  }
}
