/** Reads the configuration file: TOML, with one key for each option, named like its flag. */
import { parse, TomlError, type TomlValue } from "smol-toml";
import { errnoOf, messageOf } from "../base/errors.js";
import { readPlainFile } from "../base/plain_file.js";
import type { Setting } from "./kinds.js";

const FILE_BYTES_MOST = 1024 * 1024;

export interface Entry {
  setting: Setting;
  /** The value as text; for a list, one text for each element. */
  texts: readonly string[];
  /** The place in the file: `pollcast.toml:3`. */
  where: string;
}

export interface ConfigFile {
  entries: readonly Entry[];
  /** The errors in the file, each in one line with its place. */
  mistakes: readonly string[];
}

/** Reads a configuration file. Errors are returned, not thrown. */
export function readConfigFile(file: string, settings: readonly Setting[]): ConfigFile {
  let text: string;
  try {
    text = readPlainFile(file, FILE_BYTES_MOST).toString("utf8");
  } catch (error) {
    const why = errnoOf(error) || messageOf(error);
    return { entries: [], mistakes: [`${file} cannot be read (${why})`] };
  }
  try {
    return entriesOf(file, text, settings);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [what = ""] = error.message.replace("Invalid TOML document: ", "").split("\n");
    return { entries: [], mistakes: [`${file}:${error.line}: ${what}`] };
  }
}

function entriesOf(file: string, text: string, settings: readonly Setting[]): ConfigFile {
  const entries: Entry[] = [];
  const mistakes: string[] = [];
  for (const [key, value] of Object.entries(parse(text))) {
    const where = `${file}:${lineOf(text, key)}`;
    const setting = settings.find(({ name }) => name === key);
    if (setting === undefined) {
      mistakes.push(`${where}: there is no option ${JSON.stringify(key)}`);
      continue;
    }
    const texts = textsOf(setting, value);
    if (texts === undefined) mistakes.push(`${where}: ${key} takes ${TAKES[setting.kind]}`);
    else entries.push({ setting, texts, where });
  }
  return { entries, mistakes };
}

const TAKES = {
  number: "a number, without quotes",
  text: 'a text, in quotes: "..."',
  flag: "true or false, without quotes",
  list: 'a text or several: ["...", "..."]',
} as const;

/** Returns a value as texts, or undefined if it has another type than the option. */
function textsOf({ kind }: Setting, value: TomlValue): string[] | undefined {
  if (kind === "list") {
    const values: readonly TomlValue[] = Array.isArray(value) ? value : [value];
    const texts = values.filter((one) => typeof one === "string");
    return texts.length === values.length ? texts : undefined;
  }
  if (typeof value === "object") return undefined;
  const type = { number: "number", text: "string", flag: "boolean" }[kind];
  return typeof value === type ? [String(value)] : undefined;
}

/** Returns the line of a key, counted from 1. The parser does not report it. */
function lineOf(text: string, key: string): number {
  const quoted = key.replaceAll(/[^\w-]/g, "\\$&");
  const pattern = new RegExp(`^\\s*(\\[+\\s*)?["']?${quoted}["']?\\s*[=.\\]]`, "u");
  return text.split("\n").findIndex((line) => pattern.test(line)) + 1;
}
