/**
 * The options and limits of the guest as numbers, after docs/reference/options.md and
 * docs/reference/limits.md.
 */
import { SECOND_NS } from "../../world/world.js";

export const STYLES = ["tutorial", "line", "json", "json2"] as const;
export type Style = (typeof STYLES)[number];

/** Returns true if clients with this style may be in several rooms. */
export function hasSeveralRooms(style: Style): boolean {
  return style === "json2";
}

export interface ChatSettings {
  maxLine: number;
  maxClients: number;
  softLimit: number;
  softSeconds: number;
  hardLimit: number;
  /** Minutes east of UTC. */
  timeZone: number;
  stopAtEof: boolean;
  /** True if the log consists of JSON objects. */
  logJson: boolean;
  /** The style of new clients; with `tutorial` the whole server speaks as the tutorial does. */
  style: Style;
  /** Lines a second of each client; 0 means no limit. */
  rate: number;
  /** Lines of each client at once. */
  burst: number;
  /** Lines of a new client at once. */
  firstBurst: number;
  floodSeconds: number;
  maxRooms: number;
  /** The most rooms of a client, if its style may have several. */
  roomsPerClient: number;
  /** The number of messages that a room keeps. */
  history: number;
  /** The number of these messages that a new user gets. */
  replay: number;
  /** The size up to which a room announces who joins and leaves. */
  announce: number;
  /** Announcements of joins and leaves a second in a room; 0 means no limit. */
  announceRate: number;
  /** The arrivals a second from one address; 0 means no limit. */
  addressArrivals: number;
  /** Connections of one address; 0 means no limit. */
  maxPerAddress: number;
  /** Lines a second of one address; 0 means no limit. */
  addressRate: number;
  /** Lines of one address at once. */
  addressBurst: number;
  /** Seconds until a silent client is closed; 0 means no limit. */
  idleSeconds: number;
  /** Seconds until a client that never sent anything is closed; 0 means no limit. */
  loginSeconds: number;
  /** Seconds until a client with an unfinished line is closed; 0 means no limit. */
  lineSeconds: number;
  /** True if clients without a name are called by their addresses. */
  showAddresses: boolean;
  /** Bit n is set if listener n is behind a proxy. */
  proxied: number;
}

/** The tutorial's chat, with the guest's default limits. */
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
  firstBurst: 1_000_000,
  floodSeconds: 60,
  maxRooms: 1000,
  roomsPerClient: 20,
  history: 200,
  replay: 10,
  announce: 50,
  announceRate: 0,
  addressArrivals: 0,
  maxPerAddress: 0,
  addressRate: 0,
  addressBurst: 2000,
  idleSeconds: 0,
  loginSeconds: 0,
  lineSeconds: 0,
  showAddresses: true,
  proxied: 0,
};

/** The number of refused connections at a time that still get a message. */
export const REFUSALS_AT_A_TIME = 64;
/** The time for last words, and for the peer's end of stream. */
export const CLOSE_NS = 2 * SECOND_NS;
/**
 * A throttled speaker is not read for HOLD_BACK_NS. A slow consumer throttles its room for
 * BACKPRESSURE_NS.
 */
export const HOLD_BACK_NS = 0.05 * SECOND_NS;
export const BACKPRESSURE_NS = 0.1 * SECOND_NS;
/** Waiting clients get their turns at multiples of this time. */
export const TURN_NS = 0.05 * SECOND_NS;
/** The time for a PROXY header. */
export const PROXY_NS = 5 * SECOND_NS;
/** A line counts as one line more for each block of this size (line and answer, in bytes). */
export const LINE_COST = 1024;
/** The bytes in an outbox from which on the lines of a client with answers wait. */
export function answerBytes({ softLimit }: ChatSettings): number {
  return Math.min(65_536, softLimit);
}
/** The tolerance for times: the guest and the model read the clock some calls apart. */
export const SLACK_NS = 10_000_000;
/** The most bytes of a room's history. */
export const HISTORY_BYTES = 131_072;
export const NAMES_LISTED = 100;
export const IGNORED_MOST = 100;
export const TEXT_CHARACTERS = 300;
export const SHOWN_CHARACTERS = 32;
export const RECENT_CLOSES_KEPT = 100;

/** Returns the settings as arguments of the guest's command line. */
export function argumentsOf(settings: ChatSettings, listeners: number): string[] {
  const { timeZone } = settings;
  const minutes = Math.abs(timeZone);
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const zone = `${timeZone < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
  const given = [
    ...["--max-line", settings.maxLine, "--max-clients", settings.maxClients],
    ...["--soft-limit", settings.softLimit, "--soft-seconds", settings.softSeconds],
    ...["--hard-limit", settings.hardLimit, "--time-zone", zone, "--style", settings.style],
    ...["--rate", settings.rate, "--burst", settings.burst, "--first-burst", settings.firstBurst],
    ...["--announce-rate", settings.announceRate, "--address-arrivals", settings.addressArrivals],
    // Limits that the model does not have.
    ...["--new-rooms", 0, "--address-rooms", 0, "--unknown-share", 0],
    ...["--room-rate", 0],
    ...["--replay", settings.replay],
    ...["--flood-seconds", settings.floodSeconds, "--max-rooms", settings.maxRooms],
    ...["--rooms-per-client", settings.roomsPerClient],
    ...["--history", settings.history, "--announce", settings.announce],
    ...["--max-per-address", settings.maxPerAddress, "--address-rate", settings.addressRate],
    ...["--address-burst", settings.addressBurst, "--idle-seconds", settings.idleSeconds],
    ...["--show-addresses", settings.showAddresses ? "yes" : "no"],
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
