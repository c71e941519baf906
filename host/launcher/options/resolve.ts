/**
 * What holds: a flag before the environment, the environment before the file, the file before the
 * default. Everything that is wrong is said at once.
 */
import { UserError } from "../base/errors.js";
import type { ServeOptions } from "../base/config.js";
import { readConfigFile } from "./file.js";
import type { Given } from "./flags.js";
import { fieldOf, flagOf, type Setting, Unfit, variableOf } from "./kinds.js";

/** From the weakest to the strongest. */
const SOURCES = ["default", "file", "environment", "flag"] as const;

export interface Chosen {
  setting: Setting;
  texts: readonly string[];
  /** The values of a list, or one value. */
  value: unknown;
  source: (typeof SOURCES)[number];
  /** `pollcast.toml:3`, `POLLCAST_PORT`, `--port`, `default`. */
  where: string;
}

export interface Sources {
  flags: Given;
  environment: NodeJS.ProcessEnv;
  /** Path of the configuration file. */
  file?: string | undefined;
}

export interface Configuration {
  /** By name, in the order of the table; what has neither value nor default is not there. */
  chosen: ReadonlyMap<string, Chosen>;
  /** What the launcher's parts are told. */
  options: ServeOptions;
  /** What the chat's module is told. */
  chatArguments: readonly string[];
}

/** Variables that are no options, but ours. */
const OTHER_VARIABLES = ["POLLCAST_CONFIG", "POLLCAST_RELEASES"];

/** What Kubernetes says of a service called pollcast, to every container beside it. */
const OF_KUBERNETES = /^POLLCAST_(.+_)?(SERVICE_HOST|(SERVICE_)?PORT(_.+)?)$/;
/** And what it says of its port, where we expect a number. */
const PLACE_OF_KUBERNETES = /^(tcp|udp|sctp):\/\//;

/** What an environment says; empty for nothing, also if it is not meant for us. */
function given(variable: string, environment: NodeJS.ProcessEnv): string {
  const text = environment[variable] ?? "";
  return OF_KUBERNETES.test(variable) && PLACE_OF_KUBERNETES.test(text) ? "" : text;
}

/** What looks like an option in the environment and is none. */
export function strangeVariables(
  settings: readonly Setting[],
  environment: NodeJS.ProcessEnv,
): string[] {
  const known = [...settings.map(variableOf), ...OTHER_VARIABLES];
  return Object.keys(environment).filter(
    (name) => name.startsWith("POLLCAST_") && !known.includes(name) && !OF_KUBERNETES.test(name),
  );
}

/** @throws a UserError with all mistakes */
export function resolve(settings: readonly Setting[], sources: Sources): Configuration {
  const { flags, environment, file } = sources;
  const mistakes: string[] = [];
  const chosen = new Map<string, Chosen>();
  const fromFile = file === undefined ? undefined : readConfigFile(file, settings);
  mistakes.push(...(fromFile?.mistakes ?? []));
  const choose = (from: Omit<Chosen, "value">, says: string): void => {
    const value = valueOf(from, says, mistakes);
    if (value !== undefined) chosen.set(from.setting.name, { ...from, value });
  };
  for (const setting of settings) {
    const { name, default: fallback } = setting;
    if (fallback !== "")
      choose({ setting, texts: [fallback], source: "default", where: "default" }, name);
    const entry = fromFile?.entries.find((one) => one.setting === setting);
    if (entry !== undefined) choose({ ...entry, source: "file" }, `${entry.where}: ${name}`);
    const variable = variableOf(setting);
    const text = given(variable, environment);
    if (text !== "") {
      const texts = setting.kind === "list" ? text.split(",") : [text];
      choose({ setting, texts, source: "environment", where: variable }, variable);
    }
    const texts = flags.get(name);
    const flag = flagOf(setting);
    if (texts !== undefined) choose({ setting, texts, source: "flag", where: flag }, flag);
  }
  settlePlaces(chosen, settings, mistakes);
  if (mistakes.length > 0) throw new UserError("E_USAGE", inOrder(mistakes));
  return { chosen, options: optionsOf(chosen), chatArguments: chatArgumentsOf(chosen) };
}

/** By their place in the file. */
function inOrder(mistakes: readonly string[]): string {
  return [...mistakes].sort(new Intl.Collator("en", { numeric: true }).compare).join("\n");
}

/** @returns undefined if it is wrong, which has been noted */
function valueOf(from: Omit<Chosen, "value">, says: string, mistakes: string[]): unknown {
  const { setting, texts } = from;
  const values = texts.map((text) => {
    try {
      return setting.read(text);
    } catch (error) {
      if (!(error instanceof Unfit)) throw error;
      const isBare = setting.kind === "number" && from.source === "file";
      mistakes.push(`${says} ${isBare ? text : JSON.stringify(text)} ${error.message}`);
      return undefined;
    }
  });
  if (values.includes(undefined)) return undefined;
  return setting.kind === "list" ? values : values[0];
}

const PLACES = ["listen", "listen-proxy"];
/** What `listen` and `listen-proxy` stand instead of. */
export const ONE_PLACE: readonly string[] = ["host", "port"];

/** `--listen` stands instead of `--host` and `--port`: of the two, the stronger source counts. */
function settlePlaces(
  chosen: Map<string, Chosen>,
  settings: readonly Setting[],
  mistakes: string[],
): void {
  const strongest = (names: readonly string[]): Chosen | undefined =>
    names
      .flatMap((name) => chosen.get(name) ?? [])
      .filter(({ source }) => source !== "default")
      .sort((one, two) => rank(two) - rank(one))[0];
  const [places, onePlace] = [strongest(PLACES), strongest(ONE_PLACE)];
  if (places === undefined || onePlace === undefined) return;
  if (rank(places) === rank(onePlace)) {
    mistakes.push(`${called(places)} stands instead of ${called(onePlace)}: leave one of them out`);
    return;
  }
  const weaker = rank(places) < rank(onePlace) ? [...PLACES, "proxy-from"] : ONE_PLACE;
  for (const name of weaker) {
    const setting = settings.find((one) => one.name === name);
    const before = chosen.get(name);
    if (setting === undefined || before === undefined) continue;
    if (rank(before) > Math.min(rank(places), rank(onePlace))) continue;
    chosen.delete(name);
    const { default: fallback } = setting;
    if (fallback === "") continue;
    const value = setting.read(fallback);
    chosen.set(name, { setting, texts: [fallback], value, source: "default", where: "default" });
  }
}

function rank({ source }: Chosen): number {
  return SOURCES.indexOf(source);
}

function called({ setting, source, where }: Chosen): string {
  return source === "file" ? `${where}: ${setting.name}` : where;
}

function optionsOf(chosen: ReadonlyMap<string, Chosen>): ServeOptions {
  const own = [...chosen.values()].filter(({ setting }) => !setting.forChat);
  return Object.fromEntries(
    own.map(({ setting, value }) => [fieldOf(setting), value]),
  ) as unknown as ServeOptions;
}

/** The module knows its own defaults. */
export function chatArgumentsOf(chosen: ReadonlyMap<string, Chosen>): string[] {
  return [...chosen.values()]
    .filter(({ setting, source }) => setting.forChat && source !== "default")
    .flatMap(({ setting: { name, kind }, texts: [text = ""] }) => {
      if (kind === "flag") return text === "true" ? [`--${name}`] : [];
      return [`--${name}`, text];
    });
}
