/**
 * How far the module has come with what has befallen it, as its calls show: what was received is
 * dealt with in its order, as far as a call makes certain; then what has its time.
 */
import type { Hall } from "./hall.js";
import type { Person, Steps, Stop } from "./steps.js";

export class Progress {
  /** Of sending: in each, each member is sent to once. */
  round = 1;
  /** What has befallen the module, and is maybe not dealt with yet. */
  readonly #waiting: Steps[] = [];
  #current: Steps | undefined;
  /** Where that makes room: all may be sent to once before it goes on. */
  #stop: Stop | undefined;

  /** Who is being sent to, and has taken all until now: the rest is offered next. */
  #isSentTo: Person | undefined;
  /** All that is dealt with, and what was said is on its way. */
  #isEnding = false;

  /** @param settle what has been sent is over, and has its consequences */
  constructor(
    private readonly hall: Hall,
    private readonly settle: () => void,
  ) {}

  /** Another tick: more may be due. */
  begin(): void {
    this.#isEnding = false;
    this.deliver();
  }

  add(steps: Steps): void {
    this.#isEnding = false;
    this.#waiting.push(steps);
  }

  get #tickNow(): number {
    return this.hall.around.tickNow();
  }

  /** The module has read the clock that timers count from. */
  sawMonotonic(now: number): boolean {
    const { timers } = this.hall;
    if (!this.#isEnding) while (!timers.hasNew && this.#step(true) !== undefined);
    return timers.read(now, this.#tickNow);
  }

  /** What was received is dealt with; what has its time comes once all that is. */
  dealWithEvents(): void {
    while (this.#step(false) !== undefined);
    this.#assertSet();
  }

  dealWithAll(): void {
    while (this.#step(true) !== undefined);
    this.#assertSet();
  }

  /** This member has taken all that it was offered, and is offered more before anything else. */
  goesOn(member: Person): void {
    this.#isSentTo = member;
  }

  /** What must have been done, for `bytes` to be offered to this member now. */
  dealUntil(member: Person, bytes: number): void {
    const goesOn = this.#isSentTo === member;
    this.#isSentTo = undefined;
    if (goesOn) return;
    if (!this.#isEnding) {
      if (this.#stepUntil(member, bytes)) {
        if (this.#stop === member) this.#stop = undefined;
        return;
      }
      this.#assertSet();
    }
    // At the end of a tick there may be several rounds: what is said in one leaves in the next.
    const isAgain = member.isOpen && member.flushedIn === this.round;
    if (this.#isEnding && !isAgain && member.outboxBytes >= bytes) return;
    this.#isEnding = true;
    this.settle();
    this.deliver();
  }

  /** Goes on to where `bytes` are offered to this member. @returns whether it does so */
  #stepUntil(member: Person, bytes: number): boolean {
    let stop = this.#stop ?? this.#step(true);
    for (; stop !== undefined; stop = this.#step(true)) {
      const isOver = member.flushedIn === this.round || member.outboxBytes < bytes;
      if (stop !== member && (stop !== "flush" || isOver)) continue;
      this.#stop = stop;
      return true;
    }
    return false;
  }

  /** Goes on to the next stop; undefined: there is nothing to do any more. */
  #step(withTimers: boolean): Stop | undefined {
    this.settle();
    for (;;) {
      this.#stop = undefined;
      if (this.#current !== undefined) {
        const { value, done } = this.#current.next();
        if (done !== true) return this.#stopAt(value);
        this.#current = undefined;
      }
      this.#current = this.#waiting.shift();
      if (this.#current !== undefined) continue;
      const timer = withTimers ? this.hall.timers.takeDue(this.#tickNow) : undefined;
      if (timer === undefined) return undefined;
      this.#isEnding = false;
      this.#current = timer.run();
    }
  }

  #stopAt(stop: Stop): Stop {
    if (stop !== "flush") return stop;
    this.#stop = stop;
    this.deliver();
    return stop;
  }

  /** In the midst of sending, or of an end: nothing has to leave for it. */
  runNow(steps: Steps): void {
    for (const stop of steps) if (stop === "flush") this.deliver();
  }

  /** What was said to audiences is in the outboxes of all, to be sent once. */
  deliver(): void {
    this.round++;
    for (const { audiences } of this.hall.rooms.byKey.values()) {
      for (const audience of audiences.values()) audience.deliver();
    }
  }

  /** Timers for which the module read no clock. */
  #assertSet(): void {
    const { timers } = this.hall;
    while (timers.hasNew) timers.read(this.hall.around.now(), this.#tickNow);
  }
}
