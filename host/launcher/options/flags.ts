/** The options as commander knows them: flags to be read, and the texts that were given. */
import { type Command, Option } from "commander";
import { usage } from "../base/errors.js";
import { fieldOf, flagOf, oppositeOf, type Setting, Unfit } from "./kinds.js";

/** The texts given for each option, by its name; more than one for a list. */
export type Given = ReadonlyMap<string, readonly string[]>;

export function addFlags(command: Command, settings: readonly Setting[]): Command {
  for (const setting of settings) {
    const flag = flagOf(setting);
    const words = setting.kind === "flag" ? flag : `${flag} <${setting.placeholder}>`;
    const option = new Option(words, helpOf(setting));
    if (setting.kind !== "flag") option.argParser(readerOf(setting));
    command.addOption(option);
    // What a file or a variable has turned on or off can be turned back.
    if (setting.kind === "flag") command.addOption(new Option(oppositeOf(setting)).hideHelp());
  }
  return command;
}

/** What stood on the command line. */
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

/** Each text is looked at as it comes, so that the first mistake is the first one named. */
function readerOf(setting: Setting): (text: string, before?: readonly string[]) => string[] {
  const flag = flagOf(setting);
  return (text, before = []) => {
    const texts = setting.kind === "list" ? text.split(",") : [text];
    for (const one of texts) check(setting, flag, one);
    // The last of two counts, but for a list.
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
