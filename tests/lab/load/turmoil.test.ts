/** Many clients that connect, write in pieces, fall silent and vanish, at random from a seed. */
import { expect, test } from "vitest";
import { STAMP, type Client } from "../../contract/conversations/support/client.js";
import { startProgram } from "../../contract/conversations/support/server.js";
import { until } from "../../support/wait.js";

const MEBIBYTE = 1024 * 1024;
const STEPS = 4_000;
const CROWD_MOST = 40;

/** Numbers from a seed: a linear congruence, of which the upper bits are good. */
function randomness(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Says numbered lines, in pieces. */
class Talker {
  said = 0;
  #unsent = Buffer.alloc(0);

  constructor(
    readonly client: Client,
    private readonly id: number,
  ) {}

  talk(random: (below: number) => number): void {
    const line = `talker ${this.id} line ${this.said++} ${"é".repeat(random(60))}\r\n`;
    this.#unsent = Buffer.concat([this.#unsent, Buffer.from(line)]);
    const cut = random(this.#unsent.length + 1);
    this.client.send(this.#unsent.subarray(0, cut));
    this.#unsent = this.#unsent.subarray(cut);
  }
}

/** All lines that were said, by whom and in which order; checks their form. */
function transcriptOf(heard: string): string[] {
  const lines = heard.split("\n");
  expect(lines.pop()).toBe("");
  const said: string[] = [];
  for (let at = 0; at < lines.length; at += 2) {
    expect(lines[at]).toMatch(new RegExp(`^${STAMP} client-\\d+$`));
    said.push(lines[at + 1] ?? "");
  }
  return said;
}

/** Returns what a client received, up to a given last line. */
async function heardUntil(client: Client, last: string): Promise<string[]> {
  await until(`"${last}" is heard`, () => client.heard.toString().endsWith(`\n${last}\n`));
  return transcriptOf(client.takeAll().toString());
}

test.each([1, 2, 3])(
  "turmoil %i: those who stay hear the same, whole and in order",
  async (seed) => {
    const server = await startProgram("chat", ["--hard-limit", "268435456"]);
    const random = randomness(seed);
    const witnesses = [await server.join(), await server.join()];
    let crowd: Talker[] = [];
    let talkers = 0;
    const steps: ((talker: Talker) => void)[] = [
      ({ client }) => client.reset(),
      ({ client }) => client.leave(),
      ({ client }) => client.halfClose(),
      ({ client }) => client.send("\nquit\n"),
      ({ client }) => client.stopReading(),
      ({ client }) => client.readAgain(),
    ];
    for (let step = 0; step < STEPS; step++) {
      if (crowd.length < CROWD_MOST && random(4) === 0)
        crowd.push(new Talker(await server.connect(), talkers++));
      const talker = crowd[random(crowd.length)];
      if (talker === undefined) continue;
      const action = random(60);
      if (action >= steps.length) talker.talk(random);
      else {
        steps[action]?.(talker);
        if (action < 4) crowd = crowd.filter((each) => each !== talker);
      }
    }
    for (const { client } of crowd) client.leave();
    const gone = (): number => server.stderr.match(/ is gone: /g)?.length ?? 0;
    await until("all are gone", () => gone() === talkers);
    expect(server.stderr).not.toContain("too slow");
    witnesses[0]?.say("silence");
    const [first = [], second = []] = await Promise.all(
      witnesses.map((client) => heardUntil(client, "silence")),
    );
    expect(first.length).toBeGreaterThan(STEPS / 10);
    expect(first).toEqual(second);
    const next = new Map<string, number>();
    for (const line of first) {
      const whole = /^talker (\d+) line (\d+) é*$/.exec(line);
      if (whole === null) {
        // A last line, cut where its speaker ended; "talker 1" may be all of it.
        expect(line).toMatch(/^(silence|t(a(l(k(e(r( .*)?)?)?)?)?)?)$/);
        continue;
      }
      const [, who = "", number] = whole;
      expect(Number(number)).toBe(next.get(who) ?? 0);
      next.set(who, Number(number) + 1);
    }
  },
);

test("ten thousand who come, talk and vanish leave nothing behind", async () => {
  // What one of them leaves would show: a thousand bytes each are 10 MB.
  const server = await startProgram("chat", ["--address-arrivals", "0"], {
    maxMemoryBytes: 6 * MEBIBYTE,
  });
  const stays = await server.join();
  for (let round = 0; round < 50; round++) {
    const crowd = await Promise.all(Array.from({ length: 200 }, () => server.connect()));
    for (const [at, client] of crowd.entries()) {
      client.send(at % 20 === 0 ? "hello\nhalf a li" : "half a li");
      if (at % 2 === 0) client.reset();
      else client.leave();
    }
    await server.logs(new RegExp(`^client-${(round + 1) * 200 + 1} joined`, "m"));
  }
  await until("all are gone", () => server.stderr.endsWith("(1 here)\n"));
  stays.takeAll();
  stays.say("peace");
  await stays.expectSaid("client-1", "peace");
});
