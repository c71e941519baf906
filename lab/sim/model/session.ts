/** The session of one client, as the model knows it. */
import { ProxyHeader } from "./proxy_header.js";
import { ForeignProtocol } from "./foreign_protocol.js";
import { LineSplitter } from "./line_splitter.js";
import { keyOf } from "./names.js";
import { MemberLists } from "./member_lists.js";
import { Outbox } from "./outbox.js";
import type { RateLimiter } from "./rate_limiter.js";
import type { AddressLimiter } from "./address_limiter.js";
import type { Penalty } from "./penalties.js";
import type { Membership } from "./membership.js";
import type { Room } from "./room.js";
import type { Style } from "./settings.js";
import { IdleTimer } from "./idle_timer.js";
import type { Reason } from "./words.js";

/** The interval in which a closed connection must be gone, in nanoseconds. */
export interface End {
  least: number;
  most: number;
}

export class Session<Client = unknown> {
  readonly outbox = new Outbox();
  readonly lines: LineSplitter;
  name = "one who was turned away";
  key = "";
  /** The address of the client: from the PROXY header, or from the host. */
  remote = "";
  hasChosenName = false;
  /** Its place in the order of arrivals, from 1 on. */
  arrival = 0;
  /** Its rooms, the current one last. */
  readonly memberships: Membership[] = [];
  /**
   * The client's own lists of members, one for each room. Only clients that may be in several rooms
   * keep them.
   */
  readonly lists = new MemberLists();
  away = "";
  /** The mute that applies to the user. */
  mute: Penalty | undefined;
  /** Text to append to its last words. */
  parting = "";
  /** The users that it ignores, with their names at that time. */
  readonly ignored = new Map<Session, string>();
  /** The client that sent it the last private message, with that client's name at the time. */
  correspondent: { session: Session; name: string } | undefined;
  /** The client to which /reply may go at once; for any other it must be repeated. */
  confirmedCorrespondent: Session | undefined;
  /** The users that it has sent private messages, by the keys of their names. */
  readonly meant = new Map<string, Session>();
  /** The time until which clients that send it private messages are throttled, in nanoseconds. */
  backpressureUntil = 0;
  /** Parses the first bytes; undefined once they are known. */
  proxyHeader: ProxyHeader | undefined;
  /** Detects other protocols by the first bytes; undefined once that is decided. */
  foreignProtocol: ForeignProtocol | undefined = new ForeignProtocol();
  isFirstLine = true;
  /** True once the client has sent a line. Its room is told of it only then. */
  hasSpoken = false;
  /** Bytes of its last line and of the answer, until they are charged. */
  chargeable: number | undefined;
  /** True for a connection that a proxy opened for itself (LOCAL), until it sends something. */
  isHealthCheck = false;
  /** True once the log has its arrival. Before that, it may leave without a line. */
  isLogged = false;
  /** The reason for its close; undefined while it is open. */
  reason: Reason | undefined;
  /** The time when the connection must be gone after the close. */
  end: End | undefined;
  /** True if the guest closed the descriptor before the time for an orderly close was over. */
  endedInTime = false;
  /** True if a call on its socket has failed. */
  broken = false;
  /** True once its stream has ended. */
  ended = false;
  /** True if its outbox exceeded the hard limit: the guest closes it at the end of the tick. */
  isTooSlow = false;
  /** The time when its outbox began to exceed the soft limit, in nanoseconds. */
  slowSince: number | undefined;
  /** The limiter that it shares with all clients of its address. */
  addressLimiter: AddressLimiter | undefined;
  readonly share = { lines: 0, flood: 0, told: 0 };
  readonly idleTimer: IdleTimer;
  /** The time when its own rate limiter allows the next waiting line, in nanoseconds. */
  turnDue: number | undefined;
  /** True while its outbox is so large that its lines may wait until it has read its answers. */
  isBehind = false;
  /** The number of waits of the guest in which its lines wait, and its outbox is small. */
  heldWaits = 0;
  /** True while lines that the guest has read wait for that. */
  isHeld = false;
  /**
   * The guest does not read the connection until this time, in nanoseconds: backpressure, because a
   * slow consumer gets its messages.
   */
  heldBackUntil = -Infinity;
  /** The time that the guest has waited while this connection was readable, in nanoseconds. */
  waitedReadable = 0;
  /** The same while it was writable and its outbox had bytes, in nanoseconds. */
  waitedWritable = 0;
  linesHandled = 0;
  /** Bytes received while it was open. */
  receivedBytes = 0;

  /** @param since the clock of the tick that accepted it, in nanoseconds */
  constructor(
    readonly fd: number,
    /** False if the server closed it without a message, since it refused too many at a time. */
    readonly isHeard: boolean,
    readonly client: Client,
    lineBytes: number,
    readonly proxied: boolean,
    public style: Style,
    readonly rateLimiter: RateLimiter,
    readonly since: number,
  ) {
    this.lines = new LineSplitter(lineBytes);
    this.proxyHeader = new ProxyHeader(proxied);
    this.idleTimer = new IdleTimer(since);
  }

  /** The room for lines that name none. */
  get room(): Room | undefined {
    return this.memberships.at(-1)?.room;
  }

  get isOpen(): boolean {
    return this.isHeard && this.reason === undefined && !this.broken;
  }

  setName(name: string): void {
    this.name = name;
    this.key = keyOf(name);
  }

  /** True while its lines wait for a rate limiter. */
  get isQueued(): boolean {
    return this.turnDue !== undefined;
  }

  mayHaveTurn(now: number): boolean {
    return (
      this.rateLimiter.wait(now) === 0 && this.addressLimiter?.mayHaveTurn(this, now) !== false
    );
  }

  mustHaveTurn(now: number): boolean {
    return this.rateLimiter.wait(now) === 0 && this.addressLimiter?.mustHaveTurn(now) !== false;
  }

  /** Charges one line to both limiters. */
  spend(now: number): void {
    this.addressLimiter?.spend(this, now);
    this.rateLimiter.spend(now);
  }

  /** Charges further lines, for a long line or answer. */
  charge(now: number, lines: number): void {
    this.addressLimiter?.charge(this, now, lines);
    this.rateLimiter.charge(now, lines);
  }

  /**
   * The number of handled lines, including the lines of its address that came before its own. The
   * liveness oracle uses it as progress.
   */
  get linesOfTurn(): number {
    return this.linesHandled + (this.isQueued ? (this.addressLimiter?.served ?? 0) : 0);
  }
}
