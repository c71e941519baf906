/** One client as the model of the chat knows it. */
import { FirstBytes } from "./first_bytes.js";
import { Foreign } from "./foreign.js";
import { LineSplitter } from "./line_splitter.js";
import { keyOf } from "./names.js";
import { Owed } from "./owed.js";
import type { Pace } from "./pace.js";
import type { Penalty } from "./penalties.js";
import type { Origin } from "./origin.js";
import type { Audience, Room } from "./room.js";
import type { Style } from "./settings.js";
import { Silence } from "./silence.js";
import type { Timer } from "./timers.js";
import type { Reason } from "./words.js";

export class Member<Client> {
  readonly owed = new Owed();
  readonly lines: LineSplitter;
  name = "one who was turned away";
  key = "";
  /** Where a proxy says that it is. */
  remote = "";
  room: Room | undefined;
  /** With whom it hears; undefined: alone. */
  audience: Audience | undefined;
  away = "";
  /** Why nobody hears it, if so. */
  mute: Penalty | undefined;
  /** What else its last words say. */
  parting = "";
  /** Keys of those whom it does not want to hear. */
  readonly ignored = new Set<string>();
  /** Which client has spoken to it alone, last, and its name then. */
  correspondent: { person: Member<unknown>; name: string } | undefined;
  /** Who speaks to it alone waits a little until then. */
  pressedUntil = 0;
  /** Until it is known what its first bytes are. */
  first: FirstBytes | undefined;
  /** Until it is known whether they are of another protocol. */
  foreign: Foreign | undefined = new Foreign();
  isFirstLine = true;
  /** A proxy that comes for itself, and has said nothing since. */
  isProbe = false;
  /** Where it is has been said, as far as that is known. */
  isKnown = false;
  /** Why it is on its way out. */
  reason: Reason | undefined;
  /** When it is given up, however it goes. */
  end: Timer | undefined;
  /** Its descriptor was given back before the time for a decent end was up. */
  endedInTime = false;
  /** It is owed more than the hard limit: it is closed at the end of the tick. */
  isTooSlow = false;
  /** A call on its socket has failed. */
  broken = false;
  /** Its stream is over. */
  ended = false;
  /** When it has been slow for too long, while it is. */
  slow: Timer | undefined;
  /** When its lines go on, while they have to wait. */
  turn: Timer | undefined;
  /** All from its address, and its part in their flood; whether it waits for its turn there. */
  origin: Origin | undefined;
  readonly share = { lines: 0, flood: 0, told: 0 };
  isInQueue = false;
  readonly silence: Silence;
  /** When it is read again, after others had to be waited for. */
  rest: Timer | undefined;
  /** Bytes that it took after they were owed, and those when others last had to wait for it. */
  tookLate = 0;
  waitedForAt = 0;
  /** Of its header. */
  deadline: Timer | undefined;
  /** The last round of sending that is over for it. */
  flushedIn = 0;
  /** How long a wait has gone on although it could be read, or be sent what it is owed. */
  waitedReadable = 0;
  waitedWritable = 0;
  linesDealtWith = 0;
  /** Taken in, while it was open. */
  receivedBytes = 0;

  /** @param since the tick's clock at which it came */
  constructor(
    readonly fd: number,
    /** Whether there was place to hear it at all. */
    readonly isHeard: boolean,
    readonly client: Client,
    lineBytes: number,
    proxied: boolean,
    public style: Style,
    readonly pace: Pace,
    readonly since: number,
  ) {
    this.lines = new LineSplitter(lineBytes);
    this.first = new FirstBytes(proxied);
    this.silence = new Silence(since);
  }

  get isOpen(): boolean {
    return this.isHeard && this.reason === undefined && !this.broken;
  }

  /** Whether its lines are dealt with: it is open, and will be after this tick. */
  get isActive(): boolean {
    return this.isOpen && !this.isTooSlow;
  }

  setName(name: string): void {
    this.name = name;
    this.key = keyOf(name);
  }

  /** Whether nothing is read of it now. */
  get waits(): boolean {
    return this.isQueued || this.rest !== undefined;
  }

  /** Whether its lines wait for a turn that will come. */
  get isQueued(): boolean {
    return this.turn !== undefined || this.isInQueue;
  }

  hasTurn(now: number): boolean {
    return this.pace.wait(now) === 0 && this.origin?.hasTurn(this) !== false;
  }

  /** A line is dealt with. */
  spend(now: number): void {
    this.origin?.spend(this);
    this.pace.spend(now);
  }

  /** Lines dealt with, those included that come before its own. */
  get linesOfTurn(): number {
    return this.linesDealtWith + (this.isInQueue ? (this.origin?.served ?? 0) : 0);
  }

  /** Nothing of it waits for anything any more. */
  stopWaiting(): void {
    this.isInQueue = false;
    for (const timer of [this.turn, this.rest, this.deadline]) timer?.cancel();
  }

  /** Whether it was told something alone that has not been sent in whole. */
  get isTold(): boolean {
    return this.audience === undefined || this.owed.isTold(this.audience.deliveredBefore);
  }

  /** The same before its audience's words were put there, the last time. */
  get owedBeforeDelivery(): number {
    const { owed, audience } = this;
    if (audience === undefined) return owed.bytes;
    return owed.bytes - owed.undelivered(audience.deliveredBefore);
  }

  /** Bytes that the module has put into its outbox. */
  get outboxBytes(): number {
    const { owed, audience } = this;
    return owed.bytes - (audience === undefined ? 0 : owed.undelivered(audience.delivered));
  }
}
