/** Adds the options to a commander command as flags, and reads their values back. */
import { type Command, Option } from "commander";
import { usage } from "../base/errors.js";
import { fieldOf, flagOf, oppositeOf, type Setting, Unfit } from "./kinds.js";

/** The values of options as texts, by the option's name. A list may have several. */
export type Given = ReadonlyMap<string, readonly string[]>;

/** Adds a flag for each option, and for each Boolean option a hidden opposite. */
export function addFlags(command: Command, settings: readonly Setting[]): Command {
  for (const setting of settings) {
    const flag = flagOf(setting);
    const words = setting.kind === "flag" ? flag : `${flag} <${setting.placeholder}>`;
    const option = new Option(words, helpOf(setting));
    if (setting.kind !== "flag") option.argParser(readerOf(setting));
    command.addOption(option);
    // The opposite flag overrides a value from the file or the environment.
    if (setting.kind === "flag") command.addOption(new Option(oppositeOf(setting)).hideHelp());
  }
  return command;
}

/** Returns the values that were given on the command line. */
export function givenFlags(command: Command, settings: readonly Setting[]): Given {
  const given = new Map<string, readonly string[]>();
  for (const setting of settings) {
    const field = fieldOf(setting);
    if (command.getOptionValueSource(field) !== "cli") continue;
    const value: unknown = command.getOptionValue(field);
    given.set(setting.name, Array.isArray(value) ? (value as string[]) : [String(value)]);
  }
  return given;
}

/**
 * Returns a parser for commander. It checks each value at once, so that the error names the first
 * bad one.
 */
function readerOf(setting: Setting): (text: string, before?: readonly string[]) => string[] {
  const flag = flagOf(setting);
  return (text, before = []) => {
    const texts = setting.kind === "list" ? text.split(",") : [text];
    for (const one of texts) check(setting, flag, one);
    // A list collects its values. For other options the last value counts.
    return setting.kind === "list" ? [...before, ...texts] : texts;
  };
}

function check(setting: Setting, flag: string, text: string): void {
  try {
    setting.read(text);
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    throw usage(`${flag} ${JSON.stringify(text)} ${error.message}`);
  }
}

function helpOf({ kind, help, bounds, default: fallback }: Setting): string {
  const otherwise = kind === "flag" || fallback === "" ? "" : `default ${fallback}`;
  const brackets = [bounds, otherwise].filter((part) => part !== "").join(", ");
  return brackets === "" ? help : `${help} (${brackets})`;
}
