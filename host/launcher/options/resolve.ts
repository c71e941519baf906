/**
 * Resolves each option's value from its sources. A flag overrides a variable of the environment,
 * which overrides the configuration file, which overrides the default. All errors are reported
 * together.
 */
import { UserError } from "../base/errors.js";
import type { ServeOptions } from "../base/config.js";
import { readConfigFile } from "./file.js";
import type { Given } from "./flags.js";
import { fieldOf, flagOf, type Setting, Unfit, variableOf } from "./kinds.js";

/** The sources, from the weakest to the strongest. */
const SOURCES = ["default", "file", "environment", "flag"] as const;

/** The resolved value of one option. */
export interface Chosen {
  setting: Setting;
  texts: readonly string[];
  /** The parsed value; for a list, an array. */
  value: unknown;
  source: (typeof SOURCES)[number];
  /**
   * The origin of the value, for messages: `pollcast.toml:3`, `POLLCAST_PORT`, `--port` or
   * `default`.
   */
  where: string;
}

export interface Sources {
  flags: Given;
  environment: NodeJS.ProcessEnv;
  /** The path of the configuration file. */
  file?: string | undefined;
}

export interface Configuration {
  /**
   * The values by name, in the order of the table. An option without value and default is left out.
   */
  chosen: ReadonlyMap<string, Chosen>;
  /** The launcher's own options. */
  options: ServeOptions;
  /** The arguments for the chat's module. */
  chatArguments: readonly string[];
}

/** Variables of pollcast that are not options. */
const OTHER_VARIABLES = ["POLLCAST_CONFIG", "POLLCAST_RELEASES"];

/**
 * Variables that Kubernetes sets in each container of a namespace with a service named pollcast.
 */
const OF_KUBERNETES = /^POLLCAST_(.+_)?(SERVICE_HOST|(SERVICE_)?PORT(_.+)?)$/;
/** The value of such a variable, where pollcast expects a port number: `tcp://10.0.0.1:9999`. */
const PLACE_OF_KUBERNETES = /^(tcp|udp|sctp):\/\//;

/**
 * Returns the value of a variable. Returns an empty string if it is not set, or if it comes from
 * Kubernetes.
 */
function given(variable: string, environment: NodeJS.ProcessEnv): string {
  const text = environment[variable] ?? "";
  return OF_KUBERNETES.test(variable) && PLACE_OF_KUBERNETES.test(text) ? "" : text;
}

/**
 * Returns the variables that begin with POLLCAST_ and are no option. They are probably misspelt.
 */
export function strangeVariables(
  settings: readonly Setting[],
  environment: NodeJS.ProcessEnv,
): string[] {
  const known = [...settings.map(variableOf), ...OTHER_VARIABLES];
  return Object.keys(environment).filter(
    (name) => name.startsWith("POLLCAST_") && !known.includes(name) && !OF_KUBERNETES.test(name),
  );
}

/** Resolves all options. @throws UserError with all errors, one in each line */
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

/** Sorts the errors by their line in the file. */
function inOrder(mistakes: readonly string[]): string {
  return [...mistakes].sort(new Intl.Collator("en", { numeric: true }).compare).join("\n");
}

/** Parses a value. Returns undefined if that fails, and adds the error to `mistakes`. */
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
/** The options that `listen` and `listen-proxy` replace. */
export const ONE_PLACE: readonly string[] = ["host", "port"];

/**
 * Settles `--listen` against `--host` and `--port`: the stronger source wins, and the options of
 * the weaker one get their defaults back. The same source for both is an error.
 */
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

/**
 * Returns the arguments for the chat's module. Defaults are left out, because the module has them.
 */
export function chatArgumentsOf(chosen: ReadonlyMap<string, Chosen>): string[] {
  return [...chosen.values()]
    .filter(({ setting, source }) => setting.forChat && source !== "default")
    .flatMap(({ setting: { name, kind }, texts: [text = ""] }) => {
      if (kind === "flag") return text === "true" ? [`--${name}`] : [];
      return [`--${name}`, text];
    });
}
