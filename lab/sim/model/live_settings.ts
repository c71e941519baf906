/**
 * The settings that operators can change with `set` while the server runs, after
 * reference/options.md.
 */
import type { ServerModel } from "./server.js";
import { type ChatSettings, STYLES, type Style } from "./settings.js";
import { afterFirstWord, firstWord } from "./words.js";

const MIB_MOST = 4096;
const LINES_MOST = 1_000_000;
const WEEK = 604_800;

interface Live {
  /** The setting's field; undefined if the model does not use the setting. */
  field: keyof ChatSettings | undefined;
  least: number;
  most: number;
}

function live(field: keyof ChatSettings | undefined, least: number, most: number): Live {
  return { field, least, most };
}

/** In the order of the output of `limits`. */
const NUMBERS: Record<string, Live> = {
  "max-line": live("maxLine", 16, 16_384),
  "max-clients": live("maxClients", 1, 100_000),
  "max-rooms": live("maxRooms", 1, 100_000),
  "rooms-per-client": live("roomsPerClient", 1, 1000),
  "new-rooms": live(undefined, 0, 100_000),
  history: live("history", 0, 10_000),
  "max-history": live(undefined, 1, MIB_MOST),
  replay: live("replay", 0, 1000),
  announce: live("announce", 0, 10_000),
  "announce-rate": live("announceRate", 0, 1000),
  style: live("style", 0, 0),
  "show-addresses": live("showAddresses", 0, 0),
  rate: live("rate", 0, LINES_MOST),
  burst: live("burst", 4, LINES_MOST),
  "first-burst": live("firstBurst", 4, LINES_MOST),
  "line-cost": live(undefined, 64, 1_048_576),
  "flood-seconds": live("floodSeconds", 1, 86_400),
  "max-per-address": live("maxPerAddress", 0, 100_000),
  "address-rate": live("addressRate", 0, LINES_MOST),
  "address-burst": live("addressBurst", 4, LINES_MOST),
  "address-arrivals": live("addressArrivals", 0, 100_000),
  "address-rooms": live(undefined, 0, 100_000),
  "unknown-share": live(undefined, 0, 100_000),
  "room-rate": live(undefined, 0, LINES_MOST),
  "idle-seconds": live("idleSeconds", 0, WEEK),
  "login-seconds": live("loginSeconds", 0, WEEK),
  "line-seconds": live("lineSeconds", 0, WEEK),
  "max-queued": live(undefined, 1, MIB_MOST),
  "soft-limit": live("softLimit", 1024, 67_108_864),
  "soft-seconds": live("softSeconds", 1, 3600),
  "hard-limit": live("hardLimit", 1024, 268_435_456),
};
const AT_START = [
  ...["time-zone", "sync", "data-size"],
  ...["irc-name", "irc-network", "irc-info", "irc-oper", "irc-password"],
];
const ONE_LINE = "[a-z-]+ +\\S+ +.*\\n";

export class LiveSettings {
  /** The values of changed settings, as the operator wrote them. */
  readonly #texts = new Map<string, string>();
  /** The greatest values that these settings ever had. */
  readonly most: { hardLimit: number; maxLine: number };
  /** The clock of the tick of the last change, in nanoseconds. */
  changedAt = -Infinity;

  constructor(private readonly server: ServerModel) {
    const { hardLimit, maxLine } = server.settings;
    this.most = { hardLimit, maxLine };
  }

  /** Handles `set NAME VALUE`. @returns the answer, and true if a setting was changed */
  set(rest: string): { answer: string; isDone: boolean } {
    const name = firstWord(rest);
    const value = afterFirstWord(rest);
    const usage = "set is used like this: set NAME VALUE; limits lists the names";
    const mistake = value === "" ? usage : this.#change(name.replace(/^--/, ""), name, value);
    if (mistake !== undefined) return { answer: `${mistake}\n`, isDone: false };
    const { most, server } = this;
    most.hardLimit = Math.max(most.hardLimit, server.settings.hardLimit);
    most.maxLine = Math.max(most.maxLine, server.settings.maxLine);
    return { answer: `${name} is ${value} now\n`, isDone: true };
  }

  #change(bare: string, name: string, value: string): string | undefined {
    if (AT_START.includes(bare)) return `option --${bare} needs a restart to change`;
    const option = NUMBERS[bare];
    if (option === undefined) return `there is no option ${name}`;
    const { field, least, most } = option;
    if (field === "style") return this.#changeStyle(value);
    if (field === "showAddresses") return this.#changeShowAddresses(value);
    const number = /^\d{1,18}$/.test(value) ? Number(value) : NaN;
    if (!(number >= least && number <= most)) {
      return `option --${bare} takes a whole number from ${least} to ${most}, not "${value}"`;
    }
    const { settings } = this.server;
    const changed = { ...settings, ...(field === undefined ? {} : { [field]: number }) };
    if (changed.softLimit > changed.hardLimit) {
      return "option --soft-limit must not exceed --hard-limit";
    }
    Object.assign(settings, changed);
    this.#texts.set(bare, value);
    return undefined;
  }

  #changeStyle(value: string): string | undefined {
    if (!STYLES.includes(value as Style)) {
      return `option --style takes line, json, json2 or tutorial, not "${value}"`;
    }
    this.server.settings.style = value as Style;
    this.#texts.set("style", value);
    return undefined;
  }

  #changeShowAddresses(value: string): string | undefined {
    if (value !== "yes" && value !== "no") {
      return `option --show-addresses takes no or yes, not "${value}"`;
    }
    this.server.settings.showAddresses = value === "yes";
    this.#texts.set("show-addresses", value);
    return undefined;
  }

  /** Returns a pattern for the output of `limits`. */
  list(): RegExp {
    const lines = Object.entries(NUMBERS).map(([name, { field }]) => {
      const value = field === undefined ? "\\d+" : this.server.settings[field];
      const first = typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
      return `${name} +${this.#texts.get(name) ?? first} +.*\\n`;
    });
    return new RegExp(`${lines.join("")}these need a restart:\\n(?:${ONE_LINE})+`, "y");
  }
}
