/** What the crowd has said: each one's lines by number, and when. It knows no sockets. */

/** Begins every line of the crowd, and no line of a visitor. */
const MARK = "soak";
const MARKED = new RegExp(`^${MARK} (\\d{1,9}) (\\d{1,9}) `);
/** From one byte to four each, so that a cut inside of one shows. */
const FILLER = Array.from("a é 你 🙂 readiness ");
const FILLER_MOST = 150;

export class Ledger {
  readonly #saidAt: number[][];

  constructor(
    readonly senders: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#saidAt = Array.from({ length: senders }, () => []);
  }

  /** @returns the sender's next line, without its end, which is said now */
  say(sender: number): string {
    const times = this.#saidAt[sender] ?? [];
    times.push(this.now());
    return lineOf(sender, times.length - 1);
  }

  /** How many lines a sender has said. */
  count(sender: number): number {
    return this.#saidAt[sender]?.length ?? 0;
  }

  /** @returns how long ago a line was said, in ms; undefined: it never was */
  age(sender: number, number: number): number | undefined {
    const at = this.#saidAt[sender]?.[number];
    return at === undefined ? undefined : this.now() - at;
  }
}

/** The line follows from who says it and its number, so that damage shows. */
export function lineOf(sender: number, number: number): string {
  const length = (number * 31 + sender * 17) % FILLER_MOST;
  const filler = Array.from({ length }, (_, at) => FILLER[(at + number) % FILLER.length]);
  return `${MARK} ${sender} ${number} ${filler.join("")}.`;
}

/** @returns sender and number, if the line is one of the crowd's */
export function readMark(line: string): { sender: number; number: number } | undefined {
  const found = MARKED.exec(line);
  return found === null ? undefined : { sender: Number(found[1]), number: Number(found[2]) };
}
