/**
 * What one of the crowd hears, compared with what was said: bytes go in, faults come out.
 *
 * The crowd's lines are known to the byte. Of what visitors say only the form is: after a stamp, a
 * line that is safe for terminals. But all of the crowd must hear the same, and `transcript` tells.
 */
import { createHash } from "node:crypto";
import { sanitized } from "../sim/model/sanitize.js";
import { type Ledger, lineOf, readMark } from "./ledger.js";

export const FAULTS = ["lost", "doubled", "disordered", "damaged"] as const;
export type Faults = Record<(typeof FAULTS)[number], number>;

/** The tutorial's stamp, and who speaks. */
const HEAD = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d (\S+)$/;
const PLAIN = /^[\t\x20-\x7e]*$/;

interface Sender {
  /** Its name on this connection, once it was heard. */
  name?: string;
  /** The number of its next line. */
  next: number;
  /** Numbers that were passed over. */
  missing: Set<number>;
}

export class Hearing {
  /** Lines of the crowd that came. */
  deliveries = 0;
  readonly #senders: Sender[];
  readonly #transcript = createHash("sha256");
  /** In latin1: a character for each byte. */
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

  /** Whether the last line of everybody has been heard. */
  get complete(): boolean {
    return this.#senders.every(({ next }, sender) => next === this.ledger.count(sender));
  }

  /** Nothing more will come: what has not been heard is lost. */
  conclude(): void {
    this.#senders.forEach((sender, at) => this.#skip(sender, this.ledger.count(at)));
    if (this.#pending !== "" || this.#head !== undefined) this.#damaged++;
  }

  get faults(): Faults {
    const lost = this.#senders.reduce((sum, { missing }) => sum + missing.size, 0);
    const [doubled, disordered, damaged] = [this.#doubled, this.#disordered, this.#damaged];
    return { lost, doubled, disordered, damaged };
  }

  /** All that was heard since the crowd began to speak, in short. */
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

  /** Its lines up to this one are missing. */
  #skip(sender: Sender, number: number): void {
    while (sender.next < number) sender.missing.add(sender.next++);
  }
}

/** Whether making it safe changes nothing. */
function isSafe(line: string): boolean {
  const bytes = Buffer.from(line, "latin1");
  return sanitized(bytes).equals(bytes);
}
