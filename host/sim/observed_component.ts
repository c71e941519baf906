/**
 * The kernel of a component, with the model beside it. A component reads ahead, by a byte, to find
 * out who is ready, and what it has found it deals with later, with no call that shows it: so what
 * is found is kept here until the tick has begun, and told in the order in which it was found. What
 * it sends is told once it is known whether it would have sent more.
 */
import { Errno, Eventtype } from "../wasi/abi.js";
import type { Event, Subscription } from "../wasi/kernel.js";
import { totalLength } from "../wasi/virtual/byte_queue.js";
import type { ComponentKernelOptions } from "../wasi/virtual/preview2/kernel.js";
import { asTold } from "../wasi/virtual/preview2/line.js";
import type { World } from "../wasi/virtual/world.js";
import * as bounds from "./component_bounds.js";
import type { Door } from "./door.js";
import { OracleFailure } from "./failure.js";
import { Findings } from "./findings.js";
import type { Guest } from "./guest.js";
import { type Hazards, ObservedKernel } from "./observed_kernel.js";
import type { Member } from "./model/member.js";
import { Offers } from "./offers.js";
import { letsGo, WakeClock } from "./wake_clock.js";

const STDIN = 0;

interface Remain {
  member: Member<Door> | undefined;
  since: number;
  due: number;
}

export class ObservedComponent extends ObservedKernel {
  readonly #held = new Map<number, Buffer>();
  /** What has been read just now. */
  #incoming: { bytes: Buffer; tell: (bytes: Buffer) => void } | undefined;
  readonly #findings = new Findings();
  readonly #offers: Offers;
  readonly #remains = new Map<number, Remain>();
  /** The one that was just closed: its time may be looked up. */
  #closed: Remain | undefined;
  #isAhead = false;
  #hasLetGo = false;
  #lastGot = { fd: -1, call: -1 };
  #names: string[] = [];
  /** Those of whom something was read in this tick. */
  readonly #busy = new Set<number>();
  readonly #wake: WakeClock;

  constructor(world: World, options: ComponentKernelOptions, guest: Guest, hazards: Hazards) {
    const wake = new WakeClock();
    super(world, options, guest, hazards, wake);
    this.#wake = wake;
    this.#offers = new Offers(this.model, this.#findings, this.#settleIncoming.bind(this));
  }

  override enter(call: string): void {
    this.#names = [...this.#names.slice(-2), call];
    super.enter(call);
  }

  override exit(): void {
    for (const [fd, { member }] of this.#remains) {
      if (member && (this.hosted(fd)?.restBytes ?? 0) > 0) member.client.entitled = false;
    }
    super.exit();
    this.leftOpen = this.leftOpen.filter((fd) => !this.#remains.has(fd));
  }

  protected override sawMonotonic(time: number): void {
    if (this.#closed !== undefined) {
      this.#closed.due = time + bounds.REMAINS_NS;
      this.#closed = undefined;
      return;
    }
    if (this.#wake.skips()) {
      for (const one of this.#remains.values()) if (one.due <= time) one.due += bounds.REMAINS_NS;
      return;
    }
    this.#settleUntilClock();
    super.sawMonotonic(time);
    // Who is expected to have said more may have ended, which shows by no call.
    const isEarly = this.#wake.isEarly(time);
    if (this.spare === undefined || !isEarly || this.#busy.size > bounds.EXPECTED_MOST) return;
    const makeDue = this.#findings.expected((fd) => {
      const member = this.model.members.get(fd);
      return this.#busy.has(fd) && member?.isOpen === true && !member.waits;
    });
    if (makeDue === undefined) return;
    this.spare = undefined;
    this.model.writable.clear();
    this.beganTick(time);
    makeDue();
  }

  protected override beganTick(time: number): void {
    super.beganTick(time);
    this.#wake.tickBegan(time);
    this.#findings.tickBegan();
    this.#busy.clear();
  }

  override recv(fd: number, targets: Uint8Array[], flags: number): number {
    this.#isAhead = this.#isLookAhead(fd, totalLength(targets));
    return super.recv(fd, targets, flags);
  }

  protected override sawReceive(fd: number, got: Buffer | number): void {
    this.#sawInput(fd, got, (what) => super.sawReceive(fd, what));
  }

  override read(fd: number, targets: Uint8Array[]): number {
    this.#isAhead = this.#isLookAhead(fd, totalLength(targets));
    return super.read(fd, targets);
  }

  protected override sawTyped(got: Buffer | number): void {
    this.#sawInput(STDIN, got, (what) => super.sawTyped(what));
  }

  /** One byte is asked for to find out whether there is one, or by chance as the last of many. */
  #isLookAhead(fd: number, most: number): boolean {
    const { fd: last, call } = this.#lastGot;
    return most === 1 && !(last === fd && call === this.calls - 1);
  }

  #sawInput(fd: number, got: Buffer | number, tell: (what: Buffer | number) => void): void {
    const isSomething = got !== -Errno.AGAIN;
    if (this.#isAhead) {
      this.#asked(fd, isSomething, true);
      if (typeof got !== "number") this.#held.set(fd, got);
      else if (isSomething) this.#findings.add(fd, () => tell(got));
      return;
    }
    const isMore = this.#lastGot.fd === fd && this.#lastGot.call === this.calls - 1;
    if (!isMore) this.#settle(fd);
    const held = this.#held.get(fd);
    this.#held.delete(fd);
    // All that one read of the component brings comes at once, in however many calls.
    const pieces = [this.#incoming?.bytes, held, typeof got === "number" ? undefined : got];
    const bytes = Buffer.concat(pieces.filter((piece) => piece !== undefined));
    if (typeof got !== "number") {
      this.#lastGot = { fd, call: this.calls };
      this.#busy.add(fd);
    }
    if (bytes.length > 0) this.#incoming = { bytes, tell };
    if (isSomething && typeof got === "number" && bytes.length > 0) {
      this.#findings.add(fd, () => tell(got), true);
    } else if (bytes.length === 0) {
      tell(got);
    }
  }

  protected override sawAccept(fd: number, accepted: number): void {
    if (this.#wake.isWaiting) {
      this.#asked(fd, accepted !== -Errno.AGAIN, true);
      if (accepted < 0) return;
      const door = this.guest.newcomer(fd);
      this.#findings.add(fd, () => {
        this.watchdog.progressed();
        this.guest.accepted(fd, accepted, door);
      });
      return;
    }
    super.sawAccept(fd, asTold(accepted));
  }

  override accept(fd: number, flags: number): number {
    if (!this.#wake.isWaiting) {
      this.#settle(fd);
      this.#findings.tellOf(fd);
    }
    return super.accept(fd, flags);
  }

  override permit(fd: number): number {
    const permit = super.permit(fd);
    if (this.#remains.has(fd)) return permit;
    if (this.#wake.isWaiting) this.#asked(fd, permit !== 0, false);
    else {
      this.#offers.asked(fd, permit, this.#hasLetGo);
      this.#hasLetGo = false;
    }
    return permit;
  }

  /** To find out who is ready, one has been asked by itself. */
  #asked(fd: number, isReady: boolean, toRead: boolean): void {
    this.#wake.asked(isReady);
    if (isReady) this.#findings.isReady(fd, toRead);
  }

  protected override sawSend(fd: number, pieces: readonly Uint8Array[], sent: number): void {
    this.watchdog.progressed();
    const bytes = sent < 0 ? undefined : Buffer.concat(pieces);
    this.#offers.wrote(fd, bytes);
    if (bytes !== undefined) this.guest.handedOn(fd, bytes);
  }

  override stopReading(fd: number): void {
    this.#offers.closes(fd);
    this.#settle();
    this.#findings.forget(fd);
    this.#held.delete(fd);
    super.stopReading(fd);
    const remain: Remain = { member: undefined, since: this.world.now, due: Infinity };
    this.#remains.set(fd, remain);
    this.#closed = remain;
    this.watchdog.progressed();
    remain.member = this.guest.closed(fd, true);
  }

  override stopWriting(fd: number): number {
    this.#closed = undefined;
    const before = this.world.now;
    const isFull = (this.hosted(fd)?.restBytes ?? 0) > 0;
    const lost = super.stopWriting(fd);
    if (isFull && this.world.now > before) {
      throw new OracleFailure("blocked", `it waited for what was on its way by fd ${fd}`);
    }
    const remain = this.#remains.get(fd);
    const isOverdue = this.world.now - (remain?.since ?? 0) >= bounds.REMAINS_NS;
    if (lost > 0 && isOverdue && remain?.member) remain.member.client.entitled = false;
    return lost;
  }

  protected override sawClose(fd: number): void {
    this.#settle();
    const remain = this.#remains.get(fd);
    this.#remains.delete(fd);
    if (remain === undefined) super.sawClose(fd);
    else if (remain.member) this.model.goneForGood(remain.member);
  }

  override write(fd: number, pieces: Uint8Array[]): number {
    if (!this.isFile(fd)) this.#settle();
    return super.write(fd, pieces);
  }

  override poll(subscriptions: Subscription[]): Event[] | number {
    if (this.line === 36 && letsGo(subscriptions)) return this.pollAside(subscriptions);
    this.#hasLetGo = this.isLook(subscriptions);
    if (!this.#hasLetGo) this.#settle();
    return super.poll(subscriptions);
  }

  /** A timer for no time, alone: set without a look at the clock, it is for no wait. */
  protected override isLook([first, ...others]: readonly Subscription[]): boolean {
    if (first?.type !== Eventtype.CLOCK || others.length > 0) return false;
    return first.timeout === 0n && this.#names[0] !== "now";
  }

  override setTimer(nanoseconds: number): number {
    this.#wake.timerIsSet(nanoseconds);
    return super.setTimer(nanoseconds);
  }

  protected override sawWait(subscriptions: readonly Subscription[]): void {
    const due = Math.min(...[...this.#remains.values()].map((one) => one.due));
    this.#wake.waitsUntil(subscriptions, due);
  }

  protected override sawWake(asked: readonly Subscription[], events: Event[] | number): void {
    if (typeof events === "number") return;
    const isKept = (one: Subscription | undefined) =>
      one !== undefined && one.type !== Eventtype.CLOCK && this.#remains.has(one.fd);
    const own = asked.filter((one) => one.type !== Eventtype.CLOCK && !isKept(one));
    let isReady = false;
    for (const { index, type } of events) {
      const one = asked[index];
      if (one === undefined || one.type === Eventtype.CLOCK || isKept(one)) continue;
      const isDoubtful = this.hosted(one.fd)?.isDoubtful === true && !this.#held.has(one.fd);
      const toRead = type === Eventtype.FD_READ;
      if (toRead && isDoubtful) continue;
      isReady = true;
      this.#findings.isReady(one.fd, toRead);
    }
    const skips = Number(asked.some(isKept)) + Number(own.length > bounds.SURE_ENTRIES);
    this.#wake.wokeWith(isReady, skips);
  }

  /** Whatever has been dealt with by now is told. @param fd whose turn it is */
  #settle(fd?: number): void {
    this.#settleIncoming();
    this.#findings.tellBefore(fd);
  }

  #settleIncoming(): void {
    this.#offers.end();
    const incoming = this.#incoming;
    this.#incoming = undefined;
    incoming?.tell(incoming.bytes);
  }

  /** In a tick, so much is told that there is a timer that the clock is read for, or else all. */
  #settleUntilClock(): void {
    this.#settleIncoming();
    const isOver = this.#wake.isWaiting;
    this.#findings.tellUntil(() => !isOver && this.model.wantsClock());
  }
}
