/** One client as the model of the chat knows it. */
import { FirstBytes } from "./first_bytes.js";
import { Foreign } from "./foreign.js";
import { LineSplitter } from "./line_splitter.js";
import { keyOf } from "./names.js";
import { Owed } from "./owed.js";
import type { Pace } from "./pace.js";
import type { Origin } from "./origin.js";
import type { Penalty } from "./penalties.js";
import type { Audience, Room } from "./room.js";
import type { Style } from "./settings.js";
import { Silence } from "./silence.js";
import type { Reason } from "./words.js";

/** When it must be over: neither before the one, nor after the other. */
export interface End {
  least: number;
  most: number;
}

export type Person = Member<unknown>;

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
  /** Whether it has said a line; whether its room has been told that it is there. */
  hasSpoken = false;
  isAnnounced = false;
  /** Bytes of its last line and of the answer, until they are charged. */
  chargeable: number | undefined;
  /** A proxy that comes for itself, and has said nothing since. */
  isProbe = false;
  /** Where it is has been said, as far as that is known. */
  isKnown = false;
  /** Why it is on its way out. */
  reason: Reason | undefined;
  /** When it is given up, however it goes. */
  end: End | undefined;
  /** Its descriptor was given back before the time for a decent end was up. */
  endedInTime = false;
  /** A call on its socket has failed. */
  broken = false;
  /** Its stream is over. */
  ended = false;
  /** It was owed more than the hard limit, and is closed at the end of the tick. */
  isTooSlow = false;
  /** Since when it is owed more than the soft limit. */
  slowSince: number | undefined;
  /** All from its address, and its part in their flood. */
  origin: Origin | undefined;
  readonly share = { lines: 0, flood: 0, told: 0 };
  readonly silence: Silence;
  /** When its bytes, which wait, are due by its own limit. */
  turnDue: number | undefined;
  /** It is not read until then, as others read slowly what it says. */
  restUntil = -Infinity;
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
    readonly proxied: boolean,
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

  setName(name: string): void {
    this.name = name;
    this.key = keyOf(name);
  }

  /** Whether its bytes wait for a turn that will come. */
  get isQueued(): boolean {
    return this.turnDue !== undefined;
  }

  mayHaveTurn(now: number): boolean {
    return this.pace.wait(now) === 0 && this.origin?.mayHaveTurn(this, now) !== false;
  }

  mustHaveTurn(now: number): boolean {
    return this.pace.wait(now) === 0 && this.origin?.mustHaveTurn(now) !== false;
  }

  /** A line is dealt with. */
  spend(now: number): void {
    this.origin?.spend(this, now);
    this.pace.spend(now);
  }

  /** The line before costs so many lines more. */
  charge(now: number, lines: number): void {
    this.origin?.charge(this, now, lines);
    this.pace.charge(now, lines);
  }

  /** Lines dealt with, those included that come before its own. */
  get linesOfTurn(): number {
    return this.linesDealtWith + (this.isQueued ? (this.origin?.served ?? 0) : 0);
  }
}
