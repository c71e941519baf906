/** Mutations of inputs: small random changes to bytes. */
import type { Random } from "../world/random.js";
import { ACT_SHIFT, ACTS, AT_ONCE, CLIENTS, INPUT_BYTES } from "./world_of.js";

/** Bytes that matter in lines, in UTF-8 or in lengths. */
const BYTES = [
  ...[0, 1, 2, 7, 8, 9, 10, 13, 16, 17, 27, 31, 32, 127, 128, 159, 160, 191, 192, 193, 194],
  ...[223, 224, 226, 237, 239, 240, 244, 245, 254, 255],
];
const WORDS = [
  ...["\n", "\r\n", "quit\n", "quit\r\n", "\x1b[2J", "\t", "é", "你", "🙂", "\u0085", "\u202e"],
  ...["\u2066", "\u061c", "\ufeff", "\ufffd", "who\n", "status\n", "x".repeat(17), "hello\n"],
].map((text) => Buffer.from(text));
const COMMANDS = [
  ...["/help", "/help nick", "/nick ann", "/nick bob", "/nick b0b", "/nick Ivan", "/nick lvan"],
  ...["/nick all", "/nick client-1", "/nick 1.2.3.4", "/nick a/b", "/nick -x", "/nick annа"],
  ...["/nick 你好", "/nick zoé", "/join tea", "/join chess", "/join den", "/join lobby", "/part"],
  ...["/rooms", "/who", "/who tea", "/whois ann", "/msg ann hi", "/msg bob x", "/reply yes"],
  ...["/msg client-2 x", "/me waves", "/topic tea", "/topic", "/history", "/history 2", "/away"],
  ...["/history since 1", "/history since 9", "/away gone", "/ignore bob", "/ignore", "/ping a"],
  ...["/ignore client-1", "/style json", "/style line", "/style", "/ping", "/quit", "//x", "/x"],
  ...["/style json2", "/in tea hello", "/in lobby /part", "/op bob", "/deop bob", "/voice bob"],
  ...["/devoice bob", "/kick bob", "/kick bob why", "/invite bob", "/mode", "/mode b", "/mode e"],
  ...["/mode +b bob", "/mode -b bob", "/mode +b *!*@*", "/mode +e ann", "/mode +I bob!*@*"],
  ...["/mode +m", "/mode -m+s", "/mode +ik key", "/mode -ik key", "/mode +l 1", "/mode -l"],
  ...["/mode +ov bob ann", "/mode +x", "/mode +k :a", "/join tea key", "op ann", "op ann tea"],
  ...["deop ann"],
  ...["clients", "rooms", "closed", "kick ann bye", "kick client-1", "say hi", "help", "quit"],
  ...["set rate 1", "set burst 4", "set idle-seconds 1", "set history 1", "set max-line 16"],
  ...["set address-rate 1", "set max-clients 1", "set style json", "set x", "set rate x"],
  ...["limits", "drain 1", "drain 0", "drain x", "stats", "bans", "mutes", "ban ann 1m x"],
  ...["ban client-1", "ban 1.2.3.4", "ban 1.2.0.0/16 2s", "unban ann", "mute bob 2s", "mute ann"],
  ...["unmute ann", "unmute bob", "unban 1.2.3.4", "mute 1.2.3.4"],
  ...["PROXY TCP4 1.2.3.4 5.6.7.8 9 10\r", "PROXY TCP6 1::2 ::1 9 10\r", "PROXY UNKNOWN\r"],
  ...["NICK ann\r\nUSER a 0 * :A", "NICK bob\r\nUSER b 0 * :B", "JOIN #tea", "JOIN #tea,#den x"],
  ...["CAP LS 302", "CAP END", "CAP LIST", "CAP REQ :batch labeled-response server-time"],
  ...["CAP REQ :message-tags echo-message extended-join away-notify setname invite-notify"],
  ...["CAP REQ :draft/chathistory draft/event-playback draft/read-marker extended-monitor"],
  ...["CAP REQ :multi-prefix userhost-in-names chghost cap-notify standard-replies -batch"],
  ...["PRIVMSG #tea :hi", "PRIVMSG bob :hi", "NOTICE @#tea :x", "@+a=b;label=1 TAGMSG #tea"],
  ...["PRIVMSG #tea :\x01ACTION waves\x01", "PRIVMSG bob :\x01VERSION\x01", "PING x", "PONG x"],
  ...["PART #tea :x", "KICK #tea bob :x", "INVITE bob #tea", "TOPIC #tea :x", "TOPIC #tea", "QUIT"],
  ...["MODE #tea +ovb bob bob a!*@*", "MODE #tea +ikl key 3", "MODE #tea beI", "MODE ann +iwB"],
  ...["NAMES #tea", "WHO #tea %tcuhnfdar,7", "WHO * o", "WHOIS ann,bob", "WHOWAS ann 2", "LIST >0"],
  ...[
    "CHATHISTORY LATEST #tea * 9",
    "CHATHISTORY BEFORE #tea timestamp=2026-01-01T00:00:00.000Z 9",
  ],
  ...["CHATHISTORY AROUND #tea msgid=1-1 3", "CHATHISTORY TARGETS timestamp=2026-01-01T00:00:00Z"],
  ...["MARKREAD #tea timestamp=2026-01-01T00:00:00.000Z", "MARKREAD #tea", "MONITOR + ann,bob"],
  ...["MONITOR S", "MONITOR L", "MONITOR - ann", "MONITOR C", "AWAY :gone", "AWAY", "SETNAME :x"],
  ...["ISON ann bob", "USERHOST ann", "LUSERS", "MOTD", "STATS u", "HELP LIST", "INFO", "OPER a b"],
  ...["@label=2 PING x", "@label=3 JOIN #den", "@label=4 WHO #tea", "PASS x", "ERROR", "LINKS"],
].map((text) => Buffer.from(`${text}\n`));
const BROKEN = [
  ...["c0af", "eda080", "f4908080", "e282", "f09f98", "c3", "e08080", "f0808080"],
  ...["c285", "e280ae", "f48fbfbf", "ee8080"],
].map((hex) => Buffer.from(hex, "hex"));
const PIECE_MOST = 16;
const STEPS_BITS = 5;

type Step = (random: Random, input: Buffer, other: Uint8Array) => Buffer;

const flipBit: Step = (random, input) =>
  setAt(input, random, (old) => old ^ (1 << random.below(8)));
const setByte: Step = (random, input) => setAt(input, random, () => random.below(256));
const setKnown: Step = (random, input) => setAt(input, random, () => random.pick(BYTES));
const nudge: Step = (random, input) => setAt(input, random, (old) => old + random.between(-4, 4));

const insertNoise: Step = (random, input) => {
  const noise = Buffer.alloc(random.between(1, PIECE_MOST));
  random.fill(noise);
  return insert(input, random, noise);
};
const insertWord: Step = (random, input) => insert(input, random, word(random));
const overwriteWithWord: Step = (random, input) => {
  const copy = Buffer.from(input);
  word(random).copy(copy, random.below(copy.length));
  return copy;
};
/** Inserts an act of a client or of the console. */
const insertAct: Step = (random, input) => {
  const act = (random.below(ACTS.length) << ACT_SHIFT) | random.below(CLIENTS);
  const head = act | (random.chance(0.3) ? AT_ONCE : 0);
  if (random.chance(0.4)) return insert(input, random, Buffer.of(head, random.below(256)));
  const said = random.pick(random.chance(0.5) ? COMMANDS : WORDS);
  return insert(input, random, Buffer.concat([Buffer.of(head, said.length), said]));
};
const remove: Step = (random, input) => {
  const [from, to] = range(random, input);
  return Buffer.concat([input.subarray(0, from), input.subarray(to)]);
};
const repeat: Step = (random, input) => {
  const [from, to] = range(random, input);
  return insert(input, random, input.subarray(from, to));
};
const takeFromOther: Step = (random, input, other) => {
  const [from, to] = range(random, other);
  return insert(input, random, other.subarray(from, to));
};
const splice: Step = (random, input, other) => {
  const head = input.subarray(0, random.below(input.length + 1));
  return Buffer.concat([head, other.subarray(random.below(other.length + 1))]);
};

const STEPS: readonly Step[] = [
  ...[flipBit, setByte, setKnown, nudge, insertNoise, insertWord, insertWord, overwriteWithWord],
  ...[insertAct, insertAct, remove, remove, repeat, takeFromOther, takeFromOther, splice],
];

/** Applies a few random mutations. @param other another input, to take parts from */
export function mutate(random: Random, input: Uint8Array, other: Uint8Array): Buffer {
  let changed = Buffer.from(input);
  for (let left = 1 << random.below(STEPS_BITS); left > 0; left--) {
    const step = changed.length === 0 ? insertAct : random.pick(STEPS);
    changed = Buffer.from(step(random, changed, other).subarray(0, INPUT_BYTES));
  }
  return changed;
}

function word(random: Random): Buffer {
  if (random.chance(0.3)) return random.pick(BROKEN);
  return random.pick(random.chance(0.5) ? COMMANDS : WORDS);
}

function setAt(input: Buffer, random: Random, value: (old: number) => number): Buffer {
  const at = random.below(input.length);
  const copy = Buffer.from(input);
  copy[at] = value(copy[at] ?? 0);
  return copy;
}

function insert(input: Buffer, random: Random, piece: Uint8Array): Buffer {
  const at = random.below(input.length + 1);
  return Buffer.concat([input.subarray(0, at), piece, input.subarray(at)]);
}

/** Returns a random range of an input, mostly a short one. */
function range(random: Random, input: Uint8Array): [number, number] {
  const from = random.below(input.length);
  const most = random.chance(0.8) ? PIECE_MOST : input.length;
  return [from, Math.min(input.length, from + 1 + random.below(most))];
}
