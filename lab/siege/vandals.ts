/**
 * Attackers that cost the server more than they send: they come and go, come back with a new burst,
 * ask for long answers, paste long lines, whisper and leave, and create rooms.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { type Attack, Attacker, outcome, type Outcome, type Ports } from "./attackers.js";
import type { Plan } from "./plan.js";

const PASTE_BYTES = 4000;
const BURST_LINES = 400;
/** The time between two rounds of one attacker. */
const ROUND_MS = 20;
/** The rate of a client that reads slowly: 1 Mbit/s. It reads some bytes, then pauses. */
const READER_BYTES_PER_SECOND = 125_000;
const MS_PER_SECOND = 1000;

/** The attacks of this file, by name. */
export const VANDALS: Record<string, Attack> = {
  churn: (plan, ports) =>
    repeat(plan, "connect and close", async () => {
      const one = new Attacker(ports.open);
      await one.opened;
      one.end();
    }),
  pings: (plan, ports) =>
    repeat(plan, "connect, say a word and close", async () => {
      const one = new Attacker(ports.open);
      one.say("/ping\n");
      await one.answered;
      one.end();
    }),
  bursts: (plan, ports) =>
    repeat(plan, `connect again for each burst of ${BURST_LINES} lines`, async () => {
      const one = new Attacker(ports.open);
      one.say("burst\n".repeat(BURST_LINES));
      await Promise.race([one.closed, sleep(MS_PER_SECOND)]);
      one.end();
    }),
  whispers: (plan, ports) =>
    repeat(plan, "whisper to the one before and leave", async (round) => {
      const one = new Attacker(ports.open);
      one.say(`/nick w${round}\n/msg w${round - 1} psst\n`);
      await one.answered;
      one.end();
    }),
  answers: (plan, ports) =>
    stay(plan, ports, "ask for /rooms again and again", (one) => one.send("/rooms\n".repeat(1000))),
  rooms: (plan, ports) =>
    stay(plan, ports, "create rooms", (one, at) => one.send(roomsOf(at).repeat(10))),
  pastes: (plan, ports) =>
    stay(plan, ports, "paste 4 KB lines", (one) => one.send(`${"x".repeat(PASTE_BYTES)}\n`)),
  readers,
};

function roomsOf(attacker: number): string {
  return Array.from({ length: 100 }, (_, at) => `/join r${attacker}-${at}\n`).join("");
}

/** Some attackers do a thing again and again until the end. @returns the number of times */
async function repeat(
  { vandals, duringSeconds }: Plan,
  kind: string,
  act: (round: number) => Promise<void>,
): Promise<Outcome> {
  const end = performance.now() + duringSeconds * MS_PER_SECOND;
  let rounds = 0;
  const loop = async () => {
    while (performance.now() < end) {
      await act(++rounds);
      await sleep(ROUND_MS);
    }
  };
  await Promise.all(Array.from({ length: vandals }, loop));
  return { kind: `${vandals} ${kind}`, fates: { rounds } };
}

/** Some attackers stay, and send as fast as the server reads. */
function stay(
  { vandals, duringSeconds }: Plan,
  { open }: Ports,
  kind: string,
  act: (one: Attacker, at: number) => Promise<void>,
): Promise<Outcome> {
  const attackers = Array.from({ length: vandals }, () => new Attacker(open));
  attackers.forEach((one, at) => void act(one, at));
  return outcome(`${vandals} ${kind}`, attackers, sleep(duringSeconds * MS_PER_SECOND));
}

/** Readers of 1 Mbit/s are no attackers: the report only lists their closes. */
async function readers({ vandals, duringSeconds }: Plan, { open }: Ports): Promise<Outcome> {
  const slow = Array.from({ length: vandals }, () => new Attacker(open));
  for (const one of slow) one.readSlowly(READER_BYTES_PER_SECOND);
  const end = sleep(duringSeconds * MS_PER_SECOND);
  return outcome(`${vandals} read 1 Mbit/s`, slow, end);
}
