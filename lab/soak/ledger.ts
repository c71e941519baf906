/** The lines that the crowd has sent: how many each client sent, and when. It knows no sockets. */

/** The first word of the crowd's lines, which no visitor's line begins with. */
const MARK = "soak";
const MARKED = new RegExp(`^${MARK} (\\d{1,9}) (\\d{1,9}) `);
/** Characters of one to four bytes, so that a cut within one shows. */
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

  /** Notes that a sender sends its next line now. @returns the line, without its end */
  say(sender: number): string {
    const times = this.#saidAt[sender] ?? [];
    times.push(this.now());
    return lineOf(sender, times.length - 1);
  }

  /** Returns how many lines a sender has sent. */
  count(sender: number): number {
    return this.#saidAt[sender]?.length ?? 0;
  }

  /** Returns the age of a line in milliseconds, or undefined if it was never sent. */
  age(sender: number, number: number): number | undefined {
    const at = this.#saidAt[sender]?.[number];
    return at === undefined ? undefined : this.now() - at;
  }
}

/** Returns a line; sender and number determine all of it, so that any damage shows. */
export function lineOf(sender: number, number: number): string {
  const length = (number * 31 + sender * 17) % FILLER_MOST;
  const filler = Array.from({ length }, (_, at) => FILLER[(at + number) % FILLER.length]);
  return `${MARK} ${sender} ${number} ${filler.join("")}.`;
}

/** Returns the sender and number of a line, or undefined if it is not of the crowd. */
export function readMark(line: string): { sender: number; number: number } | undefined {
  const found = MARKED.exec(line);
  return found === null ? undefined : { sender: Number(found[1]), number: Number(found[2]) };
}
