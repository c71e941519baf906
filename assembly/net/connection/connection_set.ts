/**
 * The set of all connections of a server, and the work between two ticks: it flushes connections
 * with queued bytes, closes marked ones in the order of their arrival, and frees closed ones. The
 * owner calls {@link ConnectionSet.finishTick} before each wait.
 */
import { Loop, Task } from "../../loop/loop";
import { Fd } from "../../wasi/socket";
import { Chunk, finishChunk } from "../sending/chunk";
import { CloseReason } from "./close_reason";
import { Connection, ConnectionOwner } from "./connection";
import { ConnectionLimits } from "./connection_limits";
import { LineHandler } from "./line_handler";
import { NEVER } from "./idle_timer";

export class ConnectionSet extends ConnectionOwner {
  /** A task that must run before anything is sent, such as writing the journal. */
  beforeSending: Task | null = null;
  private live: Array<Connection> = [];
  /** The connections to flush in this tick. */
  private pending: Array<Connection> = [];
  /** The connections to close at the end of the tick. */
  private marked: Array<Connection> = [];
  /** The closed connections to free. */
  private dead: Array<Connection> = [];
  private arrivals: u64 = 0;
  /** The connections whose sockets did not take everything since the last {@link tidyOutboxes}. */
  private behind: Array<Connection> = [];
  /** The chunk for lines to single clients, in this tick. */
  private personal: Chunk | null = null;

  constructor(loop: Loop, limits: ConnectionLimits) {
    super(loop, limits);
  }

  /** The number of connections that are not freed yet, including the closing ones. */
  get size(): i32 {
    return this.live.length;
  }

  get(index: i32): Connection {
    return this.live[index];
  }

  /**
   * Adds a connection. Its `handler` gets its lines and events.
   *
   * @param proxied true if a proxy must send a PROXY header first
   */
  add(fd: Fd, handler: LineHandler, proxied: bool = false): Connection {
    const connection = new Connection(fd, this, handler, proxied);
    connection._index = this.live.length;
    connection._arrival = ++this.arrivals;
    this.live.push(connection);
    return connection;
  }

  /** Lists a connection to be flushed before the next wait. */
  queueFlush(connection: Connection): void {
    if (connection._queued) return;
    connection._queued = true;
    this.pending.push(connection);
  }

  /** Queues a text for one client, after all bytes queued for it before. */
  sendText(connection: Connection, text: string): void {
    const bytes = <u32>String.UTF8.byteLength(text);
    const at = this.reserveBytes(bytes);
    String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, at);
    this.sendReserved(connection, bytes);
  }

  /** Queues the `length` bytes at `at` for one client. */
  sendBytes(connection: Connection, at: usize, length: u32): void {
    memory.copy(this.reserveBytes(length), at, length);
    this.sendReserved(connection, length);
  }

  /** Returns an address for `bytes` bytes for one client. Then call {@link sendReserved}. */
  reserveBytes(bytes: u32): usize {
    let chunk = this.personal;
    if (chunk === null || chunk.bytesLeft < bytes) {
      this.finishPersonal();
      chunk = Chunk.atLeast(bytes);
      this.personal = chunk;
    }
    return chunk.endAddress;
  }

  /**
   * Queues the `bytes` bytes that have just been written at {@link reserveBytes} for one client.
   * Drops them if the connection takes no new bytes: the client may just have left.
   */
  sendReserved(connection: Connection, bytes: u32): void {
    if (connection.outbox.isEnded) return;
    const chunk = this.personal!;
    const from = chunk.length;
    chunk.addWritten(bytes);
    connection.outbox.appendPiece(chunk, from, chunk.length);
    connection.answeredBytes += bytes;
    this.queueFlush(connection);
  }

  /** Lists a connection that could not send everything. */
  noteBehind(connection: Connection): void {
    this.behind.push(connection);
  }

  /** Frees memory that outboxes hold for few bytes, after a delivery round. */
  tidyOutboxes(): void {
    for (let i = 0; i < this.behind.length; i++) this.behind[i].outbox.copySmallPieces();
    this.behind.length = 0;
  }

  /**
   * Closes the connections whose outboxes hold the most memory, until the others should be within
   * the limit. Shared memory is freed only when its other holders release it, too, so call this
   * again.
   *
   * @returns true if a connection was closed
   */
  relieveMemory(): bool {
    const most = this.limits.queuedBytes;
    if (Chunk.bytesInUse <= most) return false;
    const owed = this.live.filter((one) => one.isOpen && one.outbox.queuedBytes > 0);
    for (let i = 0; i < owed.length; i++) owed[i]._weight = owed[i].outbox.memoryShare;
    owed.sort((one, two) => (one._weight > two._weight ? -1 : one._weight < two._weight ? 1 : 0));
    let excess = <i64>(Chunk.bytesInUse - most);
    for (let i = 0; i < owed.length && excess > 0; i++) {
      excess -= owed[i]._weight;
      owed[i].close(CloseReason.MEMORY);
    }
    return owed.length > 0;
  }

  /**
   * Closes or warns all clients that were silent for too long.
   *
   * @returns the time of the next check, or NEVER
   */
  checkIdle(): u64 {
    let next = NEVER;
    // A connection that this closes stays in the set until the end of the tick.
    for (let i = 0; i < this.live.length; i++) next = min(next, this.live[i].checkIdle());
    return next;
  }

  /** Lists a connection to be closed at the end of the tick. */
  noteMarked(connection: Connection): void {
    this.marked.push(connection);
  }

  /** Lists a closed connection to be freed. */
  noteDead(connection: Connection): void {
    this.dead.push(connection);
  }

  /** Sends the queued bytes of one connection at once. */
  flushOne(connection: Connection): void {
    this.runBeforeSending();
    connection.flush();
  }

  /**
   * Sends the queued bytes of all connections, as far as their sockets take them. Closes nothing.
   */
  flush(): void {
    this.runBeforeSending();
    for (let i = 0; i < this.pending.length; i++) {
      this.pending[i]._queued = false;
      this.pending[i].flush();
    }
    this.pending.length = 0;
    this.finishPersonal();
  }

  /**
   * Flushes, closes marked connections and frees closed ones, until none is left: closing one may
   * queue an announcement for others. Only between ticks.
   */
  finishTick(): void {
    while (this.pending.length > 0 || this.marked.length > 0 || this.dead.length > 0) {
      this.flush();
      this.closeMarked();
      this.freeClosed();
    }
  }

  /** Closes the marked connections in the order of arrival. Those marked meanwhile come next. */
  private closeMarked(): void {
    if (this.marked.length == 0) return;
    const marked = this.marked;
    this.marked = [];
    marked.sort((one, two) => (one._arrival < two._arrival ? -1 : 1));
    for (let i = 0; i < marked.length; i++) {
      marked[i].closeMarked();
      // A broken connection must be in no list before the next one is closed.
      this.freeClosed();
    }
  }

  private freeClosed(): void {
    for (let i = 0; i < this.dead.length; i++) {
      this.remove(this.dead[i]);
      this.dead[i].freeClosed();
    }
    this.dead.length = 0;
  }

  /** Runs the task that must precede all sends. */
  runBeforeSending(): void {
    const task = this.beforeSending;
    if (task !== null) task.run();
  }

  private remove(connection: Connection): void {
    const last = this.live.pop();
    if (last === connection) return;
    last._index = connection._index;
    this.live[connection._index] = last;
  }

  /** Ends the chunk for single clients. Outboxes that could not send it keep it. */
  private finishPersonal(): void {
    const chunk = this.personal;
    if (chunk === null) return;
    this.personal = null;
    finishChunk(chunk);
  }
}
