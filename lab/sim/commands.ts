/** Random slash commands, valid and invalid, and the names that clients choose. */
import type { Random } from "../world/random.js";
import * as lines from "./lines.js";

/** Few names, so that clients collide; several of them look alike. */
const NAMES = [
  ...["ann", "Ann", "bob", "b0b", "Bob", "carol", "dave", "eve", "ivan", "Ivan", "lvan", "1van"],
  ...["zoé", "Zoe\u0301", "mike", "rnike", "你好", "сору", "copy", "Ali", "_x", "a.b-c", "жук"],
];
const BAD_NAMES = [
  ...[
    "all",
    "a11",
    "Server",
    "s-e-r-v-e-r",
    "client-7",
    "client7",
    "guest-7f3a",
    "Guestl0",
    "guest",
    "1st",
    "-x",
    "x-",
    "x.",
    "*",
  ],
  ...["*star", "a/b", "annа", "x".repeat(33), "你".repeat(22), "203.0.113.7", "10.0.0.1:80"],
  ...["\x1b[1m", "a\ufffdb", "\u0301x", "🙂", "a\u202eb", ".", "me"],
];
const ROOMS = [
  ...[
    "lobby",
    "Lobby",
    "tea",
    "TEA",
    "t3a",
    "chess",
    "games",
    "gàmes",
    "书房",
    "den",
    "attic",
    "yard",
  ],
];
const TEXTS = [
  ...["hello", "a  b", 'say "hi" \\ bye', "tab\there", "  led", "/me", "* ann left", "é 🙂", "x"],
  ...["{}", "* closed", "since 1", "\u2028", "y".repeat(299), "z".repeat(300), "w".repeat(301)],
  ...["🙂".repeat(150), "🙂".repeat(151), "\x07\x7f"],
];

export function name(random: Random): string {
  if (random.chance(0.15)) return `client-${random.between(1, 9)}`;
  return random.pick(random.chance(0.85) ? NAMES : BAD_NAMES);
}

export function room(random: Random): string {
  return random.pick(random.chance(0.9) ? ROOMS : BAD_NAMES);
}

function text(random: Random): string {
  return random.pick(TEXTS);
}

function known(random: Random): string {
  const words = ["nick", "/join", "HELP", "/nothing", "msg", "who is", "\x1b"];
  return random.pick(words);
}

type Typed = (random: Random) => string;

const NAMING: readonly Typed[] = [
  (random) => `/nick ${name(random)}`,
  (random) => `/whois ${name(random)}`,
  () => "/who",
];
const MOVING: readonly Typed[] = [
  (random) => `/join ${room(random)}`,
  (random) => `/join ${room(random)}`,
  () => "/part",
  () => "/rooms",
  (random) => `/who ${room(random)}`,
  (random) => `/topic ${text(random)}`,
  () => "/topic",
];
const WHISPERING: readonly Typed[] = [
  (random) => `/msg ${name(random)} ${text(random)}`,
  (random) => `/msg ${name(random)} ${text(random)}`,
  (random) => `/reply ${text(random)}`,
  (random) => `/away ${random.chance(0.5) ? text(random) : ""}`,
  (random) => `/ignore ${name(random)}`,
  () => "/ignore",
];
const LOOKING_BACK: readonly Typed[] = [
  (random) => `/history ${random.pick(["", "0", "1", "5", "999", "since 0"])}`,
  (random) => `/history since ${random.below(60)}`,
  (random) => `/history ${random.pick(["x", "since", "since x", "1 2", "-1", "9".repeat(18)])}`,
];
const OTHERS: readonly Typed[] = [
  (random) => `/me ${text(random)}`,
  (random) => `/style ${random.pick(["", "line", "json", "JSON", "json2", "tutorial", "plain"])}`,
  (random) => `/ping ${random.chance(0.5) ? text(random) : ""}`,
  (random) => `/help ${random.chance(0.7) ? known(random) : ""}`,
  (random) => `//${text(random)}`,
  (random) => `/in ${room(random)} ${random.pick(["hello", "/topic", "/me waves", "/who", ""])}`,
  (random) => `/${random.pick(["in", "IN  tea x", "in a /in b c", "in tea  //x", "in tea \t"])}`,
  (random) =>
    random.pick(["/", "/ nick x", "/nick", "/nick a b", "/part x", "/msg ann", "/quit x"]),
  (random) =>
    random.pick(["/frobnicate", "/NICK Bob", "/Who", "/reply", "/me", "/join", "/nick\t"]),
  (random) => `/${"q".repeat(random.between(25, 40))}🙂`,
];

/** Lines for one of several rooms, and lists of members. */
const IN_ROOMS: readonly Typed[] = [
  () => "/style json2",
  (random) => `/join ${room(random)}`,
  (random) => `/join ${room(random)}`,
  (random) => `/who ${room(random)}`,
  (random) => `/in ${room(random)} ${random.pick(["/who", "hello", "/part", "/me waves"])}`,
  (random) => `/in ${room(random)} ${random.pick([MOVING, OPERATING])[0]?.(random) ?? ""}`,
  (random) => `/nick ${name(random)}`,
];
const MODES = [
  ...["+i", "-i", "+m", "-m", "+s", "+t-n", "+C", "+k key", "-k x", "+l 1", "+l 3", "-l", "b"],
  ...["e", "I", "+x", "+l", "+l 0", "+k a,b", "+o", "+imst-n", `+${"it".repeat(11)}`, "+-+"],
];
const MASKS = ["*", "a*", "?nn", "*o*!*@*", "x@y", "ann!x"];
const OPERATING: readonly Typed[] = [
  (random) => `/${random.pick(["op", "deop", "voice", "devoice"])} ${name(random)}`,
  (random) => `/kick ${name(random)}${random.chance(0.5) ? ` ${text(random)}` : ""}`,
  (random) => `/invite ${name(random)}`,
  (random) => `/mode${random.chance(0.8) ? ` ${random.pick(MODES)}` : ""}`,
  (random) => `/mode ${sign(random)}${random.pick(["b", "e", "I"])} ${mask(random)}`,
  (random) => `/mode ${sign(random)}ob ${name(random)} ${mask(random)}`,
  (random) => `/join ${room(random)} key`,
];

function sign(random: Random): string {
  return random.chance(0.7) ? "+" : "-";
}

function mask(random: Random): string {
  return random.chance(0.5) ? name(random) : random.pick(MASKS);
}

export const SUBJECTS = {
  ...{ NAMING, MOVING, WHISPERING, LOOKING_BACK, OTHERS, IN_ROOMS, OPERATING },
};
const ALL = [NAMING, MOVING, WHISPERING, LOOKING_BACK, OTHERS, OPERATING];

/** Returns a random line, with a command of the given kinds. */
export function typed(random: Random, subject: readonly Typed[] = random.pick(ALL)): Buffer {
  const line = Buffer.from(`${random.pick(subject)(random)}\n`);
  if (!random.chance(0.05)) return line;
  const end = lines.hostile(random);
  return Buffer.concat([line.subarray(0, -1), Buffer.from(" "), end, Buffer.from("\n")]);
}

/** Returns a name, an address or a network, as the target of an operator command. */
function whoIs(random: Random): string {
  if (random.chance(0.5))
    return random.chance(0.7) ? name(random) : `client-${random.between(1, 9)}`;
  const last = random.between(1, 9);
  const somewhere = [`203.0.113.${last}`, "203.0.113.0/29", `203.0.113.${last}:5`, "0.0.0.0/0"];
  return random.pick([...somewhere, "1.2.3/4"]);
}

/** Returns a target with a time and a reason, valid or invalid. */
function whom(random: Random): string {
  const time = random.pick(["", " 2s", " 9s", " 1m", " 1000s", " 2x", " 3d"]);
  return `${whoIs(random)}${time}${random.chance(0.3) ? " for  spam" : ""}`;
}

/** Returns a random operator command. */
export function atConsole(random: Random): string {
  const kinds: readonly Typed[] = [
    () => random.pick(["help", "clients", "rooms", "closed", "kick", "say", "who"]),
    () => `kick ${name(random)}${random.chance(0.5) ? ` ${text(random)}` : ""}`,
    () => `kick client-${random.between(1, 9)}`,
    () => `${random.pick(["op", "deop"])} ${name(random)}${random.pick(["", "", " tea"])}`,
    () => `say ${text(random)}`,
    () => `${random.pick(["ban", "mute", "mute"])} ${whom(random)}`,
    () => random.pick(["bans", "mutes", "ban", "mute", "unban", "unmute"]),
    () => `${random.pick(["unban", "unmute", "unmute"])} ${whoIs(random)}`,
  ];
  return `${random.pick(kinds)(random)}\n`;
}
