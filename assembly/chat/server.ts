/**
 * The chat: newcomers become sessions, a session's line goes to everybody in the room, its sender
 * included, and a stop lets everybody take what they are owed.
 *
 *     fd -> selector -> loop -> connection -> lines -> session -> room -> outbox -> fd
 */
import { Loop, Task } from "../loop/loop";
import { SelectorError, selectorErrorText } from "../selectors/errors";
import { CloseReason, closeReasonText } from "../net/close_reason";
import { ConnectionLimits } from "../net/connection";
import { ConnectionSet } from "../net/connection_set";
import { AcceptHandler, Listener } from "../net/listener";
import { Output } from "../net/output";
import { SANITIZE_GROWTH, sanitize } from "../text/sanitize";
import { errnoName } from "../wasi/errno";
import { close, Fd } from "../wasi/socket";
import { REFUSALS_AT_A_TIME, STOP_SECONDS } from "./limits";
import { Room } from "./room";
import { Session } from "./session";
import { Stamp } from "./stamp";

const NEWLINE: u8 = 0x0a;

/** How the chat was set up: the options, read and checked. */
export class ChatSettings {
  constructor(
    public connection: ConnectionLimits,
    public clients: i32,
    /** The stamp's time zone, in minutes east of UTC. */
    public timeZone: i32,
  ) {}
}

export class ChatServer extends AcceptHandler {
  connections: ConnectionSet;
  room: Room;
  /** Lines from clients that went out, and the deliveries that they made. */
  lines: u64 = 0;
  deliveries: u64 = 0;

  private listeners: Array<Listener> = [];
  private stamp: Stamp;
  private arrivals: u64 = 0;
  private stopping: bool = false;

  constructor(
    public loop: Loop,
    private settings: ChatSettings,
    private log: Output,
  ) {
    super();
    const connections = new ConnectionSet(loop, settings.connection);
    this.connections = connections;
    this.room = new Room(connections);
    this.stamp = new Stamp(settings.timeZone);
    loop.beforeWait(new TickEnd(this));
  }

  /**
   * Begins to accept on a listener that the host handed in.
   *
   * @param proxied whether a proxy in front of it says who connects
   * @returns what is wrong, or empty
   */
  listen(fd: Fd, proxied: bool = false): string {
    const listener = new Listener(this.loop, fd, this, proxied);
    const error = listener.open();
    if (error != SelectorError.NONE)
      return `cannot listen on fd ${fd}: ${selectorErrorText(error)}`;
    this.listeners.push(listener);
    return "";
  }

  onAccept(fd: Fd, proxied: bool): void {
    if (this.connections.size >= this.settings.clients + REFUSALS_AT_A_TIME) {
      close(fd);
      return;
    }
    const session = new Session(this, fd, `client-${++this.arrivals}`, proxied);
    if (!proxied) this.admit(session);
  }

  /** Lets somebody in, if there is a place: on arrival, or once a proxy has said who it is. */
  admit(session: Session): void {
    // People count, not connections: who is on the way out takes nobody's place.
    if (this.room.size >= this.settings.clients) {
      session.connection.close(CloseReason.FULL);
      return;
    }
    this.room.join(session);
    this.log.say(`${session.name} joined (${this.room.size} here)\n`);
  }

  onAcceptFailed(errno: i32, restSeconds: f64): void {
    this.log.say(`accept: ${errnoName(errno)}; trying again in ${restSeconds} s\n`);
  }

  onClosed(session: Session, reason: CloseReason): void {
    const why = closeReasonText(reason);
    this.log.say(`${session.name} is gone: ${why} (${this.room.size} here)\n`);
    if (this.stopping && this.connections.size == 0) this.loop.stop();
  }

  /** Says a line to the room: the stamp and the sender's name, then the line, made safe. */
  broadcast(from: Session, at: usize, length: u32): void {
    const nameBytes = <u32>String.UTF8.byteLength(from.name);
    const most = Stamp.BYTES + nameBytes + length * SANITIZE_GROWTH + 2;
    const chunk = this.room.writer(most);
    this.stamp.update(this.loop.ticks);
    let end = chunk.end;
    end += this.stamp.write(end);
    end += String.UTF8.encodeUnsafe(changetype<usize>(from.name), from.name.length, end);
    store<u8>(end++, NEWLINE);
    end += sanitize(end, at, length);
    store<u8>(end++, NEWLINE);
    chunk.wrote(<u32>(end - chunk.end));
    this.lines++;
    this.deliveries += this.room.size;
  }

  /** Accepts no more, says goodbye, and ends the loop once everybody is gone, or after a while. */
  stop(): void {
    if (this.stopping) return;
    this.stopping = true;
    for (let i = 0; i < this.listeners.length; i++) this.listeners[i].close();
    for (let i = 0; i < this.connections.size; i++) {
      this.connections.get(i).close(CloseReason.STOPPING);
    }
    if (this.connections.size == 0) this.loop.stop();
    else this.loop.callLater(STOP_SECONDS, new StopNow(this.loop));
  }

  /** Before each wait: what was said is delivered and sent, what is closed is reaped. */
  endTick(): void {
    this.room.deliver();
    this.connections.turn();
    this.room.settle();
  }
}

class TickEnd extends Task {
  constructor(private server: ChatServer) {
    super();
  }

  run(): void {
    this.server.endTick();
  }
}

class StopNow extends Task {
  constructor(private loop: Loop) {
    super();
  }

  run(): void {
    this.loop.stop();
  }
}
