/**
 * A listener: a stream of sockets, which are taken one by one. When an accept finds none, a read of
 * the stream is under way, and its event tells of the next connection.
 *
 * A host that has no descriptor left gives dead sockets, at once and without end: then the listener
 * rests, which means that its stream is not read for a while.
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
import { discharge, enlist } from "./waitables";

/** How long it rests, in nanoseconds. */
const REST_NANOSECONDS: u64 = 100_000_000;
/** Connections in a row that were reset early, which one accept passes over. */
const GONE_MOST: i32 = 64;
/** Of three handles each: a host may end the program that has 100,000 handles. */
const CONNECTIONS_MOST: i32 = 33_000;
const HANDLE_BYTES: usize = 4;

const address = memory.data(24, 8);

enum State {
  /** Nothing is under way. */
  IDLE = 0,
  /** A read of the stream is under way; its event tells of the next connection. */
  READING = 1,
  /** The stream is not read until the timer goes off. */
  RESTING = 2,
}

/** A listener's rest is over. */
class RestIsOver extends Alarm {
  constructor(private listener: Listener) {
    super();
  }

  onTime(): void {
    this.listener.resume();
  }
}

export class Listener extends Descriptor {
  private newcomer: Connection | null = null;
  /** Why none is accepted, to be told once (an errno); 0: nothing. */
  private failure: i32 = 0;
  private gone: i32 = 0;
  private state: State = State.IDLE;
  private rest: Timer | null = null;
  private isEnlisted: bool = false;
  /** The host has ended the stream: it must not be read again. */
  private isOver: bool = false;
  /** Where the read under way puts the handle of a socket. */
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

  isReadable(): bool {
    while (!this.isAnswered && this.state == State.IDLE) this.start();
    return this.isAnswered;
  }

  /** Whether there is a connection for {@link take}; if not, {@link takeFailure} says why. */
  get hasNewcomer(): bool {
    return this.newcomer !== null;
  }

  take(): Connection {
    const newcomer = this.newcomer!;
    this.newcomer = null;
    return newcomer;
  }

  /** Why none is accepted. @returns an errno */
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
    const newcomer = this.newcomer;
    if (newcomer !== null) newcomer.release();
    this.newcomer = null;
    const rest = this.rest;
    if (rest !== null) rest.stop();
    if (this.isEnlisted) discharge(this.stream);
    if (this.state == State.READING) this.cancel();
    countCall();
    tcp.dropListenStream(this.stream);
    countCall();
    tcp.dropSocket(this.socket);
    heap.free(this.slot);
  }

  private get isAnswered(): bool {
    return this.newcomer !== null || this.failure != 0;
  }

  private start(): void {
    if (this.isOver) {
      this.restFor(IO);
      return;
    }
    if (!this.isEnlisted) enlist(this.stream, this);
    this.isEnlisted = true;
    this.state = State.READING;
    countCall();
    const answer = tcp.readNewcomer(this.stream, this.slot, 1);
    if (answer != BLOCKED) this.arrived(answer);
  }

  private cancel(): void {
    countCall();
    if (countOf(tcp.cancelNewcomer(this.stream)) == 0) return;
    countCall();
    tcp.dropSocket(load<Handle>(this.slot));
  }

  private arrived(answer: u32): void {
    this.state = State.IDLE;
    if (countOf(answer) > 0) this.welcome(load<Handle>(this.slot));
    this.isOver = isDropped(answer);
  }

  /** Takes the streams of a socket, and gives it back: they keep the connection. */
  private welcome(socket: Handle): void {
    countCall();
    tcp.remoteAddress(socket, abi.RESULT);
    const bytes = storeAddress(address);
    const code = load<u8>(abi.RESULT, abi.VALUE_AT);
    if (Connection.open >= CONNECTIONS_MOST) {
      this.restFor(MFILE);
    } else if (bytes > 0) {
      this.gone = 0;
      this.newcomer = opened(socket, bytes);
    } else if (code != Code.INVALID_STATE || !wasConnected(socket)) {
      // A host without descriptors left has no name for that.
      this.restFor(code == Code.OTHER ? MFILE : -bytes);
    } else if (++this.gone >= GONE_MOST) {
      // The program goes on with others; the next accept passes over more.
      this.gone = 0;
      this.failure = CONNABORTED;
    }
    countCall();
    tcp.dropSocket(socket);
  }

  private restFor(errno: i32): void {
    this.failure = errno;
    this.state = State.RESTING;
    if (this.rest === null) this.rest = new Timer(new RestIsOver(this));
    this.rest!.set(abi.monotonicNow() + REST_NANOSECONDS);
  }
}

/** Whether it was a connection: then it has an address of ours, also after a reset. */
function wasConnected(socket: Handle): bool {
  countCall();
  tcp.localAddress(socket, abi.RESULT);
  return abi.succeeded();
}

function opened(socket: Handle, addressBytes: i32): Connection {
  countCall();
  tcp.receive(socket, abi.RESULT);
  const input = load<Handle>(abi.RESULT, abi.STREAM_AT);
  const ending = load<Handle>(abi.RESULT, abi.FUTURE_AT);
  countCall();
  const pair = tcp.newSendStream();
  countCall();
  const sendEnding = tcp.send(socket, <Handle>pair);
  countCall();
  tcp.dropSendEnding(sendEnding);
  const found = new Connection(input, ending, <Handle>(pair >> tcp.WRITABLE_SHIFT));
  found.addressLow = load<u64>(address);
  found.addressHigh = load<u64>(address, 8);
  found.port = load<u16>(address, 16);
  found.addressBytes = addressBytes;
  return found;
}
