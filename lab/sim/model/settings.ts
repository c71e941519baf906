/** What the module promises, in numbers: the README's options and DESIGN.md's limits. */
import { SECOND_NS } from "../../world/world.js";

export const STYLES = ["tutorial", "line", "json"] as const;
export type Style = (typeof STYLES)[number];

export interface ChatSettings {
  maxLine: number;
  maxClients: number;
  softLimit: number;
  softSeconds: number;
  hardLimit: number;
  /** Minutes east of UTC. */
  timeZone: number;
  stopAtEof: boolean;
  /** Whether the log has objects. */
  logJson: boolean;
  /** What newcomers read; `tutorial` for a whole server. */
  style: Style;
  /** Lines a second of each client, so many at once; 0: all. */
  rate: number;
  burst: number;
  floodSeconds: number;
  maxRooms: number;
  /** Lines that a room remembers, and how many of them a newcomer hears. */
  history: number;
  replay: number;
  /** People in a room who are told who comes and goes. */
  announce: number;
  /** From one address: connections, lines a second of all, and so many at once; 0: all. */
  maxPerAddress: number;
  addressRate: number;
  addressBurst: number;
  /** How long one may say nothing, at first too, and a line be unfinished. 0: for ever. */
  idleSeconds: number;
  loginSeconds: number;
  lineSeconds: number;
  /** Bit n: the listener of that index is behind a proxy. */
  proxied: number;
}

/** The tutorial's chat, with the module's own limits. */
export const DEFAULTS: ChatSettings = {
  maxLine: 4096,
  maxClients: 10_000,
  softLimit: 262_144,
  softSeconds: 10,
  hardLimit: 1_048_576,
  timeZone: 0,
  stopAtEof: false,
  logJson: false,
  style: "tutorial",
  rate: 0,
  burst: 400,
  floodSeconds: 60,
  maxRooms: 1000,
  history: 200,
  replay: 10,
  announce: 50,
  maxPerAddress: 0,
  addressRate: 0,
  addressBurst: 2000,
  idleSeconds: 0,
  loginSeconds: 0,
  lineSeconds: 0,
  proxied: 0,
};

/** Refused newcomers that are told so at a time. */
export const REFUSALS_AT_A_TIME = 64;
/** For taking the last words, and for ending. */
export const CLOSE_NS = 2 * SECOND_NS;
/** Who reads slowly, but reads, makes its room's speakers rest for so long, until then. */
export const REST_NS = 0.05 * SECOND_NS;
export const PRESSURE_NS = 0.1 * SECOND_NS;
/** For a proxy's header. */
export const PROXY_NS = 5 * SECOND_NS;
/** A line costs one more for each so many bytes of it and of its answer. */
export const LINE_COST = 1024;
/** Clocks are read some calls apart. */
export const SLACK_NS = 10_000_000;
export const HISTORY_BYTES = 131_072;
export const NAMES_LISTED = 100;
export const IGNORED_MOST = 100;
export const TEXT_CHARACTERS = 300;
export const SHOWN_CHARACTERS = 32;
export const FAREWELLS_KEPT = 100;

/** As the module's command line has it. */
export function argumentsOf(settings: ChatSettings, listeners: number): string[] {
  const { timeZone } = settings;
  const minutes = Math.abs(timeZone);
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const zone = `${timeZone < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
  const given = [
    ...["--max-line", settings.maxLine, "--max-clients", settings.maxClients],
    ...["--soft-limit", settings.softLimit, "--soft-seconds", settings.softSeconds],
    ...["--hard-limit", settings.hardLimit, "--time-zone", zone, "--style", settings.style],
    ...["--rate", settings.rate, "--burst", settings.burst, "--replay", settings.replay],
    ...["--flood-seconds", settings.floodSeconds, "--max-rooms", settings.maxRooms],
    ...["--history", settings.history, "--announce", settings.announce],
    ...["--max-per-address", settings.maxPerAddress, "--address-rate", settings.addressRate],
    ...["--address-burst", settings.addressBurst, "--idle-seconds", settings.idleSeconds],
    ...["--login-seconds", settings.loginSeconds, "--line-seconds", settings.lineSeconds],
  ].map(String);
  const proxied = [...Array(listeners).keys()].filter((index) => isProxied(settings, index));
  if (proxied.length > 0) {
    given.push("--proxy-protocol", proxied.map((index) => index + 1).join(","));
  }
  if (settings.logJson) given.push("--log-format", "json");
  return settings.stopAtEof ? [...given, "--stop-at-eof"] : given;
}

export function isProxied({ proxied }: ChatSettings, listener: number): boolean {
  return ((proxied >> listener) & 1) === 1;
}

export function secondsOf(nanoseconds: number): number {
  return Math.floor(nanoseconds / SECOND_NS);
}
