/**
 * Those whose sockets did not take all of what was said to their audience. What is left is judged
 * when all have been sent what was said to theirs, in the order in which they were.
 */
import type { Person } from "./steps.js";

interface One {
  member: Person;
  left: number;
  /** Its audience's turn, and its place there. */
  turn: number;
  place: number;
}

export class Refused {
  readonly #waiting: One[] = [];

  constructor(private readonly onJudged: (member: Person, left: number) => void) {}

  add(member: Person, left: number): void {
    this.#waiting.push({ member, left, ...placeOf(member) });
  }

  /** This one is judged now, if it is here. */
  judge(member: Person): void {
    const at = this.#waiting.findIndex((one) => one.member === member);
    const [found] = at < 0 ? [] : this.#waiting.splice(at, 1);
    if (found?.member.isOpen === true) this.onJudged(found.member, found.left);
  }

  /** @returns whether there was one */
  judgeOne(): boolean {
    const first = this.#waiting.shift();
    if (first?.member.isOpen === true) this.onJudged(first.member, first.left);
    return first !== undefined;
  }

  judgeAll(): void {
    while (this.judgeOne());
  }

  /** One is sent what else it is owed: who comes before it has been judged. */
  judgeBefore(member: Person): void {
    const { turn, place } = placeOf(member);
    for (let [first] = this.#waiting; first !== undefined; [first] = this.#waiting) {
      if (first.turn > turn || (first.turn === turn && first.place > place)) return;
      this.judgeOne();
    }
  }
}

function placeOf(member: Person): { turn: number; place: number } {
  const { audience } = member;
  if (audience === undefined) return { turn: -1, place: 0 };
  return { turn: audience.turn, place: audience.people.indexOf(member) };
}
