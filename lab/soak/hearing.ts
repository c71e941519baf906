/**
 * Compares what one client of the crowd receives with what was sent: bytes go in, faults come out.
 *
 * The crowd's lines are known byte by byte. Lines of visitors are only checked for their form: a
 * stamp, then a line that is safe for terminals. All clients of the crowd must receive the same
 * lines; `transcript` is the hash to compare.
 */
import { createHash } from "node:crypto";
import { sanitized } from "../sim/model/sanitize.js";
import { type Ledger, lineOf, readMark } from "./ledger.js";

export const FAULTS = ["lost", "doubled", "disordered", "damaged"] as const;
export type Faults = Record<(typeof FAULTS)[number], number>;

/** The tutorial's stamp, with the sender's name. */
const HEAD = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d (\S+)$/;
const PLAIN = /^[\t\x20-\x7e]*$/;

interface Sender {
  /** The sender's name on this connection, once a line of it has arrived. */
  name?: string;
  /** The number of its next line. */
  next: number;
  /** Numbers that were skipped so far. */
  missing: Set<number>;
}

export class Hearing {
  /** Lines of the crowd that arrived. */
  deliveries = 0;
  readonly #senders: Sender[];
  readonly #transcript = createHash("sha256");
  /** The received bytes without a newline yet, in latin1: one character for each byte. */
  #pending = "";
  #head: string | undefined;
  #begun = false;
  #doubled = 0;
  #disordered = 0;
  #damaged = 0;

  constructor(
    private readonly ledger: Ledger,
    private readonly onDelivery: (ageMs: number) => void,
  ) {
    this.#senders = Array.from({ length: ledger.senders }, () => ({ next: 0, missing: new Set() }));
  }

  hear(bytes: Buffer): void {
    const lines = (this.#pending + bytes.toString("latin1")).split("\n");
    this.#pending = lines.pop() ?? "";
    for (const line of lines) this.#hearLine(line);
  }

  /** True once the last line of every sender has arrived. */
  get complete(): boolean {
    return this.#senders.every(({ next }, sender) => next === this.ledger.count(sender));
  }

  /** Ends the comparison: lines that have not arrived are lost. */
  conclude(): void {
    this.#senders.forEach((sender, at) => this.#skip(sender, this.ledger.count(at)));
    if (this.#pending !== "" || this.#head !== undefined) this.#damaged++;
  }

  get faults(): Faults {
    const lost = this.#senders.reduce((sum, { missing }) => sum + missing.size, 0);
    const [doubled, disordered, damaged] = [this.#doubled, this.#disordered, this.#damaged];
    return { lost, doubled, disordered, damaged };
  }

  /** The hash of everything since the crowd's first line. */
  get transcript(): string {
    return this.#transcript.copy().digest("hex");
  }

  #hearLine(line: string): void {
    const head = this.#head;
    if (head === undefined) {
      const name = HEAD.exec(line)?.[1];
      if (name === undefined) this.#damaged++;
      else this.#head = line;
      return;
    }
    this.#head = undefined;
    const mark = readMark(line);
    if (mark !== undefined) {
      this.#begun = true;
      this.#hearCrowd(mark, head, line);
    } else if (!PLAIN.test(line) && !isSafe(line)) {
      this.#damaged++;
    }
    if (this.#begun) this.#transcript.update(`${head}\n${line}\n`, "latin1");
  }

  #hearCrowd(mark: { sender: number; number: number }, head: string, line: string): void {
    const sender = this.#senders[mark.sender];
    const age = this.ledger.age(mark.sender, mark.number);
    if (sender === undefined || age === undefined) {
      this.#damaged++;
      return;
    }
    this.deliveries++;
    const name = HEAD.exec(head)?.[1] ?? "";
    sender.name ??= name;
    const expected = Buffer.from(lineOf(mark.sender, mark.number)).toString("latin1");
    if (sender.name !== name || line !== expected) this.#damaged++;
    if (mark.number >= sender.next) {
      this.#skip(sender, mark.number);
      sender.next = mark.number + 1;
      this.onDelivery(age);
    } else if (sender.missing.delete(mark.number)) {
      this.#disordered++;
    } else {
      this.#doubled++;
    }
  }

  /** Records the sender's lines from the next expected one up to `number` - 1 as missing. */
  #skip(sender: Sender, number: number): void {
    while (sender.next < number) sender.missing.add(sender.next++);
  }
}

/** Returns true if sanitizing changes nothing. */
function isSafe(line: string): boolean {
  const bytes = Buffer.from(line, "latin1");
  return sanitized(bytes).equals(bytes);
}
