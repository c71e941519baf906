/**
 * All connections of a server, and the two things that happen to them between ticks: those with
 * something to send are flushed, those that are closed are reaped. The owner calls {@link
 * ConnectionSet.turn} before each wait.
 */
import { Loop, Task } from "../../loop/loop";
import { Fd } from "../../wasi/socket";
import { AddressRegistry } from "../rate/address_registry";
import { Chunk, finish } from "../sending/chunk";
import { CloseReason } from "./close_reason";
import { Connection } from "./connection";
import { ConnectionLimits } from "./connection_limits";
import { LineHandler } from "./line_handler";
import { IdleScan } from "./idle_scan";

export class ConnectionSet {
  addresses: AddressRegistry;
  idleScan!: IdleScan;
  /** To be done before anything is sent: what must not be heard until it is. */
  beforeSending: Task | null = null;
  private live: Array<Connection> = [];
  private pending: Array<Connection> = [];
  private dead: Array<Connection> = [];
  /** Those whose sockets did not take all, since the last {@link tidy}. */
  private behind: Array<Connection> = [];
  /** Where lines to single peers are written, in this tick. */
  private personal: Chunk | null = null;
  private flushing: bool = false;

  constructor(
    public loop: Loop,
    public limits: ConnectionLimits,
  ) {
    this.addresses = new AddressRegistry(loop, limits);
    this.idleScan = new IdleScan(loop, this);
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
      chunk = Chunk.take();
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

  /** Puts a connection on the list of those to reap. */
  bury(connection: Connection): void {
    this.dead.push(connection);
  }

  /** Sends what one peer is owed, at once. */
  flushOne(connection: Connection): void {
    this.prepare();
    connection.flush();
  }

  /** Sends what is owed, as far as sockets take it. A flush within a flush does nothing. */
  flush(): void {
    if (this.flushing) return;
    this.flushing = true;
    this.prepare();
    // A flush may close a connection, which queues it again for its last words: one round only.
    const round = this.pending.length;
    for (let i = 0; i < round; i++) {
      this.pending[i]._queued = false;
      this.pending[i].flush();
    }
    if (round > 0) this.pending.splice(0, round);
    this.seal();
    this.flushing = false;
  }

  /**
   * Flushes and frees what is closed, until there is neither: who hears that a connection is gone
   * may say so to others. Only between ticks.
   */
  turn(): void {
    while (this.pending.length > 0 || this.dead.length > 0) {
      this.flush();
      while (this.dead.length > 0) {
        const connection = this.dead.pop();
        this.remove(connection);
        connection.reap();
      }
    }
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
