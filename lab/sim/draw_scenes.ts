/**
 * Draws short scenes that random behaviours hardly ever produce. Their clients are additional to
 * those of the world.
 */
import type { Random } from "../world/random.js";
import { MILLISECOND_NS, SECOND_NS } from "../world/world.js";
import { room } from "./commands.js";
import { CROWDED_MOST } from "./draw_chat.js";
import * as lines from "./lines.js";
import { type Act, NO_CLIENT, type WorldSpec } from "./spec.js";

const SCENE_CHANCE = 0.15;
const SLOW_CALL_NS = 20_000;
/** Names that no other client takes. */
const NAMES = ["mallory", "oscar", "trudy"];
/** The name of the client that does not read. No other client takes it. */
const UNREAD_NAME = "peggy";
/** The buffers of a client that does not read. They are small, so that its outbox is not empty. */
const SMALL_BUFFER_BYTES = 200;
const LINE_SECONDS_MOST = 5;
/** The clients with another protocol in a world that has some. */
const FOREIGN_CLIENTS = 6;
/** The clients in a rush for each address. An address may send 30 at once. */
const RUSH_CLIENTS = 60;

interface Scene {
  random: Random;
  /** Changed in place. */
  spec: WorldSpec;
  lastAt: number;
  from: number;
}

/** @param addresses the number of client addresses behind proxies; 0: there are no proxies */
export function drawScenes(
  random: Random,
  lastAt: number,
  spec: WorldSpec,
  addresses: number,
): void {
  for (const scene of [banned, ignored, halfLines]) {
    const own = random.fork();
    if (!own.chance(SCENE_CHANCE)) continue;
    scene({ random: own, spec, lastAt, from: own.below(0.7 * lastAt) });
  }
  const own = random.fork();
  if (addresses > 0 && addresses <= CROWDED_MOST) {
    crowd({ random: own, spec, lastAt, from: own.below(0.7 * lastAt) });
    const last = random.fork();
    if (last.chance(2 * SCENE_CHANCE)) {
      rush({ random: last, spec, lastAt, from: last.below(0.7 * lastAt) }, addresses);
    }
  }
}

/** Draws the scenes for settings that change, first lines, and clients that do not read. */
export function drawLaterScenes(random: Random, lastAt: number, spec: WorldSpec): void {
  for (const scene of [foreign, lowered, silenced, unread]) {
    const own = random.fork();
    if (!own.chance(scene === unread ? 2 * SCENE_CHANCE : SCENE_CHANCE)) continue;
    scene({ random: own, spec, lastAt, from: own.below(0.7 * lastAt) });
  }
}

/** Clients connect and begin with the first line of another protocol, or with one like it. */
function foreign(scene: Scene): void {
  for (let left = FOREIGN_CLIENTS; left > 0; left--) {
    comes(scene, `${lines.foreign(scene.random)}\nhello\n`);
  }
}

/** An operator lowers the rate limit. A client that was there before then writes many lines. */
function lowered(scene: Scene): void {
  const { random } = scene;
  const client = comes(scene, "/ping\n");
  const at = scene.from + 0.1 * SECOND_NS;
  const text = `set rate ${random.pick([5, 20])}\nset burst ${random.pick([4, 10, 40])}\n`;
  put(scene, NO_CLIENT, at, { act: "command", text });
  put(scene, client, pause(random)(at), write("pasted\n".repeat(random.between(50, 100))));
}

/**
 * An operator shortens the limit on silence, so that a client is due at once. Another client writes
 * on: the server must not depend on newcomers for its next check.
 */
function silenced(scene: Scene): void {
  const { random } = scene;
  comes(scene, "/ping\n");
  const speaker = comes(scene, "/ping\n");
  const seconds = random.pick([1, 2, 3]);
  let at = scene.from + seconds * SECOND_NS;
  put(scene, NO_CLIENT, at, { act: "command", text: `set idle-seconds ${seconds}\n` });
  for (let left = 8; left > 0; left--) {
    at += 0.4 * SECOND_NS;
    put(scene, speaker, at, write(lines.chat(random)));
  }
}

/** A client does not read its answers, and is kicked, or leaves, while the server owes it some. */
function unread(scene: Scene): void {
  const { random, spec, from } = scene;
  const client = comes(scene, `/nick ${UNREAD_NAME}\n`);
  const small = { inboxBytes: SMALL_BUFFER_BYTES, outboxBytes: SMALL_BUFFER_BYTES };
  spec.streams[client] = { latencyNs: 0, ...spec.streams[client], ...small };
  const at = from + 0.1 * SECOND_NS;
  put(scene, client, at, { act: "pause" });
  put(scene, client, at, write("/help\n".repeat(random.between(1, 10))));
  const end = pause(random)(at + 0.1 * SECOND_NS);
  if (random.chance(0.3)) put(scene, client, end, { act: "end" });
  else put(scene, NO_CLIENT, end, { act: "command", text: `kick ${UNREAD_NAME}\n` });
}

/** A client talks, is banned, muted or kicked by name, and connects again. */
function banned(scene: Scene): void {
  const { random } = scene;
  const who = random.pick(NAMES);
  const client = comes(scene, `/nick ${who}\n`);
  const after = pause(random);
  const what = random.pick(["ban", "ban", "ban", "mute", "kick"]);
  const text = `${what} ${who}${random.pick(["", " 2s", " 1m"])}\n`;
  // After the client has connected and has its name.
  const then = scene.from + 0.1 * SECOND_NS;
  put(scene, NO_CLIENT, after(then), { act: "command", text });
  let at = then;
  for (let left = random.between(2, 6); left > 0; left--) {
    at = after(at);
    put(scene, client, at, write(lines.chat(random)));
  }
  put(scene, client, at, { act: "connect" });
  put(scene, client, after(at), write(`/nick ${who}\nhere again\n`));
}

/** A client ignores another one, and then asks for the history. */
function ignored(scene: Scene): void {
  const { random } = scene;
  const who = random.pick(NAMES);
  const speaker = comes(scene, `/nick ${who}\n`);
  const listener = comes(scene, "");
  const after = pause(random);
  let at = after(scene.from);
  put(scene, listener, at, write(`/ignore ${who}\n`));
  for (let left = random.between(1, 5); left > 0; left--) {
    at = after(at);
    put(scene, speaker, at, write(lines.chat(random)));
  }
  const looks = ["/history\n", "/history since 0\n", `/join ${room(random)}\n/join lobby\n`];
  put(scene, listener, after(at), write(random.pick(looks)));
}

/** A client always has an unfinished line, but none of them for long. */
function halfLines(scene: Scene): void {
  const { random, spec } = scene;
  const { settings } = spec;
  if (settings.lineSeconds === 0 || settings.lineSeconds > LINE_SECONDS_MOST) {
    settings.lineSeconds = random.between(1, LINE_SECONDS_MOST);
  }
  const client = comes(scene, "begun");
  const step = settings.lineSeconds * SECOND_NS * random.pick([0.3, 0.6, 0.9]);
  let at = scene.from;
  for (let left = random.between(2, 8); left > 0; left--) {
    at += step;
    put(scene, client, at, write(", ended\nbegun"));
  }
  if (random.chance(0.5)) put(scene, client, at + step, write(", ended\n"));
}

/** Some clients of an address write far above the limit, while others write a line now and then. */
function crowd(scene: Scene): void {
  const { random, spec } = scene;
  // With slow calls a tick takes long, so that lines and a token arrive in the same tick.
  spec.callNs = SLOW_CALL_NS;
  const pasted = random.between(100, 300);
  for (let left = random.between(2, 4); left > 0; left--) {
    comes(scene, "pasted\n".repeat(pasted));
  }
  const step = random.pick([5, 10, 20]) * MILLISECOND_NS;
  for (let left = random.between(2, 4); left > 0; left--) {
    const client = comes(scene, "");
    for (let line = 1; line <= 50; line++) {
      const at = scene.from + line * step + random.below(step);
      put(scene, client, at, write(lines.chat(random)));
    }
  }
}

/** More clients of each address connect at once than the limit on arrivals allows. */
function rush(scene: Scene, addresses: number): void {
  scene.spec.settings.addressArrivals = 1;
  for (let left = RUSH_CLIENTS * addresses; left > 0; left--) comes(scene, "/ping\n");
}

function comes(scene: Scene, says: string): number {
  const { random, spec, from } = scene;
  const client = spec.streams.push(random.pick(spec.streams)) - 1;
  put(scene, client, from, { act: "connect" });
  if (says !== "") put(scene, client, from, write(says));
  return client;
}

function put({ spec, lastAt }: Scene, client: number, at: number, act: Act): void {
  if (at < lastAt) spec.events.push({ ...act, at, client });
}

function write(text: string | Buffer): Act {
  return { act: "write", bytes: Buffer.from(text) };
}

/** Returns a function that moves a time on by a random pause: short, or longer. */
function pause(random: Random): (at: number) => number {
  const most = random.pick([0.01, 0.1, 1]) * SECOND_NS;
  return (at) => at + 1 + random.below(most);
}
