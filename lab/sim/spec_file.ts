/**
 * A world as a file: JSON with one event a line. Bytes that a client writes are a latin1 string.
 */
import {
  ABIS,
  DATA_NAMES,
  FAULT_NAMES,
  KILL_POINTS,
  NO_CLIENT,
  OUTPUT_NAMES,
  type Event,
  type Kill,
  type WorldSpec,
} from "./spec.js";
import type { StreamOptions } from "../world/stream.js";
import { type ChatSettings, DEFAULTS, STYLES } from "./model/settings.js";

const MINUTES_PER_DAY = 1440;

export function specToJson({ events, ...rest }: WorldSpec): string {
  const lines = events.map((event) =>
    JSON.stringify("bytes" in event ? { ...event, bytes: event.bytes.toString("latin1") } : event),
  );
  return `{"world":${JSON.stringify(rest)},\n"events":[\n${lines.join(",\n")}\n]}\n`;
}

/** @throws {Error} with one line that says what is wrong */
export function specFromJson(text: string): WorldSpec {
  const { world, events } = record("the file", parsed(text));
  const { seed, abi, callNs, dialect, settings, faults, streams, ...others } = record(
    "world",
    world,
  );
  const { irc, listeners, outputBytes, kills, data, calmAt } = others;
  return {
    seed: number("seed", seed),
    ...(abi === undefined ? {} : { abi: word("abi", abi, ABIS) }),
    ...(callNs === undefined ? {} : { callNs: number("callNs", callNs, 1) }),
    dialect: word("dialect", dialect, ["exact", "wasmtime-36"]),
    settings: settingsOf(record("settings", settings)),
    faults: faultsOf(record("faults", faults)),
    streams: list("streams", streams).map((one, index) => streamOf(`streams[${index}]`, one)),
    listeners: number("listeners", listeners, 1),
    ...(irc === undefined ? {} : { irc: number("irc", irc) }),
    outputBytes: number("outputBytes", outputBytes, 1),
    kills: list("kills", kills).map((one, index) => killOf(`kills[${index}]`, one)),
    data: word("data", data, DATA_NAMES),
    events: list("events", events).map((one, index) => eventOf(`events[${index}]`, one)),
    calmAt: number("calmAt", calmAt),
  };
}

function streamOf(where: string, given: unknown): StreamOptions {
  const { inboxBytes, outboxBytes, latencyNs } = record(where, given);
  return {
    inboxBytes: number(`${where}.inboxBytes`, inboxBytes, 1),
    outboxBytes: number(`${where}.outboxBytes`, outboxBytes, 1),
    latencyNs: number(`${where}.latencyNs`, latencyNs),
  };
}

function killOf(where: string, given: unknown): Kill {
  const { at, number: count } = record(where, given);
  return { at: word(`${where}.at`, at, KILL_POINTS), number: number(`${where}.number`, count) };
}

function settingsOf(given: Record<string, unknown>): ChatSettings {
  const read = (name: keyof typeof DEFAULTS) => {
    if (name === "timeZone") return number(name, given[name], -MINUTES_PER_DAY);
    if (name === "style") return word(name, given[name], STYLES);
    if (typeof DEFAULTS[name] !== "boolean") return number(name, given[name]);
    const value = given[name];
    return typeof value === "boolean" ? value : wrong(name, "is not true or false");
  };
  const names = Object.keys(DEFAULTS) as (keyof typeof DEFAULTS)[];
  return Object.fromEntries(names.map((name) => [name, read(name)])) as unknown as ChatSettings;
}

function faultsOf(given: Record<string, unknown>): WorldSpec["faults"] {
  const faults: WorldSpec["faults"] = {};
  for (const [name, rate] of Object.entries(given)) {
    if (typeof rate !== "number" || rate < 0) wrong(`faults.${name}`, "is not a rate");
    else faults[word("faults", name, FAULT_NAMES)] = rate;
  }
  return faults;
}

function eventOf(where: string, given: unknown): Event {
  const { act, at, client, bytes, text, name, does } = record(where, given);
  const when = {
    at: number(`${where}.at`, at),
    client: number(`${where}.client`, client, NO_CLIENT),
  };
  if (act === "write") {
    return { act, ...when, bytes: Buffer.from(string(`${where}.bytes`, bytes), "latin1") };
  }
  if (act === "command") return { act, ...when, text: string(`${where}.text`, text) };
  if (act === "output") {
    const output = word(`${where}.name`, name, OUTPUT_NAMES);
    const done = word(`${where}.does`, does, ["pause", "resume", "close"]);
    return { act, ...when, name: output, does: done };
  }
  const others = [
    ...(["connect", "end", "close", "reset", "pause", "resume", "since", "eof", "kill"] as const),
  ];
  return { act: word(`${where}.act`, act, others), ...when };
}

function string(where: string, value: unknown): string {
  return typeof value === "string" ? value : wrong(where, "is not a text");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return wrong("the file", "is not JSON");
  }
}

function record(where: string, value: unknown): Record<string, unknown> {
  const fits = typeof value === "object" && value !== null && !Array.isArray(value);
  return fits ? (value as Record<string, unknown>) : wrong(where, "is not an object");
}

function list(where: string, value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : wrong(where, "is not a list");
}

function number(where: string, value: unknown, least = 0): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= least) return value;
  return wrong(where, `is not a whole number from ${least}`);
}

function word<T extends string>(where: string, value: unknown, words: readonly T[]): T {
  return words.find((one) => one === value) ?? wrong(where, `is none of ${words.join(", ")}`);
}

function wrong(where: string, what: string): never {
  throw new Error(`${where} ${what}`);
}
