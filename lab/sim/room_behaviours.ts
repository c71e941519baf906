/**
 * Behaviours of clients in the chat with names and rooms, in addition to those of behaviours.ts.
 */
import type { Random } from "../world/random.js";
import { SECOND_NS } from "../world/world.js";
import { BEHAVIOURS, type Behaviour, does, talk, write } from "./behaviours.js";
import { name, SUBJECTS, typed } from "./commands.js";
import * as lines from "./lines.js";

type Line = (random: Random) => Buffer;

/** Writes commands of one kind, and messages between them. */
function about(share: number, line: Line): Behaviour {
  return (random, client, from) => {
    if (random.chance(0.5)) write(client, from, Buffer.from(`/nick ${name(random)}\n`));
    const end = talk(random, client, from, (at) =>
      write(client, at, random.chance(share) ? line(random) : lines.chat(random)),
    );
    if (random.chance(0.2)) write(client, end, Buffer.from("/quit\n"));
    else if (random.chance(0.3)) does(client, end, random.pick(["end", "close", "reset"]));
  };
}

const sociable = about(0.5, (random) => typed(random));
const namer = about(0.7, (random) => typed(random, SUBJECTS.NAMING));
const wanderer = about(0.7, (random) => typed(random, SUBJECTS.MOVING));
const whisperer = about(0.8, (random) => typed(random, SUBJECTS.WHISPERING));
const historian = about(0.4, (random) => typed(random, SUBJECTS.LOOKING_BACK));

/** Joins several rooms, and keeps lists of their members. */
const roamer: Behaviour = (random, client, from) => {
  write(
    client,
    from,
    Buffer.from("/style json2\n/who\n/join tea\n/who tea\n/join den\n/who den\n"),
  );
  about(0.6, (one) => typed(one, SUBJECTS.IN_ROOMS))(random, client, from + 1);
};
const operator = about(0.6, (random) => typed(random, SUBJECTS.OPERATING));

/** Writes many lines at once. */
const hasty: Behaviour = (random, client, from) => {
  for (let left = random.between(1, 3); left > 0; left--) {
    const at = random.between(Math.floor(from), client.lastAt);
    const all = Array.from({ length: random.between(2, 40) }, () =>
      random.chance(0.6) ? typed(random) : lines.chat(random),
    );
    write(client, at, Buffer.concat(all));
  }
};

/** Asks for as much output as possible, and does not read it, or reads it late. */
const greedy: Behaviour = (random, client, from) => {
  const word = random.pick(["/help\n", "/history 999\n", "/rooms\n", "/help\n/who\n"]);
  if (random.chance(0.7)) client.events.push({ act: "pause", at: from, client: client.client });
  write(client, from + 1, Buffer.from(word.repeat(random.between(1, 300))));
  const until = random.between(Math.floor(from), client.lastAt);
  if (random.chance(0.5)) client.events.push({ act: "resume", at: until, client: client.client });
};

/** Reads objects, disconnects, and asks for the missed messages when it connects again. */
const bot: Behaviour = (random, client, from) => {
  const { client: number, events, lastAt } = client;
  let at = from;
  events.push({ act: "since", at, client: number });
  while (at < lastAt && random.chance(0.8)) {
    const until = at + random.below(Math.min(lastAt - at, 10 * SECOND_NS) + 1);
    for (; at < until; at += random.below(4 * SECOND_NS)) {
      if (random.chance(0.5)) write(client, at, lines.chat(random));
    }
    does(client, until, random.pick(["end", "close", "reset"]));
    at = until + random.below(5 * SECOND_NS);
    events.push({ act: "connect", at, client: number });
    events.push({ act: "since", at, client: number });
  }
};

/** Writes more than the rate limit allows, for a while. */
const flooding: Behaviour = (random, client, from) => {
  const step = random.pick([0.1, 0.5, 1]) * SECOND_NS;
  const each = random.pick([3, 30, 300]);
  let at = from;
  for (let left = random.between(2, 30); left > 0 && at < client.lastAt; left--, at += step) {
    write(client, at, Buffer.from("flood\n".repeat(random.between(1, each))));
  }
};

const paste: Behaviour = (random, client, from) => {
  const all = Array.from({ length: random.between(20, 200) }, () => lines.chat(random));
  write(client, from + random.below(SECOND_NS), Buffer.concat(all));
};

export const ROOM_BEHAVIOURS: readonly Behaviour[] = [
  ...[sociable, sociable, sociable, namer, namer, wanderer, wanderer, whisperer, whisperer],
  ...[
    roamer,
    roamer,
    roamer,
    operator,
    historian,
    hasty,
    greedy,
    bot,
    bot,
    flooding,
    paste,
    ...BEHAVIOURS,
  ],
];
