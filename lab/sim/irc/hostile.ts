/**
 * Lines that no IRC client sends: broken lines, lines beyond the limits, and valid lines with
 * changed bytes.
 */
import type { Random } from "../../world/random.js";

const COMMANDS = [
  ...["PRIVMSG #tea :hi", "JOIN #tea,#den,,# key", "MODE #tea +ovbk a b c d", "WHO * %tcx,9999"],
  ...["NICK :", "USER", "CAP", "CAP REQ", "CAP REQ :-", "CAP END", "CAP LS x", "PART", "PING", ":"],
  ...["KICK #tea a,b,c", "INVITE a", "TOPIC #tea", "CHATHISTORY BETWEEN #tea * * 0", "MONITOR S"],
  ...[
    "CHATHISTORY AROUND #tea msgid=1-1 -5",
    "MARKREAD #tea timestamp=x",
    "TAGMSG #tea",
    "OPER x y",
  ],
  ...[
    "MONITOR + a,,b",
    "MONITOR L",
    "LIST >0,T<5,*a*",
    "WHOWAS a 99",
    "USERHOST a b c d e f",
    "HELP",
  ],
  ...["NAMES #tea,#den", "AWAY", "SETNAME :", "NOTICE @#tea :x", "PRIVMSG a,b,c,d,e :x", "STATS u"],
  ...[":x!y@z JOIN #tea", "@a=b;a=c;+d PRIVMSG #tea :x", "@ JOIN #tea", "@+a= PING x", "privmsg"],
];
const BROKEN = [
  ...["c0af", "eda080", "f4908080", "e282", "f09f98", "ff", "00", "0d", "07", "1b5b324a", "e280ae"],
].map((hex) => Buffer.from(hex, "hex"));
/** Bytes around the limits of a line, of its tags, and of both. */
const SIZES = [100, 500, 509, 510, 511, 512, 600, 4094, 4095, 4096, 4600, 5000, 9000];

type Line = (random: Random) => Buffer;

const KINDS: readonly Line[] = [
  (random) => Buffer.from(random.pick(COMMANDS)),
  (random) => Buffer.from(random.pick(COMMANDS).repeat(random.between(2, 9))),
  (random) => Buffer.from(`PRIVMSG #tea :${"x".repeat(random.pick(SIZES))}`),
  (random) => Buffer.from(`@a=${"x".repeat(random.pick(SIZES))} PING x`),
  (random) => Buffer.from(`MODE ${"#tea ".repeat(random.pick([14, 15, 16, 100]))}`),
  (random) => changed(random, Buffer.from(random.pick(COMMANDS))),
  (random) => changed(random, Buffer.from(random.pick(COMMANDS))),
];

/** Returns a hostile line, mostly with an end. */
export function hostileLine(random: Random): Buffer {
  const end = random.pick(["\r\n", "\r\n", "\n", "\r", "\r\n\r\n", ""]);
  return Buffer.concat([random.pick(KINDS)(random), Buffer.from(end)]);
}

/** Inserts bytes, or changes them, at some places. */
function changed(random: Random, line: Buffer): Buffer {
  let all = line;
  for (let left = random.between(1, 4); left > 0; left--) {
    const at = random.below(all.length + 1);
    const piece = random.chance(0.5) ? random.pick(BROKEN) : Buffer.of(random.below(256));
    const rest = all.subarray(random.chance(0.5) ? at : Math.min(at + 1, all.length));
    all = Buffer.concat([all.subarray(0, at), piece, rest]);
  }
  return all;
}
