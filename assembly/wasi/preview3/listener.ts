/**
 * A listener: a stream of sockets, taken one at a time. If an accept finds none, a read of the
 * stream stays in flight, and its event reports the next connection.
 *
 * A host that is out of descriptors returns dead sockets, at once and again and again. Then the
 * listener backs off: it does not read its stream for a while.
 */
import { countCall } from "../calls";
import { CONNABORTED, IO, MFILE } from "../errno";
import * as abi from "./abi";
import { Handle } from "./abi";
import { storeAddress } from "./address";
import { BLOCKED, countOf, Event, isDropped } from "./canonical";
import { Connection } from "./connection";
import { Code } from "./error_code";
import { Descriptor, Kind } from "./table";
import * as tcp from "./tcp";
import { Alarm, Timer } from "./timer";
import { removeWaitable, addWaitable } from "./waitables";

/**
 * A listener of a component pauses for this time when no descriptors are left. @limit nanoseconds
 */
const BACKOFF_NANOSECONDS: u64 = 100_000_000;
/**
 * One accept of a component skips at most this many connections that were reset early. @limit
 * connections
 */
const MAX_RESETS_SKIPPED: i32 = 64;
/**
 * A component has at most this many connections. Each has three handles, and a host may end a
 * program that has 100,000 handles. @limit connections
 */
const MAX_CONNECTIONS: i32 = 33_000;
const HANDLE_BYTES: usize = 4;

const address = memory.data(24, 8);

enum State {
  /** No read is in flight. */
  IDLE = 0,
  /** A read of the stream is in flight; its event reports the next connection. */
  READING = 1,
  /** The stream is not read until the timer fires. */
  BACKOFF = 2,
}

/** Ends the backoff of a listener when its timer fires. */
class BackoffAlarm extends Alarm {
  constructor(private listener: Listener) {
    super();
  }

  onTime(): void {
    this.listener.resume();
  }
}

export class Listener extends Descriptor {
  /** A connection that no accept has taken yet. */
  private accepted: Connection | null = null;
  /** The error of the next accept (an errno), reported once; 0: none. */
  private failure: i32 = 0;
  /** The number of consecutive connections that were reset before their accept. */
  private resets: i32 = 0;
  private state: State = State.IDLE;
  private timer: Timer | null = null;
  /** True while the stream is in the waitable set. */
  private isAdded: bool = false;
  /** True once the host has ended the stream. It must not be read again. */
  private streamEnded: bool = false;
  /** The buffer where a read stores the handle of the next socket. */
  private slot: usize = heap.alloc(HANDLE_BYTES);

  constructor(
    public socket: Handle,
    private stream: Handle,
  ) {
    super(Kind.LISTENER);
  }

  get isReadPending(): bool {
    return this.state != State.IDLE;
  }

  pollReadable(): bool {
    while (!this.isReady && this.state == State.IDLE) this.start();
    return this.isReady;
  }

  /** True if there is a connection for {@link take}. If not, {@link takeFailure} has the reason. */
  get hasAccepted(): bool {
    return this.accepted !== null;
  }

  take(): Connection {
    const accepted = this.accepted!;
    this.accepted = null;
    return accepted;
  }

  /** Returns the errno of a failed accept, and clears it. */
  takeFailure(): i32 {
    const failure = this.failure;
    this.failure = 0;
    return failure;
  }

  resume(): void {
    this.state = State.IDLE;
    this.changed();
  }

  onEvent(_event: Event, payload: u32): void {
    this.arrived(payload);
    this.changed();
  }

  release(): void {
    const accepted = this.accepted;
    if (accepted !== null) accepted.release();
    this.accepted = null;
    const timer = this.timer;
    if (timer !== null) timer.stop();
    if (this.isAdded) removeWaitable(this.stream);
    if (this.state == State.READING) this.cancel();
    countCall();
    tcp.dropListenStream(this.stream);
    countCall();
    tcp.dropSocket(this.socket);
    heap.free(this.slot);
  }

  private get isReady(): bool {
    return this.accepted !== null || this.failure != 0;
  }

  private start(): void {
    if (this.streamEnded) {
      this.backOff(IO);
      return;
    }
    if (!this.isAdded) addWaitable(this.stream, this);
    this.isAdded = true;
    this.state = State.READING;
    countCall();
    const answer = tcp.readAccepted(this.stream, this.slot, 1);
    if (answer != BLOCKED) this.arrived(answer);
  }

  private cancel(): void {
    countCall();
    if (countOf(tcp.cancelAccept(this.stream)) == 0) return;
    countCall();
    tcp.dropSocket(load<Handle>(this.slot));
  }

  private arrived(answer: u32): void {
    this.state = State.IDLE;
    if (countOf(answer) > 0) this.openConnection(load<Handle>(this.slot));
    this.streamEnded = isDropped(answer);
  }

  /**
   * Takes the streams of an accepted socket, and drops the socket: the streams keep the connection.
   */
  private openConnection(socket: Handle): void {
    countCall();
    tcp.remoteAddress(socket, abi.RESULT);
    const bytes = storeAddress(address);
    const code = load<u8>(abi.RESULT, abi.VALUE_AT);
    if (Connection.open >= MAX_CONNECTIONS) {
      this.backOff(MFILE);
    } else if (bytes > 0) {
      this.resets = 0;
      this.accepted = opened(socket, bytes);
    } else if (code != Code.INVALID_STATE || !wasConnected(socket)) {
      // A host that is out of descriptors reports OTHER, since WASI has no code for it.
      this.backOff(code == Code.OTHER ? MFILE : -bytes);
    } else if (++this.resets >= MAX_RESETS_SKIPPED) {
      // The program goes on with other work. The next accept skips more.
      this.resets = 0;
      this.failure = CONNABORTED;
    }
    countCall();
    tcp.dropSocket(socket);
  }

  private backOff(errno: i32): void {
    this.failure = errno;
    this.state = State.BACKOFF;
    if (this.timer === null) this.timer = new Timer(new BackoffAlarm(this));
    this.timer!.set(abi.monotonicNow() + BACKOFF_NANOSECONDS);
  }
}

/** Returns true if the socket was connected: then it has a local address, even after a reset. */
function wasConnected(socket: Handle): bool {
  countCall();
  tcp.localAddress(socket, abi.RESULT);
  return abi.succeeded();
}

function opened(socket: Handle, addressBytes: i32): Connection {
  countCall();
  tcp.receive(socket, abi.RESULT);
  const input = load<Handle>(abi.RESULT, abi.STREAM_AT);
  const result = load<Handle>(abi.RESULT, abi.FUTURE_AT);
  countCall();
  const pair = tcp.newSendStream();
  countCall();
  const sendResult = tcp.send(socket, <Handle>pair);
  countCall();
  tcp.dropSendResult(sendResult);
  const found = new Connection(input, result, <Handle>(pair >> tcp.WRITABLE_SHIFT));
  found.addressLow = load<u64>(address);
  found.addressHigh = load<u64>(address, 8);
  found.port = load<u16>(address, 16);
  found.addressBytes = addressBytes;
  return found;
}
