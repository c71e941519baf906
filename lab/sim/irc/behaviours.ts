/** Behaviours of the clients in worlds with IRC: IRC clients, users that type, and programs. */
import { Random } from "../../world/random.js";
import { MILLISECOND_NS, SECOND_NS } from "../../world/world.js";
import { type Behaviour, type Client, does, talk, write } from "../behaviours.js";
import { name as anyName } from "../commands.js";
import { hostileLine } from "./hostile.js";

export const ROOMS = ["tea", "den", "chess", "lobby"];
export const END_TOKEN = "end";
const CAPABILITIES = [
  ...["server-time", "message-tags", "extended-join", "away-notify", "setname", "invite-notify"],
  ...["echo-message", "multi-prefix", "userhost-in-names", "chghost", "cap-notify", "batch"],
  ...["labeled-response", "standard-replies", "draft/chathistory", "draft/read-marker"],
  ...["extended-monitor", "draft/no-implicit-names"],
];
const WORDS = ["hello", "Grüße", "你好 🙂", "a  b", ":x", "", "\x02bold\x0f", "x".repeat(380)];
/** A text that needs several lines of IRC. */
const LONG = "é".repeat(400);
const CHANNEL_MODES = ["+m", "-m", "+i", "-i", "+s", "-s", "+t", "-t", "+C", "+l 3", "-l", "+n"];
const KEYS = ["+k key", "-k key", "+l 1", "+b *!*@nowhere", "-b *!*@nowhere", "+b", "+e x!*@*"];

/** The state of one client while its lines are drawn. */
class Speaker {
  #messages = 0;
  #labels = 0;

  constructor(
    readonly random: Random,
    readonly client: Client,
    /** The capabilities that it asks for. */
    private readonly capabilities: readonly string[] = [],
  ) {}

  has(...capabilities: readonly string[]): boolean {
    return capabilities.every((one) => this.capabilities.includes(one));
  }

  write(at: number, line: string): void {
    const { client, random } = this;
    const isLabelled = this.has("labeled-response", "batch") && random.chance(0.6);
    const label = isLabelled ? `@label=c${client.client}-${++this.#labels} ` : "";
    write(client, at, Buffer.from(`${label}${line}\r\n`));
  }

  /** Returns a text with a token that no other message has. */
  text(): string {
    return `~${this.client.client}.${++this.#messages}~ ${this.random.pick(WORDS)}`;
  }

  nick(): string {
    const { random, client } = this;
    return random.chance(0.7) ? nickOf(random.below(client.count)) : anyName(random);
  }

  channel(): string {
    return `#${this.random.pick(ROOMS)}`;
  }
}

type Act = (speaker: Speaker) => string;

const SAYING: readonly Act[] = [
  (one) => `PRIVMSG ${one.channel()} :${one.text()}`,
  (one) => `PRIVMSG ${one.channel()} :${one.text()}`,
  (one) => `NOTICE ${one.channel()} :${one.text()}`,
  (one) => `PRIVMSG ${one.channel()} :\x01ACTION ${one.text()}\x01`,
  (one) => `PRIVMSG ${one.nick()} :${one.text()}`,
];
const MOVING: readonly Act[] = [
  (one) => `JOIN ${one.channel()}`,
  (one) => `JOIN ${one.channel()}`,
  (one) => `JOIN ${one.channel()},${one.channel()} key,key`,
  (one) => `PART ${one.channel()}${one.random.chance(0.5) ? " :bye" : ""}`,
  (one) => `NICK ${one.random.chance(0.6) ? nickOf(one.client.client, "b") : one.nick()}`,
  (one) => `NICK ${nickOf(one.client.client)}`,
];
const RULING: readonly Act[] = [
  (one) => `TOPIC ${one.channel()} :topic ${one.random.below(9)}`,
  (one) => `MODE ${one.channel()} ${one.random.pick(["+o", "-o", "+v", "-v"])} ${one.nick()}`,
  (one) => `MODE ${one.channel()} ${one.random.pick(CHANNEL_MODES)}`,
  (one) => `MODE ${one.channel()} ${one.random.pick(KEYS)}`,
  (one) => `KICK ${one.channel()} ${one.nick()} :enough`,
  (one) => `INVITE ${one.nick()} ${one.channel()}`,
];
const ASKING: readonly Act[] = [
  (one) => `NAMES ${one.channel()}`,
  (one) => `WHO ${one.channel()}`,
  (one) => `WHO ${one.channel()} %tcuhnfdar,743`,
  (one) => `WHOIS ${one.nick()}`,
  (one) => `MODE ${one.channel()}`,
  (one) => `TOPIC ${one.channel()}`,
  (one) => pastOf(one),
  (one) => one.random.pick(["LIST", "LUSERS", "MOTD", "VERSION", "WHO *", "NAMES", "PING x"]),
  (one) => one.random.pick(["FROBNICATE", "JOIN", "MODE", "USERHOST x", "ISON a b", "HELP"]),
];
const BEING: readonly Act[] = [
  (one) => (one.random.chance(0.5) ? "AWAY :gone" : "AWAY"),
  (one) => `MONITOR + ${one.nick()},${one.nick()}`,
  (one) => `SETNAME :${one.random.pick(["Ann", "Bob the second", "你"])}`,
  (one) => `MODE ${nickOf(one.client.client)} ${one.random.pick(["+i", "-i", "+w", "+B"])}`,
  (one) => `CAP REQ :${one.random.pick(["away-notify", "-away-notify", "setname", "cap-notify"])}`,
];
const KINDS = [SAYING, SAYING, SAYING, MOVING, MOVING, RULING, ASKING, BEING];

/** Asks for the history, if the client can tell old messages from new ones. */
function pastOf(one: Speaker): string {
  if (!one.has("batch", "draft/chathistory")) return "PING x";
  return `CHATHISTORY LATEST ${one.channel()} * ${one.random.between(1, 50)}`;
}

/** Returns the nick of a client. No other client gets it. */
function nickOf(client: number, suffix = ""): string {
  return `user${client}${suffix}`;
}

/** Registers, and joins some channels. */
function registers(random: Random, client: Client, at: number): Speaker {
  const chosen = drawCapabilities(random);
  const nick = random.chance(0.8) ? nickOf(client.client) : anyName(random);
  const who = `NICK ${nick}\r\nUSER u${client.client} 0 * :Real Name\r\n`;
  const ask = `CAP LS 302\r\n${who}CAP REQ :${chosen.join(" ")}\r\nCAP END\r\n`;
  write(client, at, Buffer.from(chosen.length === 0 ? who : ask));
  const speaker = new Speaker(random, client, chosen);
  speaker.write(at + 1, `NICK ${nickOf(client.client)}`);
  for (let left = random.between(1, 3); left > 0; left--) {
    speaker.write(at + 2, `JOIN ${speaker.channel()}`);
  }
  return speaker;
}

function drawCapabilities(random: Random): string[] {
  if (random.chance(0.2)) return [];
  const most = CAPABILITIES.slice(0, -1);
  if (random.chance(0.4)) return most;
  return CAPABILITIES.filter(() => random.chance(0.5));
}

const sociable: Behaviour = (random, client, from) => {
  const speaker = registers(random, client, from);
  const end = talk(random, client, from + 3, (at) => {
    speaker.write(at, random.pick(random.pick(KINDS))(speaker));
  });
  if (random.chance(0.2)) speaker.write(end, random.chance(0.5) ? "QUIT" : "QUIT :bye");
  else if (random.chance(0.3)) does(client, end, random.pick(["end", "close", "reset"]));
};

/** Writes many lines at once, whole or byte by byte. */
const hasty: Behaviour = (random, client, from) => {
  const speaker = registers(random, client, from);
  for (let left = random.between(1, 4); left > 0; left--) {
    const at = random.between(Math.floor(from) + 3, client.lastAt);
    for (let lines = random.between(2, 20); lines > 0; lines--) {
      speaker.write(at, random.pick(random.pick(KINDS))(speaker));
    }
  }
};

/** Stops reading for a while, and requests long answers. */
const slow: Behaviour = (random, client, from) => {
  const speaker = registers(random, client, from);
  const at = from + random.below(2 * SECOND_NS);
  client.events.push({ act: "pause", at, client: client.client });
  for (let left = random.between(0, 60); left > 0; left--) {
    speaker.write(at + 1, random.pick(ASKING)(speaker));
  }
  const until = random.between(Math.floor(at), client.lastAt);
  if (random.chance(0.6)) {
    client.events.push({ act: "resume", at: until, client: client.client });
  }
};

/** Disconnects, and connects again with the same nick. */
const returning: Behaviour = (random, client, from) => {
  let at = from;
  for (let left = random.between(2, 6); left > 0 && at < client.lastAt; left--) {
    const speaker = registers(random, client, at);
    at += random.below(2 * SECOND_NS) + 3;
    if (random.chance(0.4)) speaker.write(at, "QUIT :back soon");
    does(client, at + 1, random.pick(["end", "close", "reset"]));
    at += random.below(500 * MILLISECOND_NS) + 2;
    client.events.push({ act: "connect", at, client: client.client });
  }
};

/** Sends hostile lines, before and after the client registers. It writes no labels. */
const hostile: Behaviour = (random, client, from) => {
  const isRegistered = random.chance(0.8);
  const nick = nickOf(client.client);
  const who = `NICK ${nick}\r\nUSER u 0 * :Real Name\r\nJOIN #tea,#den\r\n`;
  if (isRegistered) write(client, from, Buffer.from(who));
  const end = talk(random, client, from + 1, (at) => {
    write(client, at, Buffer.concat([hostileLine(random), hostileLine(random)]));
  });
  // The end of a line, so that the questions at the end of the world begin a new line.
  write(client, end + 1, Buffer.from("\r\n"));
};

export const IRC_BEHAVIOURS: readonly Behaviour[] = [
  ...[sociable, sociable, sociable, sociable, hasty, hasty, slow, returning, hostile],
];

/** A user that types lines: it joins each room at most once. */
const typing: Behaviour = (random, client, from) => {
  const speaker = new Speaker(random, client);
  const rooms = ROOMS.filter((room) => room !== "lobby" && random.chance(0.6));
  write(client, from, Buffer.from(`/nick ${speaker.nick()}\n`));
  const end = talk(random, client, from + 1, (at) => {
    const next = random.chance(0.1) ? rooms.pop() : undefined;
    const line = next === undefined ? random.pick(TYPED)(speaker) : `/join ${next}`;
    write(client, at, Buffer.from(`${line}\n`));
  });
  if (random.chance(0.3)) does(client, end, random.pick(["end", "close", "reset"]));
};

const TYPED: readonly Act[] = [
  (one) => one.text(),
  (one) => one.text(),
  (one) => `${one.text()} ${LONG}`,
  (one) => `/me ${one.text()}`,
  (one) => `/msg ${one.nick()} ${one.text()}`,
  (one) => `/nick ${one.nick()}`,
  (one) => `/topic topic ${one.random.below(9)}`,
  (one) => one.random.pick(["/who", "/rooms", "/away gone", "/away", "/part", "/op user1"]),
];

/** A program in several rooms at a time. */
const program: Behaviour = (random, client, from) => {
  const speaker = new Speaker(random, client);
  write(client, from, Buffer.from(`/style json2\n/nick ${nickOf(client.client)}\n/join tea\n`));
  talk(random, client, from + 1, (at) => {
    const room = random.pick(ROOMS);
    const line = random.chance(0.2)
      ? `/join ${room}`
      : `/in ${room} ${random.pick(TYPED)(speaker)}`;
    write(client, at, Buffer.from(`${line}\n`));
  });
};

export const OTHER_BEHAVIOURS: readonly Behaviour[] = [typing, program];
