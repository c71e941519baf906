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

  constructor(private readonly judge: (member: Person, left: number) => void) {}

  add(member: Person, left: number): void {
    this.#waiting.push({ member, left, ...placeOf(member) });
  }

  /** @returns whether there was one */
  judgeOne(): boolean {
    const first = this.#waiting.shift();
    if (first?.member.isOpen === true) this.judge(first.member, first.left);
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
