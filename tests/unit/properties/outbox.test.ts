/** Outboxes deliver each byte once and in order, whatever their sockets do. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { LONG, RUNS } from "./support/drawn.js";
import { Parts } from "./support/parts.js";

const AGAIN = 6;
const PIPE = 64;
const LF = 0x0a;
const OUTBOXES = 3;

type Act =
  | { act: "say"; line: string; to: number }
  | { act: "finish" }
  /** The socket's result at each attempt; the last one repeats. */
  | { act: "flush"; who: number; takes: number[] }
  | { act: "break" | "drop" | "clear"; who: number };

const who = fc.nat({ max: OUTBOXES - 1 });
const text = fc.oneof(fc.constant("x".repeat(3000)), fc.string({ unit: "binary", maxLength: 20 }));
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constant("say" as const),
      line: text.map((one) => `${one.replaceAll("\n", "")}\n`),
      to: fc.integer({ min: 0, max: (1 << OUTBOXES) - 1 }),
    }),
  },
  fc.record({ act: fc.constant("finish" as const) }),
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant("flush" as const),
      who,
      takes: fc.array(fc.oneof(fc.constantFrom(0, 1, Infinity), fc.nat({ max: 90 })), {
        maxLength: 3,
      }),
    }),
  },
  fc.record({ act: fc.constantFrom("break" as const, "drop" as const, "clear" as const), who }),
);

/** One client: what it is owed, and the last byte that it got. */
class Client {
  owed: Buffer = Buffer.alloc(0);
  last = LF;

  constructor(
    private readonly parts: Parts,
    private readonly number: number,
  ) {}

  say(line: Buffer): void {
    this.owed = Buffer.concat([this.owed, line]);
  }

  flush(takes: readonly number[]): void {
    let attempt = 0;
    let stopped = this.owed.length === 0;
    this.parts.sockets.set(this.number, (offered) => {
      const isNext = offered.equals(this.owed.subarray(0, offered.length));
      if (stopped || offered.length === 0 || !isNext)
        throw new Error(`offered ${offered.toString("hex")}`);
      const most = takes[Math.min(attempt++, takes.length - 1)] ?? 0;
      const taken = Math.min(most, offered.length);
      this.last = offered[taken - 1] ?? this.last;
      this.owed = this.owed.subarray(taken);
      stopped = taken < offered.length || this.owed.length === 0;
      return taken === 0 ? -AGAIN : taken;
    });
    expect(this.parts.call("flush", this.number)).toBe(0);
    // It is asked until it has taken everything, or less than it was offered.
    expect(stopped).toBe(true);
  }

  break(): void {
    this.parts.sockets.set(this.number, () => -PIPE);
    expect(this.parts.call("flush", this.number)).toBe(this.owed.length === 0 ? 0 : -PIPE);
  }

  /** Drops all but the rest of a line that was sent in part. */
  drop(): void {
    const rest = this.last === LF ? 0 : this.owed.indexOf(LF) + 1;
    this.owed = this.owed.subarray(0, rest);
    this.parts.call("dropAfterLine", this.number);
  }

  clear(): void {
    this.owed = Buffer.alloc(0);
    this.last = LF;
    this.parts.call("clear", this.number);
  }
}

function say(parts: Parts, clients: readonly Client[], line: Buffer, to: number): void {
  let from = parts.callWith("write", line);
  if (from < 0) {
    parts.call("finishChunk");
    from = parts.callWith("write", line);
  }
  clients.forEach((client, number) => {
    if ((to & (1 << number)) === 0) return;
    client.say(line);
    parts.call("owe", number, from, from + line.length);
  });
}

test("each byte is sent once and in order, whatever the sockets take", () => {
  fc.assert(
    fc.property(fc.array(act, { ...LONG, maxLength: 120 }), (acts) => {
      const parts = new Parts();
      const clients = Array.from({ length: OUTBOXES }, (_, number) => new Client(parts, number));
      for (const one of acts) {
        if (one.act === "say") say(parts, clients, Buffer.from(one.line), one.to);
        else if (one.act === "finish") parts.call("finishChunk");
        else if (one.act === "flush") clients[one.who]?.flush(one.takes);
        else clients[one.who]?.[one.act]();
        clients.forEach((client, number) => {
          const owed = parts.call("owed", number);
          if (owed !== client.owed.length) expect(owed).toBe(client.owed.length);
        });
      }
      parts.call("finishChunk");
      for (const client of clients) client.flush([Infinity]);
      expect(parts.call("bytesInUse")).toBe(0);
    }),
    { ...RUNS, numRuns: 150 },
  );
});
